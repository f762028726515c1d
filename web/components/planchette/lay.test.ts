import { createStore } from "zustand/vanilla";
import type { Clock } from "@/lib/clock";
import { type Moment, type Trail, withMoment } from "@/lib/hands";
import { places } from "@/lib/layout";
import { Lay, type Way } from "./lay";

const clock: Clock = { serverNow: () => Date.now(), onChange: () => () => undefined };
const rest = places.wide.REST;

beforeEach(() => jest.useFakeTimers({ now: 100_000 }));
afterEach(() => jest.useRealTimers());

function stage() {
  const root = document.createElement("div");
  root.innerHTML = `<div data-candle="2"></div><div data-part="hands"></div><div data-part="lens-hands"></div>`;
  const held: boolean[] = [];
  const way: Way = { placeAt: () => rest, zoomAt: () => 1.4, settledAt: () => true, hold: (now) => held.push(now) };
  const trail = createStore<Trail>(() => []);
  const lay = new Lay(root, trail, clock, "wide", way);
  lay.resize(2);
  const part = (name: string) => root.querySelector<HTMLElement>(name)!;
  return {
    lay,
    held,
    add: (moment: Omit<Moment, "atMs">) => trail.setState((t) => withMoment(t, { atMs: Date.now(), ...moment }), true),
    drawn: () => part("[data-part=hands]").style.transform,
    glass: () => part("[data-part=lens-hands]").style.transform,
    light: part("[data-candle]"),
  };
}

test("the planchette is drawn in the place it has on the free board, 120 ms late, and its glass the other way", () => {
  const { lay, add, drawn, glass, light, held } = stage();
  const place = { xBu: rest.xBu - 100, yBu: rest.yBu - 50 };
  add({ hands: new Map([[2, place]]), p: place, free: true });
  jest.advanceTimersByTime(100);
  expect(drawn()).toBe("");
  jest.advanceTimersByTime(500);
  expect(drawn()).toBe("translate(-200px, -100px)");
  expect(glass()).toBe("translate(280px, 140px)");
  expect(light).toHaveAttribute("data-there");
  expect(light.style.transform).toBe(`translate(${place.xBu * 2}px, ${place.yBu * 2}px)`);
  expect(held).toEqual([true]);
  lay.stop();
});

test("nothing runs once the hands are gone and it lies still", () => {
  const { lay, add, held } = stage();
  add({ hands: new Map([[2, rest]]), p: { xBu: 8, yBu: 8 }, free: false });
  jest.advanceTimersByTime(300);
  expect(jest.getTimerCount()).toBeGreaterThan(0);
  add({ hands: new Map(), p: { xBu: 0, yBu: 0 }, free: false });
  jest.advanceTimersByTime(2_000);
  expect(jest.getTimerCount()).toBe(0);
  expect(held).toEqual([true, false]);
  lay.stop();
});

test("from the score's way to the free board it is led over without a jump", () => {
  const { lay, add, drawn } = stage();
  const x = () => Number(/translate\((-?[\d.]+)px/.exec(drawn())?.[1] ?? 0);
  add({ hands: new Map([[2, rest]]), p: { xBu: 10, yBu: 0 }, free: false });
  jest.advanceTimersByTime(200);
  add({ hands: new Map([[2, rest]]), p: { xBu: rest.xBu + 90, yBu: rest.yBu }, free: true });
  let last = x();
  for (let i = 0; i < 50; i++) {
    jest.advanceTimersByTime(16);
    expect(Math.abs(x() - last)).toBeLessThan(16);
    last = x();
  }
  expect(last).toBe(180);
  lay.stop();
});
