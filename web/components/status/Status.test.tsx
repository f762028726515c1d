import { act, render, screen } from "@testing-library/react";
import { prefer } from "@/lib/prefs";
import { type Seated, seated } from "@/tests/seated";
import { answered, asked, jun, whispered } from "@/tests/sitting";
import { Status } from "./Status";

let table: Seated;
beforeEach(async () => {
  jest.useFakeTimers();
  table = await seated();
  render(<Status room={table.room} lang="de" />);
});
afterEach(() => {
  table.room.stop();
  jest.useRealTimers();
});
const status = () => screen.getByRole("status");

test("one polite line speaks: who asks, then the answer, in its language", async () => {
  table.relay.say("question_asked", asked(1, "Wer ist da?", jun));
  await table.pass();
  expect(status()).toHaveTextContent("Jun asks: Wer ist da?");
  table.relay.say("spirit_response", answered(2, 1, "ICH", table.room.clock.serverNow() + 600));
  table.relay.say("spirit_whisper", whispered(3, 2, "mach auf", 0));
  await table.pass(2_200);
  expect(status()).toHaveTextContent("I C H, ich");
  await table.pass(2_000);
  expect(status()).toHaveTextContent("It whispers: mach auf");
  expect(screen.getByText("mach auf")).toHaveAttribute("lang", "de");
});

test("Shift+Enter says the last answer again, as a line of its own each time", async () => {
  table.relay.say("spirit_response", { ...answered(1, null, "COLD", 0), replayed: true });
  await table.pass(5_000);
  expect(status()).toHaveTextContent("");
  await table.user.keyboard("{Shift>}{Enter}{/Shift}");
  expect(status()).toHaveTextContent("The spirit says: cold.");
  const first = status().firstChild;
  await table.user.keyboard("{Shift>}{Enter}{/Shift}");
  expect(status().firstChild).not.toBe(first);
});

test("letter by letter, for whoever prefers it", async () => {
  act(() => prefer({ aloud: "letters" }));
  table.relay.say("spirit_response", answered(1, null, "COLD", table.room.clock.serverNow()));
  await table.pass(700);
  expect(status()).toHaveTextContent(/^C$/);
  await table.pass(900);
  expect(status()).toHaveTextContent(/^O$/);
  act(() => prefer({ aloud: "words" }));
});
