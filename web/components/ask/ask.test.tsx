import { act, render, screen } from "@testing-library/react";
import { useRef } from "react";
import type { Room } from "@/lib/room";
import { seated } from "@/tests/seated";
import { asked, jun } from "@/tests/sitting";
import { AskSlip } from "./AskSlip";
import { Waiting } from "./Waiting";

let room: Room | undefined;
beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  room?.stop();
  jest.useRealTimers();
});

function Slip({ room }: { room: Room }) {
  const box = useRef<HTMLTextAreaElement>(null);
  return (
    <>
      <Waiting room={room} />
      <AskSlip room={room} box={box} />
    </>
  );
}
async function atTable() {
  const table = await seated();
  room = table.room;
  render(<Slip room={table.room} />);
  return { ...table, box: screen.getByRole("textbox", { name: "Your question to the spirit" }) };
}

test("Enter asks, and the slip is free for the next question", async () => {
  const { user, box, relay, pass } = await atTable();
  await user.type(box, "Is anyone there?{Enter}");
  await pass();
  expect(box).toHaveValue("");
  expect(box).toHaveFocus();
  expect(relay.sent("send_message")).toMatchObject([{ text: "Is anyone there?" }]);
});

test("the button asks as well, and gives the focus back", async () => {
  const { user, box, relay, pass } = await atTable();
  await user.type(box, "Is anyone there?");
  await user.click(screen.getByRole("button", { name: "Ask" }));
  await pass();
  expect(box).toHaveFocus();
  expect(relay.sent("send_message")).toHaveLength(1);
});

test("Shift+Enter neither asks nor breaks the line", async () => {
  const { user, box, relay } = await atTable();
  await user.type(box, "Who?{Shift>}{Enter}{/Shift}");
  expect(box).toHaveValue("Who?");
  expect(relay.sent("send_message")).toEqual([]);
});

test("what is left is counted only when it gets short", async () => {
  const { user, box } = await atTable();
  await user.click(box);
  await user.paste("a".repeat(240));
  expect(screen.queryByText(/left$/)).not.toBeInTheDocument();
  await user.paste("👩‍👩‍👧 👍🏽"); // three graphemes
  expect(screen.getByText("37 left")).toBeInTheDocument();
  await user.paste("a".repeat(40));
  expect(screen.getByText("3 too many")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Ask" })).toBeEnabled();
});

test("your place in the queue is shown", async () => {
  const { relay, user, box, pass } = await atTable();
  relay.say("question_asked", asked(1, "Me first", jun));
  await pass();
  await user.type(box, "And me?{Enter}");
  await pass(50);
  expect(screen.getByText("Your question waits: one is ahead of it.")).toBeInTheDocument();
});

test("the host sees that somebody else's question waits", async () => {
  const { relay, pass } = await atTable();
  relay.say("question_asked", asked(1, "Me first", jun));
  relay.say("spirit_thinking", { question_seq: 1, spirit: "edgar", at: 0 });
  await pass();
  expect(screen.queryByText(/waits/)).not.toBeInTheDocument();
  relay.say("question_asked", asked(2, "And me", { ...jun, id: "p-ines" }));
  await pass();
  expect(screen.getByText("One question waits.")).toBeInTheDocument();
});

test("a question that a hook refuses comes back to the slip, with the hook's own sentence", async () => {
  const { relay, user, box, pass, room } = await atTable();
  const fault = { code: "refused", message: "The spirit does not bet.", retry_after_ms: null, details: [] };
  relay.faults.set("send_message", [fault]);
  await user.type(box, "Who will win the derby?{Enter}");
  await pass();
  expect(box).toHaveValue("Who will win the derby?");
  expect(room.table.getState().notice).toMatchObject({ text: fault.message, tone: "error" });
  expect(screen.queryByText(/is being asked/)).not.toBeInTheDocument();
});

test("without a line a question waits, and can be taken back", async () => {
  const { relay, user, box, pass } = await atTable();
  act(() => relay.cut());
  await user.type(box, "Still there?{Enter}");
  await pass();
  expect(screen.getByText("will be asked when you are back")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Take back “Still there?”" }));
  expect(screen.queryByText(/will be asked/)).not.toBeInTheDocument();
});
