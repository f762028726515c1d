/** @jest-environment node */
import { type Tell, Touch } from "./touch";

const told: Parameters<Tell>[0][] = [];
const touch = new Touch((hand) => told.push(hand));
const at = (xBu: number, yBu: number) => ({ xBu, yBu });

beforeEach(() => {
  jest.useFakeTimers();
  told.length = 0;
});
afterEach(() => {
  touch.lift();
  jest.useRealTimers();
});

test("a hand is told of at once, in whole units, and when it is lifted", () => {
  touch.lay(at(500.4, 359.6));
  touch.lift();
  touch.lift();
  expect(told).toEqual([{ x: 500, y: 360 }, { lifted: true }]);
});

test("however fast it moves it is told of at most 15 times a second, and last where it came to rest", () => {
  for (let ms = 0; ms < 1_000; ms += 5) {
    touch.lay(at(ms / 2, 300));
    jest.advanceTimersByTime(5);
  }
  expect(told.length).toBeGreaterThan(12);
  expect(told.length).toBeLessThanOrEqual(16);
  jest.advanceTimersByTime(67);
  expect(told.at(-1)).toEqual({ x: 498, y: 300 });
});

test("a tremble of less than 4 units is not told of, but the hand is kept from being forgotten", () => {
  touch.lay(at(500, 300));
  for (let i = 0; i < 6; i++) {
    touch.lay(at(500 + (i % 2) * 3, 300));
    jest.advanceTimersByTime(60);
  }
  expect(told).toHaveLength(1);
  jest.advanceTimersByTime(3_000);
  expect(told.length).toBeGreaterThan(6);
  expect(told.length).toBeLessThan(10);
});

test("lifted, nothing is said any more", () => {
  touch.lay(at(1, 1));
  touch.lift();
  jest.advanceTimersByTime(5_000);
  expect(told).toHaveLength(2);
});
