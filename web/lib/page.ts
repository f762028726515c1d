// The page's own address. Lobby and table are one page that changes its address, so that the tap on "Light the
// candle" still counts as the player's when the table wants to be heard.

const moved = "seance:moved";

export function goTo(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new Event(moved));
}

export function onMove(changed: () => void): () => void {
  addEventListener("popstate", changed);
  addEventListener(moved, changed);
  return () => {
    removeEventListener("popstate", changed);
    removeEventListener(moved, changed);
  };
}
