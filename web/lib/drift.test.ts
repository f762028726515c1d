import { idleAt, idleShare, thinkingAt } from "./drift";

const away = (o: { dxBu: number; dyBu: number }) => Math.hypot(o.dxBu, o.dyBu);

test("thinking opens into a circle of 60 bu and shrinks by 8 % a turn after the first", () => {
  expect(away(thinkingAt(0))).toBe(0);
  expect(away(thinkingAt(250))).toBeGreaterThan(5); // something moves within 250 ms
  expect(away(thinkingAt(2400))).toBeCloseTo(60);
  expect(away(thinkingAt(4800))).toBeCloseTo(60 * 0.92);
  expect(away(thinkingAt(7200))).toBeCloseTo(60 * 0.92 ** 2);
});

test("once the score is announced the circle closes in time, without a jump", () => {
  const endMs = 3000;
  expect(away(thinkingAt(endMs - 600, endMs))).toBeCloseTo(away(thinkingAt(endMs - 600)));
  expect(away(thinkingAt(endMs - 1, endMs))).toBeLessThan(0.1);
  expect(away(thinkingAt(endMs + 5, endMs))).toBe(0);
});

test("the idle drift keeps within 40 x 22 bu and comes in slowly after 5 s", () => {
  const drift = Array.from({ length: 800 }, (_, i) => idleAt(1795377600000 + i * 10));
  expect(Math.max(...drift.map((o) => o.dxBu)) - Math.min(...drift.map((o) => o.dxBu))).toBeCloseTo(40, 0);
  expect(Math.max(...drift.map((o) => o.dyBu)) - Math.min(...drift.map((o) => o.dyBu))).toBeCloseTo(22, 0);
  expect([4000, 5000, 6500, 8000].map(idleShare)).toEqual([0, 0, 0.5, 1]);
});
