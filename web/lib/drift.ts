// What the planchette does while no score moves it: it circles while the spirit thinks, and once it has been left alone
// for a while it drifts a little, as if breathing. Offsets from rest, in bu; times in ms. Pure.

export interface Offset {
  readonly dxBu: number;
  readonly dyBu: number;
}

// A drift is an offset for each moment of the server's time.
export type Drift = (serverMs: number) => Offset;

export const idleAfterMs = 5000;
export const idleFadeMs = 3000;
export const idlePeriodMs = 8000;
export const easeMs = 600; // how long one drift takes to become another: the shortest lead of a score
const turnMs = 2400;
const radiusBu = 60;
const shrink = 0.92; // each turn after the first
const stirMs = 700;

// The circle of thought, from the moment thinking began: it opens out of rest, then shrinks turn by turn. Where on the
// circle it is follows from the server's time, so that every board shows the same.
export function thinking(sinceMs: number): Drift {
  return (serverMs) => {
    const turns = Math.max(0, serverMs - sinceMs) / turnMs;
    const size = radiusBu * shrink ** Math.max(0, turns - 1) * ease((serverMs - sinceMs) / stirMs);
    const angle = (2 * Math.PI * (serverMs % turnMs)) / turnMs;
    return { dxBu: size * Math.sin(angle), dyBu: -size * Math.cos(angle) };
  };
}

// Stillness, and after 5 s of it a lying eight of 40 x 22 bu that fades in.
export function idle(quietFromMs: number): Drift {
  return (serverMs) => {
    const size = ease((serverMs - quietFromMs - idleAfterMs) / idleFadeMs);
    const angle = (2 * Math.PI * (serverMs % idlePeriodMs)) / idlePeriodMs;
    return { dxBu: size * 20 * Math.sin(angle), dyBu: size * 11 * Math.sin(2 * angle) };
  };
}

// The next drift, led over from the one before so that nothing jumps.
export function after(before: Drift, next: Drift, fromMs: number): Drift {
  const [old, fresh] = [before(fromMs), next(fromMs)];
  const [gapX, gapY] = [old.dxBu - fresh.dxBu, old.dyBu - fresh.dyBu];
  return (serverMs) => {
    const { dxBu, dyBu } = next(serverMs);
    const left = 1 - ease((serverMs - fromMs) / easeMs);
    return { dxBu: dxBu + gapX * left, dyBu: dyBu + gapY * left };
  };
}

function ease(s: number): number {
  const t = Math.min(1, Math.max(0, s));
  return t * t * (3 - 2 * t);
}
