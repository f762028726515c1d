// What hands do to the planchette, as a board draws it: frames come fifteen times a second and are shown 120 ms late,
// so that there is always one ahead to glide towards. Places are board units of the wide board. Pure.

import { boards, digits, type Layout, letters, places, type Spot, words } from "./layout";
import { apart, type Point } from "./point";
import type { HandsFrame } from "./protocol";

export const behindMs = 120;
const keptMs = 2_000; // of a trail: more than is ever looked back at
const pauseMs = 300; // frames that are further apart are not one movement
const beatMs = 1_000 / 15;
const homeBu = 30; // a board's own way home bows so far from the straight one that the server reckons with

// A moment of the planchette. It is off its own way by `p` while a score plays, and in the place `p` on the free board.
export interface Moment {
  readonly atMs: number; // on the server's clock
  readonly hands: ReadonlyMap<number, Point>; // by candle
  readonly p: Point;
  readonly free: boolean;
}

export type Trail = readonly Moment[]; // by time

export const untouched: Moment = { atMs: 0, hands: new Map(), p: { xBu: 0, yBu: 0 }, free: false };

// momentOf reads a frame. `playing` says whether a score plays at its time, and `wayBu` where the planchette would be
// without hands: one that lies there and that nobody touches is on its way again.
export function momentOf(frame: HandsFrame, playing: boolean, wayBu: Point): Moment {
  const hands = new Map(frame.h.map(([candle, xBu, yBu]) => [candle, { xBu, yBu }] as const));
  const p = { xBu: frame.p[0], yBu: frame.p[1] };
  if (playing) return { atMs: frame.t, hands, p, free: false };
  const home = hands.size === 0 && apart(p, wayBu) < homeBu;
  return home ? { ...untouched, atMs: frame.t } : { atMs: frame.t, hands, p, free: true };
}

// A moment that is not newer than the newest changes nothing. The one before it stays however old it is: the planchette
// lay there until now.
export function withMoment(trail: Trail, moment: Moment): Trail {
  const last = trail.at(-1);
  if (last && moment.atMs <= last.atMs) return trail;
  return [...trail.filter((old) => old === last || old.atMs > moment.atMs - keptMs), moment];
}

// What was at a time: between two moments a Catmull-Rom curve through them and their neighbours, before the first and
// after the last as it was there.
export function momentAt(trail: Trail, ms: number): Moment {
  const next = trail.findIndex(({ atMs }) => atMs > ms);
  const [from, to] = [trail.at(next < 0 ? -1 : next - 1), next < 0 ? undefined : trail[next]];
  if (!from) return untouched;
  if (!to || next === 0) return next === 0 ? { ...untouched, atMs: ms } : from;
  const beganMs = to.atMs - from.atMs > pauseMs ? to.atMs - beatMs : from.atMs;
  if (ms <= beganMs) return from;
  const s = (ms - beganMs) / (to.atMs - beganMs);
  const [before, after] = [trail[next - 2], trail[next + 1]];
  const hands = new Map<number, Point>();
  for (const [candle, place] of from.hands) {
    const there = to.hands.get(candle);
    const around = [before?.hands.get(candle), place, there, after?.hands.get(candle)] as const;
    hands.set(candle, there ? curve(around, s) : place);
  }
  if (from.free !== to.free) return { ...from, hands, atMs: ms };
  const p = curve([like(before, from)?.p, from.p, to.p, like(after, from)?.p], s);
  return { atMs: ms, hands, p, free: from.free };
}

function like(moment: Moment | undefined, other: Moment): Moment | undefined {
  return moment?.free === other.free ? moment : undefined;
}

type Around = readonly [Point | undefined, Point | undefined, Point | undefined, Point | undefined];

// From the second point to the third, s from 0 to 1. Where there is no neighbour the curve ends straight.
function curve([a, b, c, d]: Around, s: number): Point {
  if (!b || !c) throw new Error("a curve needs two points");
  const along = (axis: keyof Point) => {
    const [p1, p2] = [b[axis], c[axis]];
    const [p0, p3] = [a?.[axis] ?? p1, d?.[axis] ?? p2];
    return p1 + 0.5 * s * (p2 - p0 + s * (2 * p0 - 5 * p1 + 4 * p2 - p3 + s * (3 * (p1 - p2) + p3 - p0)));
  };
  return { xBu: along("xBu"), yBu: along("yBu") };
}

const spots: readonly Spot[] = [...letters, ...digits, ...words, "REST"];

// mapped is the same place on a board of another shape: inverse-distance weights of the three nearest glyphs (and the
// resting place, so that a planchette at rest is at rest on every board). The weights run out at the fourth, so that
// nothing jumps when another glyph comes nearer.
export function mapped(point: Point, from: Layout, to: Layout): Point {
  if (from === to) return point;
  const near = spots
    .map((spot) => ({ spot, awayBu: apart(point, places[from][spot]) }))
    .sort((a, b) => a.awayBu - b.awayBu)
    .slice(0, 4);
  const reachBu = near[3]!.awayBu;
  let [sum, xBu, yBu] = [0, 0, 0];
  for (const { spot, awayBu } of near.slice(0, 3)) {
    const place = places[to][spot];
    if (awayBu < 0.01) return { xBu: place.xBu, yBu: place.yBu };
    const weight = (1 / awayBu - 1 / reachBu) ** 2;
    sum += weight;
    xBu += weight * place.xBu;
    yBu += weight * place.yBu;
  }
  const nearest = places[to][near[0]!.spot];
  return sum > 0 ? { xBu: xBu / sum, yBu: yBu / sum } : { xBu: nearest.xBu, yBu: nearest.yBu };
}

// The place on a board that is nearest to a point.
export function within({ xBu, yBu }: Point, layout: Layout): Point {
  const { widthBu, heightBu } = boards[layout];
  return { xBu: Math.min(Math.max(xBu, 0), widthBu), yBu: Math.min(Math.max(yBu, 0), heightBu) };
}
