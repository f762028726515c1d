import { render, screen, within } from "@testing-library/react";
import { type Seated, seated } from "@/tests/seated";
import { answered, asked, jun, whispered } from "@/tests/sitting";
import { Minutes } from "./Minutes";

let table: Seated;
beforeEach(async () => {
  jest.useFakeTimers();
  table = await seated();
});
afterEach(() => {
  table.room.stop();
  jest.useRealTimers();
});
const open = (onClose = jest.fn()) => {
  render(<Minutes room={table.room} token="t-1" lang="de" onClose={onClose} />);
  return { onClose, sheet: within(screen.getByRole("dialog", { name: "Minutes of the sitting" })) };
};

test("what was asked and answered, in its language", async () => {
  table.relay.say("question_asked", asked(1, "Wer ist da?", jun));
  table.relay.say("spirit_response", answered(2, 1, "ICH", 0));
  table.relay.say("spirit_whisper", whispered(3, 2, "mach auf", 0));
  table.relay.say("question_asked", { seq: 4, erased: true });
  await table.pass();
  const { sheet } = open();
  const entries = sheet.getAllByRole("listitem");
  expect(entries).toHaveLength(2);
  expect(entries[0]).toHaveTextContent(/Jun asked.*Wer ist da\?.*ICH.*mach auf/);
  expect(within(entries[0]!).getByText("ICH")).toHaveAttribute("lang", "de");
  expect(entries[1]).toHaveTextContent("These words were erased.");
});

test("what the spirit said unasked has an hour and no question", async () => {
  table.relay.say("spirit_response", answered(1, null, "COLD HERE", 0));
  await table.pass();
  const { sheet } = open();
  expect(sheet.getByRole("listitem")).toHaveTextContent(/^Unasked, .*COLD HERE$/);
});

test("an answer that is being spelled is not given away", async () => {
  table.relay.say("question_asked", asked(1, "Where?", jun));
  table.relay.say("spirit_response", answered(2, 1, "STAIR", table.room.clock.serverNow() + 600));
  await table.pass();
  const { sheet } = open();
  expect(sheet.queryByText("STAIR")).not.toBeInTheDocument();
  expect(sheet.getByText("It is being spelled.")).toBeInTheDocument();
  await table.pass(4_000);
  expect(sheet.getByText("STAIR")).toBeInTheDocument();
});

test("earlier lines are read on request", async () => {
  table.room.stop();
  table = await seated((relay) => {
    for (let seq = 1; seq <= 60; seq++) relay.keep("question_asked", asked(seq, `Question ${seq}`, jun));
  });
  const { sheet } = open();
  expect(sheet.getAllByRole("listitem")[0]).toHaveTextContent("Question 11");
  await table.user.click(sheet.getByRole("button", { name: "Read earlier lines" }));
  expect(sheet.getAllByRole("listitem")).toHaveLength(60);
  expect(sheet.getAllByRole("listitem")[0]).toHaveTextContent("Question 1");
  expect(sheet.queryByRole("button", { name: "Read earlier lines" })).not.toBeInTheDocument();
});

test("Esc closes it", async () => {
  const { onClose } = open();
  await table.user.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledTimes(1);
});
