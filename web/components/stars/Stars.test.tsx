import { render, screen } from "@testing-library/react";
import { type Seated, seated } from "@/tests/seated";
import { Stars } from "./Stars";

let table: Seated;
beforeEach(async () => {
  jest.useFakeTimers();
  table = await seated();
  render(<Stars room={table.room} seq={8} />);
});
afterEach(() => {
  table.room.stop();
  jest.useRealTimers();
});
const star = (name: string) => screen.getByRole("radio", { name });

test("an answer is given stars, and others after a change of mind", async () => {
  await table.user.click(star("4 stars"));
  await table.pass();
  await table.user.click(star("1 star"));
  await table.pass();
  expect(table.relay.sent("rate_answer")).toEqual([
    { seq: 8, value: 4 },
    { seq: 8, value: 1 },
  ]);
  expect(star("1 star")).toBeChecked();
});

test("stars that were not taken are not shown as given, and it is said why", async () => {
  table.relay.faults.set("rate_answer", [
    { code: "not_found", message: "There is no answer to rate.", retry_after_ms: null, details: [] },
  ]);
  await table.user.click(star("5 stars"));
  await table.pass();
  expect(star("5 stars")).not.toBeChecked();
  expect(table.room.table.getState().notice?.text).toBe("There is no answer to rate.");
});
