// Proof that boards agree. With `?measure` in its address a page records when it showed each letter, in
// `window.__seance.reveals`; a test that compares two pages reads it there. Nothing is recorded otherwise.

import { type Clock, localNow } from "./clock";
import type { Answered } from "./protocol";
import { revealAt } from "./score";

export interface Reveal {
  readonly seq: number; // of the answer
  readonly index: number; // which of its glyphs, from 0
  readonly glyph: string;
  readonly dueMs: number; // when it is to be revealed, on the server's clock
  readonly serverMs: number; // the server's time, as this page knew it, when the letter was put on the page
  readonly localMs: number; // the same moment on the page's own monotonic clock, ms since the epoch: pages of one
  // machine share it, so their difference needs no trust in either clock
  readonly perfMs: number; // the same moment as performance.now()
}

declare global {
  interface Window {
    __seance?: { readonly reveals: Reveal[]; readonly serverNow: () => number };
  }
}

export function measuring(): boolean {
  return new URLSearchParams(location.search).has("measure");
}

// record notes the glyphs from one count of shown glyphs up to another. Call it right after they were put on the page.
export function record(clock: Clock, answer: Answered, from: number, to: number): void {
  if (!measuring()) return;
  const { reveals } = (window.__seance ??= { reveals: [], serverNow: () => clock.serverNow() });
  const serverMs = clock.serverNow();
  for (let index = from; index < to; index++) {
    const glyph = answer.score.stops[index]?.g ?? "";
    const dueMs = revealAt(answer.score, index);
    reveals.push({ seq: answer.seq, index, glyph, dueMs, serverMs, localMs: localNow(), perfMs: performance.now() });
  }
}
