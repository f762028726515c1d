// Close and error codes, and what a player should know about them. The server's own messages are sentences already;
// these are for what closes the line without one.

// Why the board does not come back by itself.
export type Farewell = "left" | "ended" | "kicked" | "no_seat" | "flooding" | "misunderstood";

const notUtf8 = 1007;
const tooLarge = 1009;
const unauthorized = 4401;
const kicked = 4403;
const ended = 4410;
const flooding = 4429;
const firstFinal = 4400; // boards come back below it and stay away from it up

// farewellOf is null for a line that broke, which the board picks up again.
export function farewellOf(closeCode: number | null): Farewell | null {
  switch (closeCode) {
    case unauthorized:
      return "no_seat";
    case kicked:
      return "kicked";
    case ended:
      return "ended";
    case flooding:
      return "flooding";
    case notUtf8:
    case tooLarge:
      return "misunderstood";
    default:
      return closeCode !== null && closeCode >= firstFinal ? "misunderstood" : null;
  }
}

export const farewells: Readonly<Record<Farewell, string>> = {
  left: "You have left the table.",
  ended: "The sitting is over. Its minutes can still be read.",
  kicked: "The host has asked you to leave the table.",
  no_seat: "Your seat at this table is no longer kept. Take a new one to go on.",
  flooding: "This board said too much at once and was shown out. Wait a minute, then take your seat again.",
  misunderstood: "This board and the table no longer understand each other. Load the page again.",
};

// What becomes of a question that was not taken: asked again later, or given back to whoever wrote it.
export function askAgain(code: string): boolean {
  return ["rate_limited", "queue_full", "already_queued", "unavailable", "internal"].includes(code);
}
