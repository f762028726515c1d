// Close and error codes, and what becomes of a board that meets them.

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

// What becomes of a question that was not taken: asked again later, or given back to whoever wrote it.
export function askAgain(code: string): boolean {
  return ["rate_limited", "queue_full", "already_queued", "unavailable", "internal"].includes(code);
}
