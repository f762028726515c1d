// What the planchette does while no score moves it: it circles while the spirit thinks, and once it has been left alone
// for a while it drifts a little, as if breathing. Offsets from rest, in bu; times in ms. Pure.

export interface Offset {
  readonly dxBu: number;
  readonly dyBu: number;
}

export const idleAfterMs = 5000;
export const idlePeriodMs = 8000;
export const settleMs = 600; // the circle is led back to rest in this time, the shortest lead of a score
const turnMs = 2400;
const radiusBu = 60;
const shrink = 0.92; // each turn after the first
const stirMs = 700;
const idleFadeMs = 3000;

// The circle of thought: it opens out of rest, then shrinks turn by turn. Once `endMs` is known (the score's start) it
// is back at rest by then. Both times count from the moment thinking began.
export function thinkingAt(ms: number, endMs = Infinity): Offset {
  if (ms <= 0 || ms >= endMs) return { dxBu: 0, dyBu: 0 };
  const turn = ms / turnMs;
  const size = radiusBu * shrink ** Math.max(0, turn - 1) * ease(ms / stirMs) * ease((endMs - ms) / settleMs);
  return { dxBu: size * Math.sin(2 * Math.PI * turn), dyBu: -size * Math.cos(2 * Math.PI * turn) };
}

// A lying eight, 40 x 22 bu. Its phase is the server's time, so that every board shows the same one.
export function idleAt(serverMs: number): Offset {
  const turn = (2 * Math.PI * (serverMs % idlePeriodMs)) / idlePeriodMs;
  return { dxBu: 20 * Math.sin(turn), dyBu: 11 * Math.sin(2 * turn) };
}

// How much of the idle drift shows, 0..1, when the planchette has been left alone for so long.
export function idleShare(aloneMs: number): number {
  return ease((aloneMs - idleAfterMs) / idleFadeMs);
}

function ease(s: number): number {
  const t = Math.min(1, Math.max(0, s));
  return t * t * (3 - 2 * t);
}
