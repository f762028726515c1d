/** @jest-environment node */
import { mapped, momentAt, type Moment, momentOf, type Trail, within, withMoment } from "./hands";
import { apart, type Point } from "./point";
import { letters, places } from "./layout";

const at = (xBu: number, yBu: number): Point => ({ xBu, yBu });
const rest = places.wide.REST;
const frame = (t: number, h: [number, number, number][], p: [number, number]) => ({ t, h, p });
const free = (atMs: number, p: Point, hands: [number, Point][] = []): Moment => ({
  atMs,
  hands: new Map(hands),
  p,
  free: true,
});
const trailOf = (...moments: Moment[]) => moments.reduce<Trail>(withMoment, []);

describe("a frame", () => {
  test("is an offset while a score plays and a place on the free board", () => {
    expect(momentOf(frame(5, [[2, 40, 620]], [-12, 3]), true, rest)).toEqual({
      atMs: 5,
      hands: new Map([[2, at(40, 620)]]),
      p: at(-12, 3),
      free: false,
    });
    expect(momentOf(frame(5, [[2, 40, 620]], [488, 372]), false, rest)).toMatchObject({ p: at(488, 372), free: true });
  });

  test("of a planchette that nobody touches and that lies on its way gives it back to its way", () => {
    expect(momentOf(frame(5, [], [505, 362]), false, rest)).toMatchObject({ p: at(0, 0), free: false });
    expect(momentOf(frame(5, [], [300, 362]), false, rest)).toMatchObject({ p: at(300, 362), free: true });
  });
});

describe("the trail", () => {
  test("frames that come late or twice change nothing, and old ones go", () => {
    const trail = trailOf(free(100, at(0, 0)), free(170, at(10, 0)));
    expect(withMoment(trail, free(170, at(99, 0)))).toBe(trail);
    expect(withMoment(trail, free(90, at(99, 0)))).toBe(trail);
    const later = withMoment(trail, free(9_000, at(5, 5)));
    expect(later.map(({ atMs }) => atMs)).toEqual([170, 9_000]);
    expect(momentAt(later, 8_900).p).toEqual(at(10, 0)); // where it was left
  });

  test("it passes through every frame, and curves smoothly between them", () => {
    const trail = trailOf(...[0, 10, 40, 90].map((x, i) => free((i + 1) * 67, at(x, 0))));
    [0, 10, 40, 90].forEach((x, i) => expect(momentAt(trail, (i + 1) * 67).p.xBu).toBeCloseTo(x, 6));
    let last = -1;
    for (let ms = 67; ms <= 268; ms += 4) {
      const { xBu } = momentAt(trail, ms).p;
      expect(xBu).toBeGreaterThanOrEqual(last);
      last = xBu;
    }
    expect(momentAt(trail, 167.5).p.xBu).toBeCloseTo(22.5, 6); // (-0 + 9*10 + 9*40 - 90) / 16
  });

  test("hands come and go with their frames", () => {
    const trail = trailOf(
      free(100, rest, [[1, at(0, 0)]]),
      free(167, rest, [
        [1, at(10, 0)],
        [2, at(50, 50)],
      ]),
      free(234, rest, []),
    );
    expect([...momentAt(trail, 133.5).hands]).toEqual([[1, at(5, 0)]]);
    expect([...momentAt(trail, 170).hands.keys()]).toEqual([1, 2]);
    expect(momentAt(trail, 240).hands.size).toBe(0);
  });

  test("an offset and a place are never mixed", () => {
    const trail = trailOf({ ...free(100, at(8, 8)), free: false }, free(167, at(500, 300)));
    expect(momentAt(trail, 150)).toMatchObject({ p: at(8, 8), free: false });
    expect(momentAt(trail, 168)).toMatchObject({ p: at(500, 300), free: true });
  });

  test("after a pause it stays until the new movement begins", () => {
    const trail = trailOf(free(100, at(300, 300)), free(1_900, at(310, 300)));
    expect(momentAt(trail, 1_500).p).toEqual(at(300, 300));
    expect(momentAt(trail, 1_900).p).toEqual(at(310, 300));
  });

  test("before anything was told nobody has touched it", () => {
    expect(momentAt([], 50)).toMatchObject({ p: at(0, 0), free: false });
    expect(momentAt(trailOf(free(100, at(300, 300))), 50)).toMatchObject({ free: false });
  });
});

describe("another shape of board", () => {
  test.each([...letters, "0", "YES", "GOODBYE", "REST"] as const)("%s is %s on both", (spot) => {
    for (const [from, to] of [
      ["wide", "tall"],
      ["tall", "wide"],
    ] as const) {
      expect(mapped(places[from][spot], from, to)).toMatchObject(at(places[to][spot].xBu, places[to][spot].yBu));
    }
  });

  test("nothing jumps: a small step there is a small step here", () => {
    for (let y = 60; y < 600; y += 45) {
      for (let x = 60; x < 940; x += 1) {
        const step = apart(mapped(at(x, y), "wide", "tall"), mapped(at(x + 1, y), "wide", "tall"));
        expect(step).toBeLessThan(40);
      }
    }
  });

  test("the same board is the same place, and every place is on the board", () => {
    expect(mapped(at(3, 4), "tall", "tall")).toEqual(at(3, 4));
    expect(within(at(-4, 900), "tall")).toEqual(at(0, 880));
  });
});
