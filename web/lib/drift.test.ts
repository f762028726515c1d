import { after, idle, thinking, type Offset } from "./drift";

const away = (o: Offset) => Math.hypot(o.dxBu, o.dyBu);
const start = 1795377600000;

test("thinking opens into a circle of 60 bu and shrinks by 8 % a turn after the first", () => {
  const circle = thinking(start);
  expect(away(circle(start))).toBe(0);
  expect(away(circle(start + 250))).toBeGreaterThan(5); // something moves within 250 ms
  expect(away(circle(start + 2400))).toBeCloseTo(60);
  expect(away(circle(start + 4800))).toBeCloseTo(60 * 0.92);
  expect(away(circle(start + 7200))).toBeCloseTo(60 * 0.92 ** 2);
});

test("boards that heard of it at different moments circle in step", () => {
  const [early, late] = [thinking(start)(start + 3000), thinking(start + 90)(start + 3000)];
  expect(Math.hypot(early.dxBu - late.dxBu, early.dyBu - late.dyBu)).toBeLessThan(0.5);
});

test("left alone it lies still for 5 s, then drifts within 40 x 22 bu", () => {
  const drift = idle(start);
  expect([1000, 4999].map((ms) => away(drift(start + ms)))).toEqual([0, 0]);
  const later = Array.from({ length: 800 }, (_, i) => drift(start + 8000 + i * 10));
  const width = (of: (o: Offset) => number) => Math.max(...later.map(of)) - Math.min(...later.map(of));
  expect(width((o) => o.dxBu)).toBeCloseTo(40, 0);
  expect(width((o) => o.dyBu)).toBeCloseTo(22, 0);
});

test("one drift becomes another within 600 ms and without a jump", () => {
  const circle = thinking(start);
  const now = start + 3210;
  const drift = after(circle, idle(now), now);
  expect(drift(now)).toEqual(circle(now));
  expect(Math.abs(away(drift(now + 16)) - away(circle(now)))).toBeLessThan(1);
  expect(away(drift(now + 600))).toBe(0);
});
