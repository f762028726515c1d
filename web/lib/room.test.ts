import { Relay } from "../tests/relay";
import { answered, asked, jun, mara, whispered } from "../tests/sitting";
import type { Fault } from "./protocol";
import { openOutbox, type Outbox } from "./outbox";
import { openRoom, type Room } from "./room";
import { keepSeat, seatAt } from "./seat";

const seat = { token: "t-1", session: "s-1", participant: mara.id, join_url: null };
const fault = (code: string, message: string, retry_after_ms: number | null = null): Fault => ({
  ...{ code, message, retry_after_ms, details: [] },
});

let relay: Relay;
let outbox: Outbox;
let rooms: Room[];

beforeEach(async () => {
  jest.useFakeTimers();
  relay = new Relay();
  outbox = await openOutbox(undefined);
  rooms = [];
});
afterEach(() => {
  for (const room of rooms) room.stop();
  jest.useRealTimers();
});

function sitDown(): Room {
  const room = openRoom({
    code: "RAVEN-417",
    seat,
    dial: relay.dial,
    outbox: Promise.resolve(outbox),
    history: relay.history as never,
  });
  rooms.push(room);
  room.start();
  return room;
}
const pass = (ms = 20) => jest.advanceTimersByTimeAsync(ms);
const seqs = (room: Room) => room.table.getState().kept.map((frame) => frame.data.seq);

test("takes its seat, and hears of what is said", async () => {
  const room = sitDown();
  expect(room.table.getState().line).toBe("joining");
  await pass();
  expect(room.table.getState()).toMatchObject({ line: "open", you: { name: "Mara" }, session: { code: "RAVEN-417" } });
  relay.say("question_asked", asked(1, "Is anyone there?", jun));
  relay.say("spirit_response", answered(2, 1, "YES"));
  await pass();
  expect(seqs(room)).toEqual([1, 2]);
});

test("knows the server's time", async () => {
  relay.now = 5_000_000;
  const room = sitDown();
  await pass();
  expect(Math.abs(room.clock.serverNow() - 5_000_000)).toBeLessThan(50);
  await pass(900);
  expect(relay.sent("sync_clock")).toHaveLength(5);
  await pass(31_000);
  expect(relay.sent("sync_clock").length).toBeGreaterThan(5);
});

test("the first sample counts before the round is whole", async () => {
  const room = sitDown();
  await pass(1);
  relay.now += 5_000; // the welcome's remark is not much to go by
  await pass(30);
  expect(relay.sent("sync_clock")).toHaveLength(1);
  expect(Math.abs(room.clock.serverNow() - relay.now)).toBeLessThan(50);
});

test("comes back after a break with everything that was missed, once", async () => {
  const room = sitDown();
  await pass();
  relay.say("question_asked", asked(1, "Is anyone there?", jun));
  await pass();
  relay.cut();
  expect(room.table.getState().line).toBe("lost");
  relay.keep("spirit_response", answered(2, 1, "YES"));
  relay.keep("spirit_whisper", whispered(3, 2, "always"));
  await pass(5_000);
  relay.restore();
  await pass();
  expect(relay.sent("join_session").at(-1)).toEqual({ token: "t-1", since: 1 });
  expect(room.table.getState().line).toBe("open");
  expect(seqs(room)).toEqual([1, 2, 3]);
});

test("a hole in the count is mended from the place before it", async () => {
  const room = sitDown();
  await pass();
  relay.say("question_asked", asked(1, "Is anyone there?", jun));
  relay.keep("spirit_response", answered(2, 1, "YES")); // lost on the way
  relay.say("spirit_whisper", whispered(3, 2, "always"));
  relay.say("question_asked", asked(4, "Who?", jun));
  await pass();
  expect(relay.sent("join_session")).toEqual([{ token: "t-1" }, { token: "t-1", since: 1 }]);
  expect(seqs(room)).toEqual([1, 2, 3, 4]);
});

test("what is too much for the line is read from the history, and said", async () => {
  const room = sitDown();
  await pass();
  relay.say("question_asked", asked(1, "0?", jun));
  await pass();
  relay.cut();
  for (let seq = 2; seq <= 450; seq++) relay.keep("question_asked", asked(seq, `${seq}?`, jun));
  relay.restore();
  await pass(100);
  expect(seqs(room)).toEqual(Array.from({ length: 450 }, (_, i) => i + 1));
  expect(relay.sent("history").map(({ after }) => after)).toEqual([1, 201, 401]);
  expect(room.table.getState().notice?.text).toMatch(/minutes/);
  relay.say("question_asked", asked(451, "still there?", jun));
  await pass();
  expect(seqs(room)).toHaveLength(451);
  expect(relay.sent("join_session")).toHaveLength(2);
});

test("older lines are read a page at a time", async () => {
  for (let seq = 1; seq <= 120; seq++) relay.keep("question_asked", asked(seq, `${seq}?`, jun));
  const room = sitDown();
  await pass();
  expect(seqs(room)).toEqual(Array.from({ length: 50 }, (_, i) => i + 71));
  await room.readOlder();
  expect(seqs(room)[0]).toBe(21);
  await room.readOlder();
  await room.readOlder();
  expect(seqs(room)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  expect(relay.sent("history")).toEqual([
    { after: 20, limit: 50 },
    { after: 0, limit: 20 },
  ]);
});

describe("asking", () => {
  test("is written down first, sent once, and forgotten with its ack", async () => {
    const room = sitDown();
    await pass();
    room.write("Is anyone there?");
    const asking = room.ask("  Is anyone there?  ");
    expect(room.table.getState()).toMatchObject({ draft: "", outgoing: [{ state: "sending" }] });
    await pass();
    await asking;
    expect(relay.sent("send_message")).toEqual([{ message_id: expect.any(String), text: "Is anyone there?" }]);
    expect(room.table.getState().outgoing).toEqual([]);
    expect(await outbox.all("s-1")).toEqual([]);
    expect(seqs(room)).toEqual([1]);
  });

  test("several at once are sent one after the other", async () => {
    const room = sitDown();
    await pass();
    await Promise.all([room.ask("One?"), room.ask("Two?"), room.ask("Three?"), pass(100)]);
    expect(relay.sent("send_message").map(({ text }) => text)).toEqual(["One?", "Two?", "Three?"]);
  });

  test("without a line waits, can be taken back, and happens in order on return", async () => {
    const room = sitDown();
    await pass();
    relay.cut();
    await room.ask("One?");
    await pass(1);
    await room.ask("Two?");
    await pass(1);
    await room.ask("Three?");
    const waiting = room.table.getState().outgoing;
    expect(waiting.map(({ text, state }) => [text, state])).toEqual([
      ["One?", "offline"],
      ["Two?", "offline"],
      ["Three?", "offline"],
    ]);
    await room.withdraw(waiting[1]!.message_id);
    relay.restore();
    await pass(100);
    expect(relay.journal.map(({ data }) => (data as { text?: string }).text)).toEqual(["One?", "Three?"]);
    expect(await outbox.all("s-1")).toEqual([]);
  });

  test("outlives the page: another one asks what was left", async () => {
    const first = sitDown();
    await pass();
    relay.cut();
    await first.ask("Still there?");
    first.stop();
    const second = sitDown();
    await pass(100);
    expect(relay.journal).toHaveLength(1);
    expect(second.table.getState().outgoing).toEqual([]);
  });

  test("whose ack is lost is asked once all the same", async () => {
    const room = sitDown();
    await pass();
    relay.losesAcks = true;
    await Promise.all([room.ask("Once?"), pass(100)]);
    relay.losesAcks = false;
    await pass(10_000);
    expect(relay.journal).toHaveLength(1);
    expect(room.table.getState().outgoing).toEqual([]);
    expect(await outbox.all("s-1")).toEqual([]);
  });

  test("too soon waits for as long as the table says", async () => {
    relay.faults.set("send_message", [fault("rate_limited", "One question in 4 s.", 2_500)]);
    const room = sitDown();
    await pass();
    await Promise.all([room.ask("Now?"), pass(50)]);
    expect(room.table.getState().outgoing).toMatchObject([{ text: "Now?", state: "held" }]);
    await pass(2_300);
    expect(relay.sent("send_message")).toHaveLength(1);
    await pass(300);
    expect(relay.sent("send_message")).toHaveLength(2);
    expect(room.table.getState().outgoing).toEqual([]);
  });

  test("what the table will not take returns to the ask box, with its sentence", async () => {
    relay.faults.set("send_message", [fault("invalid_text", "That is not a question.")]);
    const room = sitDown();
    await pass();
    await Promise.all([room.ask("zalgo"), pass(50)]);
    expect(room.table.getState()).toMatchObject({
      draft: "zalgo",
      outgoing: [],
      notice: { text: "That is not a question." },
    });
    expect(await outbox.all("s-1")).toEqual([]);
  });

  test("a care card ends it: nothing is kept and nothing is asked again", async () => {
    relay.careFor = "heavy words";
    const room = sitDown();
    await pass();
    await Promise.all([room.ask("heavy words"), pass(50)]);
    relay.say("care", { text: "You matter.", lines: [{ label: "Lifeline", contact: "988" }] });
    await pass(10_000);
    expect(room.table.getState()).toMatchObject({ outgoing: [], care: { text: "You matter." } });
    expect(relay.sent("send_message")).toHaveLength(1);
    expect(await outbox.all("s-1")).toEqual([]);
    room.dismissCare();
    expect(room.table.getState().care).toBeNull();
  });

  test.each([
    ["nothing", "   ", /Write a question/],
    ["too much", "a".repeat(282), /Too long by 2 characters/],
  ])("%s stays on the slip", async (_, text, sentence) => {
    const room = sitDown();
    await pass();
    await room.ask(text);
    expect(room.table.getState().notice?.text).toMatch(sentence);
    expect(relay.sent("send_message")).toEqual([]);
  });
});

test("the pen is seen on the slip, and off it when it rests", async () => {
  const room = sitDown();
  await pass();
  room.write("W");
  room.write("Wh");
  await pass(2_900);
  expect(relay.sent("set_typing")).toEqual([{ typing: true }]);
  await pass(200);
  expect(relay.sent("set_typing")).toEqual([{ typing: true }, { typing: false }]);
});

test("the pen is seen again after a break", async () => {
  const room = sitDown();
  await pass();
  room.write("W");
  relay.cut();
  relay.restore();
  await pass();
  room.write("Wh");
  expect(relay.sent("set_typing")).toEqual([{ typing: true }, { typing: true }]);
});

describe("the line closes for good", () => {
  test.each([
    ["kicked", null],
    ["no_seat", null],
    ["ended", null],
    ["flooding", seat],
    ["misunderstood", seat],
  ] as const)("%s", async (farewell, left) => {
    keepSeat("RAVEN-417", seat);
    const room = sitDown();
    await pass();
    relay.cut(farewell);
    expect(room.table.getState()).toMatchObject({ line: "closed", farewell });
    expect(seatAt("RAVEN-417")).toEqual(left);
    await pass(60_000);
    expect(relay.sent("join_session")).toHaveLength(1);
    await room.ask("Hello?");
    expect(room.table.getState().notice?.text).toMatch(/over/);
  });

  test.each([
    ["unauthorized", "no_seat"],
    ["forbidden", "kicked"],
    ["session_ended", "ended"],
  ])("a join that is %s gives the seat up", async (code, farewell) => {
    keepSeat("RAVEN-417", seat);
    relay.faults.set("join_session", [fault(code, "No.")]);
    const room = sitDown();
    await pass();
    expect(room.table.getState().farewell).toBe(farewell);
    expect(seatAt("RAVEN-417")).toBeNull();
    await pass(60_000);
    expect(relay.sent("join_session")).toHaveLength(1);
  });
});

test("a table that cannot seat anybody now is asked again", async () => {
  relay.faults.set("join_session", [fault("unavailable", "Not now.", 700)]);
  const room = sitDown();
  await pass();
  expect(room.table.getState().line).toBe("joining");
  await pass(800);
  expect(room.table.getState().line).toBe("open");
});

test("leaving says so and gives the seat up", async () => {
  keepSeat("RAVEN-417", seat);
  const room = sitDown();
  await pass();
  await Promise.all([room.leave(), pass(50)]);
  expect(relay.sent("leave_session")).toHaveLength(1);
  expect(room.table.getState()).toMatchObject({ line: "closed", farewell: "left" });
  expect(seatAt("RAVEN-417")).toBeNull();
});

test("getting up and sitting down again, as a page does that is drawn twice, is one seat", async () => {
  const room = sitDown();
  room.stop();
  room.start();
  await pass();
  expect(relay.sent("join_session")).toHaveLength(1);
  expect(room.table.getState().line).toBe("open");
});

describe("hands", () => {
  const hands = (t: number, h: number[][], p: number[]) => relay.say("hands", { t, h, p });

  test("are a place on the free board, an offset while a score plays, and nothing once it is on its way again", async () => {
    const room = sitDown();
    await pass();
    hands(11_000, [[2, 300, 200]], [400, 300]);
    await pass();
    relay.say("question_asked", asked(1, "Who?", jun));
    relay.say("spirit_response", answered(2, 1, "YES", 12_000));
    hands(12_300, [[2, 300, 200]], [-9, 4]);
    hands(14_200, [], [501, 360]);
    await pass();
    expect(room.hands.getState().map(({ p, free }) => [p.xBu, p.yBu, free])).toEqual([
      [-9, 4, false],
      [0, 0, false],
    ]);
    expect(room.table.getState().touching.size).toBe(0);
  });

  test("yours is told of, and lifted when the line breaks; what others did is told anew on return", async () => {
    const room = sitDown();
    await pass();
    hands(11_000, [[2, 300, 200]], [400, 300]);
    await pass();
    room.touch.lay({ xBu: 500, yBu: 300 });
    relay.cut();
    expect(relay.sent("move_hand")).toEqual([{ x: 500, y: 300 }, { lifted: true }]);
    relay.restore();
    await pass();
    expect(room.hands.getState()).toEqual([]);
  });
});
