import { act, render, screen } from "@testing-library/react";
import { type Seated, seated } from "@/tests/seated";
import { LineNote } from "./LineNote";

let table: Seated;
beforeEach(async () => {
  jest.useFakeTimers();
  table = await seated();
  render(<LineNote room={table.room} />);
});
afterEach(() => {
  table.room.stop();
  jest.useRealTimers();
});

test("a line that is down for long is said so, until it is back", async () => {
  act(() => table.relay.cut());
  await table.pass(1_000);
  expect(screen.queryByText(/broke/)).not.toBeInTheDocument();
  await table.pass(500);
  expect(screen.getByText(/broke/)).toBeInTheDocument();
  act(() => table.relay.restore());
  await table.pass();
  expect(screen.queryByText(/broke/)).not.toBeInTheDocument();
});

test("that the line is quiet is shown softly, once, and goes", async () => {
  const quiet = () => screen.queryByText("The line is quiet: the house spirit answers.");
  table.relay.say("spirit_quiet", { question_seq: 7 });
  await table.pass();
  expect(quiet()).toHaveAttribute("data-tone", "word");
  await table.pass(10_000);
  expect(quiet()).not.toBeInTheDocument();
  table.relay.say("spirit_quiet", { question_seq: null });
  await table.pass();
  expect(quiet()).not.toBeInTheDocument();
});

test("a notice stands for a while, and again when it is said again", async () => {
  const refused = { code: "rate_limited", message: "One question in 4 s." };
  table.relay.say("error", refused);
  await table.pass(8_000);
  expect(screen.getByText(refused.message)).toBeInTheDocument();
  await table.pass(2_000);
  expect(screen.queryByText(refused.message)).not.toBeInTheDocument();
  table.relay.say("error", refused);
  await table.pass();
  expect(screen.getByText(refused.message)).toBeInTheDocument();
});
