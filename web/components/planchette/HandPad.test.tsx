import { act, fireEvent, render, screen } from "@testing-library/react";
import { places } from "@/lib/layout";
import { type Seated, seated } from "@/tests/seated";
import { HandPad } from "./HandPad";

let table: Seated;
beforeEach(async () => {
  jest.useFakeTimers();
  // a board of 500 x 310 pixels: half a pixel a unit
  jest
    .spyOn(Element.prototype, "getBoundingClientRect")
    .mockReturnValue({ left: 0, top: 0, x: 0, y: 0, width: 500, height: 310 } as DOMRect);
  table = await seated();
  render(<HandPad room={table.room} layout="wide" />);
});
afterEach(() => {
  table.room.stop();
  jest.restoreAllMocks();
  jest.useRealTimers();
});
const pad = () => screen.getByRole("application", { name: /Planchette/ });
const sent = () => table.relay.sent("move_hand");
const press = (name: "Down" | "Move" | "Up" | "Cancel", clientX: number, clientY: number, timeStamp: number) => {
  const event = new MouseEvent(`pointer${name.toLowerCase()}`, { bubbles: true, button: 0, clientX, clientY });
  Object.defineProperties(event, { pointerId: { value: 1 }, timeStamp: { value: timeStamp } });
  fireEvent(pad(), event);
};

test("a hand that is held down pulls where it is, and is lifted when let go", async () => {
  press("Down", 100, 100, 0);
  expect(sent()).toEqual([{ x: 200, y: 200 }]);
  press("Move", 150, 100, 200);
  await table.pass(70);
  expect(sent()).toHaveLength(2);
  press("Up", 150, 100, 900);
  expect(sent()).toEqual([{ x: 200, y: 200 }, { x: 300, y: 200 }, { lifted: true }]);
});

test("a tap leaves the hand there; a tap on it lifts it, and so does its button", async () => {
  press("Down", 100, 100, 0);
  press("Up", 101, 101, 100);
  expect(sent()).toEqual([{ x: 200, y: 200 }]);
  press("Down", 104, 100, 2_000);
  press("Up", 104, 100, 2_100);
  expect(sent().at(-1)).toEqual({ lifted: true });
  press("Down", 200, 200, 4_000);
  press("Up", 200, 200, 4_100);
  await table.user.click(screen.getByRole("button", { name: "Lift your hand" }));
  expect(sent().at(-1)).toEqual({ lifted: true });
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

test("Space lays it where the planchette is, arrows move it, Escape lifts it", async () => {
  pad().focus();
  await table.user.keyboard("{ArrowLeft}");
  expect(sent()).toEqual([]);
  await table.user.keyboard(" ");
  const { xBu, yBu } = places.wide.REST;
  expect(sent()).toEqual([{ x: xBu, y: yBu }]);
  await table.user.keyboard("{ArrowLeft}{Shift>}{ArrowUp}{/Shift}");
  await table.pass(70);
  expect(sent().at(-1)).toEqual({ x: xBu - 20, y: yBu - 60 });
  await table.user.keyboard("{Escape}");
  expect(sent().at(-1)).toEqual({ lifted: true });
});

test("nobody touches while the line is down", async () => {
  press("Down", 100, 100, 0);
  act(() => table.relay.cut());
  await table.pass();
  expect(sent().at(-1)).toEqual({ lifted: true });
  act(() => table.relay.restore());
  await table.pass();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
