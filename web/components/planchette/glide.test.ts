import type { Clock } from "@/lib/clock";
import { places } from "@/lib/layout";
import type { Score } from "@/lib/protocol";
import { Glide, type Parts } from "./glide";

const start = 1_795_377_600_000;

// A server clock that can be put off, on a page whose own time stands still unless it is moved.
class Hand implements Clock {
  offMs = 0;
  private readonly listeners = new Set<() => void>();
  serverNow = () => start + performance.now() + this.offMs;
  onChange = (changed: () => void) => {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  };
  put(offMs: number) {
    this.offMs = offMs;
    for (const changed of this.listeners) changed();
  }
}

interface Played {
  readonly part: string;
  readonly frames: Keyframe[];
  readonly duration: number;
  readonly iterations: number;
  startTime: number;
  playState: string;
  replaceState: string;
  cancel(): void;
}

function stage() {
  const played: Played[] = [];
  const names = ["path", "drift", "lensPath", "lensDrift", "raised", "body", "shadow", "glow"] as const;
  const parts = Object.fromEntries(
    names.map((part) => [
      part,
      {
        animate(frames: Keyframe[], { duration, iterations }: { duration: number; iterations: number }) {
          const animation: Played = {
            ...{ part, frames, duration, iterations, startTime: 0, playState: "running", replaceState: "active" },
            cancel: () => (animation.playState = "idle"),
          };
          played.push(animation);
          return animation;
        },
      },
    ]),
  ) as unknown as Parts;
  const clock = new Hand();
  const glide = new Glide(parts, clock, "wide");
  const of = (part: string) => played.filter((p) => p.part === part && p.playState !== "idle");
  return { glide, clock, of };
}

function scoreFrom(starts_at: number): Score {
  const stops = [
    { g: "N", at: 900, hold: 320, w: undefined },
    { g: "O", at: 1700, hold: 320, w: undefined },
    { g: "H", at: 3000, hold: 320, w: true },
  ];
  return { seed: 7, starts_at, ends_at: starts_at + 3920, stops } as unknown as Score;
}

const numbers = (frame: Keyframe) =>
  String(frame["transform"])
    .match(/-?[\d.]+/g)!
    .map(Number);

beforeEach(() => {
  jest.useFakeTimers({ now: start });
});
afterEach(() => {
  jest.useRealTimers();
});

test("one animation a word and the way home, each begun at its moment of the server's time", () => {
  const { glide, of } = stage();
  glide.resize(2);
  const now = performance.now();
  glide.show(scoreFrom(start + now + 600), false);
  const ways = of("path");
  expect(ways.map((p) => Math.round(p.startTime - now))).toEqual([600, 600 + 2020, 600 + 3320]);
  expect(ways.map((p) => Math.round(p.duration))).toEqual([2020, 1300, 1200]);
  expect(numbers(ways[1]!.frames.at(-1)!)).toEqual(
    [places.wide.H.xBu, places.wide.H.yBu].map((v) => expect.closeTo(v * 2, 1)),
  );
  glide.stop();
});

test("whoever comes late is put where the others are", () => {
  const { glide, of } = stage();
  glide.resize(1);
  const now = performance.now();
  glide.show(scoreFrom(start + now - 1500), false);
  expect(Math.round(of("path")[0]!.startTime - now)).toBe(-1500);
  glide.stop();
});

test("under the glass the print moves against the planchette", () => {
  const { glide, of } = stage();
  glide.resize(1);
  glide.show(scoreFrom(start + 600), false);
  const [way, lens] = [of("path")[0]!, of("lensPath")[0]!];
  way.frames.forEach((frame, i) => {
    const [x, y] = numbers(frame);
    const [lx, ly, zoom] = numbers(lens.frames[i]!);
    expect(lx! + x! * zoom!).toBeCloseTo(0, 0);
    expect(ly! + y! * zoom!).toBeCloseTo(0, 0);
  });
  glide.stop();
});

test("when the clock is corrected by more than 8 ms the animations are set anew, not for less", () => {
  const { glide, clock, of } = stage();
  glide.resize(1);
  glide.show(scoreFrom(start + performance.now() + 600), false);
  const before = of("path")[0]!.startTime;
  clock.put(5);
  expect(of("path")[0]!.startTime).toBe(before);
  clock.put(40);
  expect(of("path")[0]!.startTime).toBeCloseTo(before - 40, 3);
  glide.stop();
});

test("it circles while the spirit thinks, and a score leads it back to rest", () => {
  const { glide, of } = stage();
  glide.resize(1);
  glide.show(null, true);
  const circle = of("drift").at(-1)!;
  const far = Math.max(...circle.frames.map((f) => Math.hypot(...(numbers(f) as [number, number]))));
  expect(far).toBeGreaterThan(55);
  expect(far).toBeLessThan(61);
  jest.advanceTimersByTime(4_000);
  glide.show(scoreFrom(start + performance.now() + 600), false);
  expect(circle.playState).toBe("idle");
  const home = of("drift")[0]!;
  expect(Math.hypot(...(numbers(home.frames[0]!) as [number, number]))).toBeGreaterThan(40);
  expect(Math.hypot(...(numbers(home.frames.at(-1)!) as [number, number]))).toBeLessThan(0.1);
  expect(home.duration).toBe(600);
  glide.stop();
});

test("left alone it drifts for ever; a new size changes the way but not its time", () => {
  const { glide, of } = stage();
  glide.show(null, false);
  expect(of("drift")).toEqual([]);
  glide.resize(1);
  expect(of("drift").at(-1)).toMatchObject({ duration: 8000, iterations: Infinity });
  const score = scoreFrom(start + performance.now() + 600);
  glide.show(score, false);
  const before = of("path").map((p) => p.startTime);
  glide.resize(3);
  expect(of("path").map((p) => p.startTime)).toEqual(before);
  expect(numbers(of("path")[0]!.frames[0]!)[0]).toBeCloseTo(places.wide.REST.xBu * 3, 1);
  glide.stop();
  expect(of("path")).toEqual([]);
});
