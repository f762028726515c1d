import { useEffect } from "react";

// Tells the style sheet how much of the window's bottom a keyboard covers, as --keyboard.
export function useKeyboard(): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return;
    const { style } = document.documentElement;
    const measure = () => {
      const covered = view.scale > 1.05 ? 0 : window.innerHeight - view.height - view.offsetTop; // zoomed is no keyboard
      style.setProperty("--keyboard", `${Math.max(0, Math.round(covered))}px`);
    };
    measure();
    view.addEventListener("resize", measure);
    view.addEventListener("scroll", measure);
    return () => {
      view.removeEventListener("resize", measure);
      view.removeEventListener("scroll", measure);
      style.removeProperty("--keyboard");
    };
  }, []);
}
