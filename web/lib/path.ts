// The way the planchette takes through a score. The score fixes when it arrives at a glyph and how long it stays; how
// it gets there is drawn here, from the score's seed alone, so that every board of one shape shows the same way.
// Times are ms after the score's `starts_at`, lengths board units (bu). Pure: no clock, no DOM.

import { boards, isGlyph, neighbour, places, type Glyph, type Layout, type Place } from "./layout";
import { apart, type Point } from "./point";

// The part of a score that a path is made of.
export interface Stops {
  readonly seed: number;
  readonly stops: readonly {
    readonly g: string;
    readonly at: number;
    readonly hold: number;
    readonly w?: boolean | undefined;
  }[];
}

// Where the planchette is: `lift` is 0 on the wood and 1 at the top of a jump, `tiltDeg` turns it clockwise, `dwell` is
// 1 while it stands on a glyph and 0 on the way.
export interface Pose {
  readonly xBu: number;
  readonly yBu: number;
  readonly lift: number;
  readonly tiltDeg: number;
  readonly dwell: number;
}

export interface Sample extends Pose {
  readonly atMs: number;
}

// A stretch of the path that is animated in one piece: a word, or the way back to rest.
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Path {
  readonly samples: readonly Sample[]; // by time, at least one; straight lines between them
  readonly stretches: readonly Stretch[]; // without gaps, from 0 to endMs
  readonly endMs: number; // back at rest
}

export const returnMs = 1200;
const sampleMs = 20;
const overshootChance = 0.35;
const hesitateChance = 0.15;
const hesitateMost = 2;
const missChance = 0.06;
const missMost = 1;
const missHoverMs = 240;
const loopBu = 22;
const dwellFadeMs = 180;
const askewDeg = 25;
const hesitateLeastMs = 160;
const haste = 0.55; // of its usual time: what a hesitation, a near miss or an overshoot must leave for the travel

// Mulberry32: 32 bits of state that step by 0x6d2b79f5 and are mixed by two multiplications. Yields numbers in [0, 1).
// Other boards must draw the same numbers: path.test.ts holds golden ones.
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// How long a travel of that length takes at full tempo.
export function travelMs(distanceBu: number): number {
  return 180 + 150 * Math.log2(distanceBu / 40 + 1);
}

// Minimum jerk: the way a hand moves from stillness to stillness, 0..1 to 0..1.
export function minimumJerk(s: number): number {
  const t = Math.min(1, Math.max(0, s));
  return t * t * t * (10 + t * (6 * t - 15));
}

export function pathOf(score: Stops, layout: Layout): Path {
  const spots = places[layout];
  const legs: Leg[] = [];
  const holds: Stretch[] = [];
  const bounds = [0];
  let [from, leaveMs]: [Place, number] = [spots.REST, 0];
  let last: Glyph | null = null;
  const spent = { hesitations: 0, misses: 0 };
  for (const [i, stop] of score.stops.entries()) {
    if (!isGlyph(stop.g)) continue;
    if (stop.w && leaveMs > 0) bounds.push(leaveMs);
    const whim = whimOf(score.seed, i);
    const to = spots[stop.g];
    const travel = { fromMs: leaveMs, toMs: Math.max(leaveMs, stop.at), from, to };
    if (stop.g === last) legs.push(loop(travel, whim.bowSign));
    else legs.push(...travelled(travel, whim, spent, nearMiss(layout, stop.g, last)));
    [from, last, leaveMs] = [to, stop.g, Math.max(leaveMs, stop.at) + stop.hold];
    holds.push({ fromMs: travel.toMs, toMs: leaveMs });
    legs.push({ fromMs: travel.toMs, toMs: leaveMs, at: () => ({ ...to, lift: 0 }) });
  }
  if (last !== null) {
    const home = { fromMs: leaveMs, toMs: leaveMs + returnMs, from, to: spots.REST };
    bounds.push(home.fromMs);
    legs.push(curve(home, from, spots.REST, 0.06 * whimOf(score.seed, score.stops.length).bowSign));
    leaveMs = home.toMs;
  }
  bounds.push(leaveMs);
  return {
    samples: posed(sampled(legs, spots.REST), holds, layout),
    stretches: bounds.slice(1).map((toMs, i) => ({ fromMs: bounds[i]!, toMs })),
    endMs: leaveMs,
  };
}

// Where the planchette is at a time; before the path it waits at its start, after it at its end.
export function positionAt(path: Path, ms: number): Pose {
  const { samples } = path;
  const after = indexAfter(samples, ms);
  const [a, b] = [samples[after - 1], samples[after]];
  if (!a || !b) return (a ?? b)!;
  const t = (ms - a.atMs) / (b.atMs - a.atMs);
  const mix = (p: number, q: number) => p + (q - p) * t;
  return {
    xBu: mix(a.xBu, b.xBu),
    yBu: mix(a.yBu, b.yBu),
    lift: mix(a.lift, b.lift),
    tiltDeg: mix(a.tiltDeg, b.tiltDeg),
    dwell: mix(a.dwell, b.dwell),
  };
}

// The samples of a stretch, its ends included, each with its place in the stretch from 0 to 1: keyframes.
export function framesOf(path: Path, { fromMs, toMs }: Stretch): (Pose & { readonly offset: number })[] {
  const within = path.samples.filter(({ atMs }) => atMs > fromMs && atMs < toMs);
  const ends = [fromMs, toMs].map((atMs) => ({ ...positionAt(path, atMs), atMs }));
  return [ends[0]!, ...within, ends[1]!].map(({ atMs, ...pose }) => ({
    ...pose,
    offset: toMs > fromMs ? (atMs - fromMs) / (toMs - fromMs) : 0,
  }));
}

interface Leg {
  readonly fromMs: number;
  readonly toMs: number;
  at(s: number): Point & { readonly lift: number }; // s runs evenly from 0 to 1
}

interface Travel {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: Place;
  readonly to: Place;
}

// What chance says about one stop. Always ten draws in this order, from a generator of the stop's own, so that what one
// stop makes of them never moves another.
function whimOf(seed: number, stop: number) {
  const draw = generator(seed ^ Math.imul(stop + 1, 0x9e3779b1));
  return {
    bowSign: draw() < 0.5 ? -1 : 1,
    bow: 0.06 + 0.08 * draw(), // of the distance
    overshoots: draw() < overshootChance,
    overshootBu: 6 + 8 * draw(),
    settleMs: 140 + 60 * draw(),
    hesitates: draw() < hesitateChance,
    hesitateAt: 0.55 + 0.15 * draw(), // of the way
    hesitateMs: 160 + 220 * draw(),
    misses: draw() < missChance,
    missShort: 0.8 + 0.12 * draw(), // how much of the way to the neighbour it goes
  };
}

type Whim = ReturnType<typeof whimOf>;

function nearMiss(layout: Layout, target: Glyph, last: Glyph | null): Place {
  return places[layout][neighbour(layout, target, last === null ? [] : [last])];
}

// From one glyph to the next. It arrives exactly on time: an overshoot swings back before the arrival, not after.
function travelled(travel: Travel, whim: Whim, spent: { hesitations: number; misses: number }, beside: Place): Leg[] {
  const { from, to, fromMs } = travel;
  const distanceBu = apart(from, to);
  if (distanceBu === 0) return [curve(travel, from, to, 0)];
  const bow = whim.bow * whim.bowSign;
  const leastMs = haste * travelMs(distanceBu);
  const legs: Leg[] = [];
  let { toMs } = travel;
  let aim: Point = to;
  if (whim.overshoots && distanceBu > 40 && toMs - fromMs >= whim.settleMs + leastMs) {
    aim = beyond(from, to, whim.overshootBu);
    legs.push(curve({ fromMs: toMs - whim.settleMs, toMs }, aim, to, 0));
    toMs -= whim.settleMs;
  }
  if (whim.misses && spent.misses < missMost && apart(from, beside) > 0) {
    const hover = { xBu: mix(from.xBu, beside.xBu, whim.missShort), yBu: mix(from.yBu, beside.yBu, whim.missShort) };
    const [thereMs, onMs] = [travelMs(apart(from, hover)), travelMs(apart(hover, aim))];
    const movesMs = toMs - fromMs - missHoverMs;
    if (movesMs >= haste * (thereMs + onMs)) {
      spent.misses++;
      const hoverMs = fromMs + (movesMs * thereMs) / (thereMs + onMs);
      const leaveMs = hoverMs + missHoverMs;
      return [
        curve({ fromMs, toMs: hoverMs }, from, hover, bow),
        { fromMs: hoverMs, toMs: leaveMs, at: () => ({ ...hover, lift: 0 }) },
        curve({ fromMs: leaveMs, toMs }, hover, aim, -bow),
        ...legs,
      ];
    }
  }
  const pauseMs = Math.min(whim.hesitateMs, toMs - fromMs - leastMs);
  if (whim.hesitates && spent.hesitations < hesitateMost && pauseMs >= hesitateLeastMs) {
    spent.hesitations++;
    const stillMs = fromMs + (toMs - fromMs - pauseMs) * whim.hesitateAt;
    const whole = curve({ fromMs, toMs }, from, aim, bow, (s) => {
      const ms = mix(fromMs, toMs, s);
      if (ms < stillMs) return whim.hesitateAt * minimumJerk((ms - fromMs) / (stillMs - fromMs));
      const onMs = stillMs + pauseMs;
      return mix(whim.hesitateAt, 1, minimumJerk((ms - onMs) / (toMs - onMs)));
    });
    return [whole, ...legs];
  }
  return [curve({ fromMs, toMs }, from, aim, bow), ...legs];
}

// A way that bulges sideways by `bow` of its length.
function curve(time: Stretch, from: Point, to: Point, bow: number, progress: (s: number) => number = minimumJerk): Leg {
  const [dx, dy] = [to.xBu - from.xBu, to.yBu - from.yBu];
  const raised = Math.min(1, Math.hypot(dx, dy) / 160) * 0.6;
  return {
    fromMs: time.fromMs,
    toMs: time.toMs,
    at(s) {
      const u = progress(s);
      const side = bow * Math.sin(Math.PI * u);
      return { xBu: from.xBu + dx * u - dy * side, yBu: from.yBu + dy * u + dx * side, lift: raised * 4 * u * (1 - u) };
    },
  };
}

// A doubled letter: off the wood in a small loop and back onto it.
function loop(travel: Travel, sign: number): Leg {
  const { xBu, yBu } = travel.to;
  return {
    fromMs: travel.fromMs,
    toMs: travel.toMs,
    at(s) {
      const u = minimumJerk(s);
      const turn = 2 * Math.PI * u;
      return {
        xBu: xBu + (sign * loopBu * Math.sin(turn)) / 2,
        yBu: yBu - (loopBu * (1 - Math.cos(turn))) / 2,
        lift: Math.sin(Math.PI * u),
      };
    },
  };
}

type Placed = Omit<Sample, "tiltDeg" | "dwell">;

function sampled(legs: readonly Leg[], start: Point): Placed[] {
  const samples = [{ ...point(start), lift: 0, atMs: 0 }];
  for (const leg of legs) {
    const steps = leg.toMs > leg.fromMs ? Math.ceil((leg.toMs - leg.fromMs) / sampleMs) : 0;
    for (let i = 1; i <= steps; i++) {
      const { lift, ...at } = leg.at(i / steps);
      samples.push({ ...point(at), lift, atMs: mix(leg.fromMs, leg.toMs, i / steps) });
    }
  }
  return samples;
}

// How the planchette leans where it stands, so that its tip points between the letters of the row above. On the wide
// board it follows the arcs outwards and lies askew at rest; on the tall one, whose rows are close, it is askew
// everywhere, to the other side only below NO.
export function leanDeg(layout: Layout, { xBu, yBu }: Point): number {
  const past = (value: number, from: number, to: number) => minimumJerk((value - from) / (to - from));
  if (layout === "tall") return askewDeg - 44 * past(xBu, 400, 470) * past(yBu, 262, 236);
  const { REST } = places.wide;
  const outwards = (xBu / (boards.wide.widthBu / 2) - 1) * past(yBu, 470, 430);
  return 13 * outwards + askewDeg * past(Math.hypot(xBu - REST.xBu, yBu - REST.yBu), 110, 0);
}

// It trails a little behind its own motion.
function posed(samples: readonly Placed[], holds: readonly Stretch[], layout: Layout): Sample[] {
  let hold = 0; // the first that is not over for good
  return samples.map((sample, i) => {
    const { atMs } = sample;
    const [before, after] = [samples[i - 1] ?? sample, samples[i + 1] ?? sample];
    const overMs = after.atMs - before.atMs;
    const speed = overMs > 0 ? (after.xBu - before.xBu) / overMs : 0;
    while (hold < holds.length - 1 && atMs > holds[hold]!.toMs + dwellFadeMs) hold++;
    const near = [holds[hold], holds[hold + 1]].map((h) =>
      h ? Math.max(h.fromMs - atMs, atMs - h.toMs, 0) : Infinity,
    );
    return {
      ...sample,
      tiltDeg: leanDeg(layout, sample) + 8 * Math.tanh(speed * 1.2),
      dwell: Math.max(0, 1 - Math.min(...near) / dwellFadeMs),
    };
  });
}

// How many samples lie at or before the time.
function indexAfter(samples: readonly Sample[], ms: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]!.atMs <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function beyond(from: Point, to: Point, byBu: number): Point {
  const factor = byBu / apart(from, to);
  return { xBu: to.xBu + (to.xBu - from.xBu) * factor, yBu: to.yBu + (to.yBu - from.yBu) * factor };
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

function point({ xBu, yBu }: Point): Point {
  return { xBu, yBu };
}
