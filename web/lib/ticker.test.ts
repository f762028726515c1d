import { ServerClock } from "./clock";
import { follow } from "./ticker";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const moments = [100, 250, 20_000];
const next = (nowMs: number) => moments.find((moment) => moment > nowMs) ?? Infinity;

function watched() {
  let driftMs = 0;
  const began = Date.now();
  const clock = new ServerClock(() => Date.now() - began + driftMs);
  clock.guess(0);
  const told: number[] = [];
  const stop = follow(clock, next, (nowMs) => told.push(Math.round(nowMs)));
  return { clock, told, stop, jump: (ms: number) => (driftMs += ms) };
}

test("every moment is told at its time", () => {
  const { told, stop } = watched();
  jest.advanceTimersByTime(99);
  expect(told).toEqual([]);
  jest.advanceTimersByTime(30_000);
  expect(told).toEqual([100, 250, 20_000]);
  stop();
});

test("a late timer tells once and makes no later moment late", () => {
  const { told, stop, jump } = watched();
  jump(300); // the page slept through two moments
  jest.advanceTimersByTime(100);
  expect(told).toEqual([400]);
  jest.advanceTimersByTime(19_600);
  expect(told).toEqual([400, 20_000]);
  stop();
});

test("a corrected clock is followed at once", () => {
  const { clock, told, stop } = watched();
  clock.guess(240);
  expect(told).toEqual([240]);
  jest.advanceTimersByTime(10);
  expect(told).toEqual([240, 250]);
  stop();
});

test("a clock that is set back passes its moments again", () => {
  const { clock, told, stop } = watched();
  jest.advanceTimersByTime(300);
  clock.guess(200);
  jest.advanceTimersByTime(50);
  expect(told).toEqual([100, 250, 250]);
  stop();
});

test("so is a tab that comes back", () => {
  const { told, stop, jump } = watched();
  jump(120);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(told).toEqual([120]);
  stop();
});

test("nothing is told after stopping", () => {
  const { clock, told, stop } = watched();
  stop();
  clock.guess(500);
  jest.advanceTimersByTime(60_000);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(told).toEqual([]);
});
