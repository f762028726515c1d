/** @jest-environment node */
import { best, offsetMs, roundTripMs, type Sample, ServerClock } from "./clock";

// A page whose clock stands at `now`, and a server that is `aheadMs` ahead of it.
function page() {
  let now = 1_000_000;
  return { clock: new ServerClock(() => now), pass: (ms: number) => (now += ms), now: () => now };
}
const sample = (t0Ms: number, thereMs: number, backMs: number, aheadMs: number): Sample => ({
  t0Ms,
  t1Ms: t0Ms + thereMs + aheadMs,
  t2Ms: t0Ms + thereMs + aheadMs + 1,
  t3Ms: t0Ms + thereMs + 1 + backMs,
});

test("a sample knows its round trip and the offset", () => {
  const s = sample(500, 20, 20, 7_000);
  expect(roundTripMs(s)).toBe(40);
  expect(offsetMs(s)).toBe(7_000);
});

test("the shortest round trip says most", () => {
  const short = sample(0, 5, 5, 100);
  expect(best([sample(0, 50, 5, 100), short, sample(0, 9, 30, 100)])).toBe(short);
  expect(best([])).toBeNull();
});

test("a remark of the server's sets a clock that knows nothing yet", () => {
  const { clock, now } = page();
  clock.guess(now() + 5_000);
  expect(clock.serverNow()).toBe(now() + 5_000);
});

test("until a whole round is taken, each better sample counts at once", () => {
  const { clock, now } = page();
  clock.guess(now() + 5_040);
  clock.take(sample(now(), 10, 10, 5_000), false);
  expect(clock.serverNow() - now()).toBe(5_000);
});

test("after that it is slewed by at most 5 ms a second", () => {
  const { clock, now, pass } = page();
  clock.take(sample(now(), 5, 5, 5_000), true);
  clock.take(sample(now(), 5, 5, 5_040), true);
  expect(clock.serverNow() - now()).toBe(5_000);
  pass(1_000);
  expect(clock.serverNow() - now()).toBeCloseTo(5_005, 6);
  pass(4_000);
  expect(clock.serverNow() - now()).toBeCloseTo(5_025, 6);
  pass(60_000);
  expect(clock.serverNow() - now()).toBe(5_040);
});

test("it slews backwards without ever running backwards", () => {
  const { clock, now, pass } = page();
  clock.take(sample(now(), 5, 5, 5_000), true);
  clock.take(sample(now(), 5, 5, 4_900), true);
  let last = clock.serverNow();
  for (let i = 0; i < 100; i++) {
    pass(300);
    expect(clock.serverNow()).toBeGreaterThan(last);
    last = clock.serverNow();
  }
  expect(clock.serverNow() - now()).toBe(4_900);
});

test("an error above 250 ms steps", () => {
  const { clock, now } = page();
  clock.take(sample(now(), 5, 5, 5_000), true);
  clock.take(sample(now(), 5, 5, 5_251), true);
  expect(clock.serverNow() - now()).toBe(5_251);
});

test("whoever draws by it hears of corrections until they stop listening", () => {
  const { clock, now } = page();
  const changed = jest.fn();
  const stop = clock.onChange(changed);
  clock.guess(now());
  expect(changed).toHaveBeenCalledTimes(1);
  stop();
  clock.guess(now() + 1);
  expect(changed).toHaveBeenCalledTimes(1);
});
