import { createStore } from "zustand/vanilla";
import { answered, asked, frame, jun, mara, welcome, whispered } from "../tests/sitting";
import { ServerClock } from "./clock";
import { type Herald, herald } from "./herald";
import type { Aloud } from "./narrate";
import * as at from "./table";
import type { Table } from "./table";

let voice: Herald | undefined;
beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  voice?.stop();
  jest.useRealTimers();
});

function listen(aloud: Aloud = "words") {
  const began = Date.now();
  const clock = new ServerClock(() => Date.now() - began);
  clock.guess(0);
  const table = createStore<Table>(() => at.welcomed(at.emptyTable("RAVEN-417"), welcome()));
  const heard: string[] = [];
  voice = herald({
    table,
    clock,
    aloud: () => aloud,
    say: ({ intro, words }) => heard.push(`${intro} ${words}`.trim()),
  });
  const comes = (event: Parameters<typeof frame>[0], data: object) =>
    table.setState((now) => at.withFrame(now, frame(event, data), clock.serverNow()));
  return { table, heard, comes };
}

test("a question and its answer, as they happen", () => {
  const { heard, comes } = listen();
  comes("question_asked", asked(1, "Where is it?", jun));
  comes("spirit_thinking", { question_seq: 1, spirit: "edgar", at: 0 });
  comes("spirit_response", answered(2, 1, "THE STAIR", 600));
  expect(heard).toEqual(["Jun asks: Where is it?", "The spirit stirs."]);
  jest.advanceTimersByTime(2_160);
  expect(heard.slice(2)).toEqual(["T H E, the"]);
  comes("spirit_whisper", whispered(3, 2, "mind the third step", 2_200));
  jest.advanceTimersByTime(20_000);
  expect(heard.slice(3)).toEqual([
    "S T A I R, stair",
    "The spirit says: the stair.",
    "It whispers: mind the third step",
  ]);
});

test("a spirit that speaks unasked says so first, and only when it is news", () => {
  const { heard, comes } = listen();
  comes("spirit_response", answered(1, null, "COLD HERE", 600));
  comes("spirit_whisper", whispered(2, 1, "the fire is out", 700));
  jest.advanceTimersByTime(20_000);
  expect(heard).toEqual([
    "The spirit speaks unasked.",
    "C O L D, cold",
    "H E R E, here",
    "The spirit says: cold here.",
    "It whispers: the fire is out",
  ]);
});

test("that the line is quiet is said once", () => {
  const { heard, comes } = listen();
  comes("spirit_quiet", { question_seq: 1 });
  comes("spirit_quiet", { question_seq: null });
  expect(heard).toEqual(["The line is quiet: the house spirit answers."]);
});

test("your own question, and your place in the queue", () => {
  const { heard, comes } = listen();
  comes("question_asked", asked(1, "Who?", jun));
  comes("question_asked", asked(2, "Why?", mara));
  expect(heard[1]).toBe("You ask: Why? Your question waits: one is ahead of it.");
});

test.each([
  [[mara], "Nobody else is here yet."],
  [[mara, jun], "Jun is here."],
  [[mara, jun, { ...jun, id: "p-ines", name: "Ines" }], "Jun and Ines are here."],
  [[mara, ...["a", "b", "c", "d"].map((id) => ({ ...jun, id, name: id }))], "4 others are here."],
])("sitting down says where, and who is there", (participants, sentence) => {
  const { table, heard } = listen();
  table.setState(at.emptyTable("RAVEN-417"), true);
  heard.length = 0;
  table.setState((now) => at.welcomed(now, welcome({ participants })));
  expect(heard).toEqual([`You are at the table RAVEN-417. ${sentence}`]);
});

test("what a break brings again is not said again, nor what was spelled long ago", () => {
  const { heard, comes } = listen();
  comes("question_asked", { ...asked(1, "Who?", jun), replayed: true });
  comes("spirit_response", { ...answered(2, 1, "YES", -60_000), replayed: true });
  jest.advanceTimersByTime(10_000);
  expect(heard).toEqual([]);
});

test("whoever comes in mid-word hears the rest", () => {
  const { heard, comes } = listen();
  jest.advanceTimersByTime(2_000); // past THE
  comes("spirit_response", { ...answered(1, null, "THE STAIR", 0), replayed: true });
  jest.advanceTimersByTime(20_000);
  expect(heard).toEqual(["S T A I R, stair", "The spirit says: the stair."]);
});

test("a tab that slept says the newest line only", () => {
  const { heard, comes } = listen();
  comes("spirit_response", answered(1, null, "IT IS COLD", 600));
  jest.setSystemTime(Date.now() + 60_000);
  document.dispatchEvent(new Event("visibilitychange"));
  jest.advanceTimersByTime(10_000);
  expect(heard).toEqual(["The spirit speaks unasked.", "The spirit says: it is cold."]);
});

test("letter by letter for whoever prefers it", () => {
  const { heard, comes } = listen("letters");
  comes("spirit_response", answered(1, null, "COLD", 0));
  jest.advanceTimersByTime(20_000);
  expect(heard).toEqual(["The spirit speaks unasked.", "C", "O", "L", "D", "The spirit says: cold."]);
});

test("comings and goings", () => {
  const { heard, comes } = listen();
  const ines = { ...jun, id: "p-ines", name: "Ines", candle: 3 };
  comes("user_joined", { participant: ines, count: 3 });
  comes("user_left", { participant_id: jun.id, reason: "lost", count: 2 });
  comes("user_joined", { participant: jun, count: 3 });
  comes("user_left", { participant_id: ines.id, reason: "left", count: 2 });
  expect(heard).toEqual(["Ines sits down.", "Jun has slipped away.", "Jun sits down.", "Ines has left."]);
});

test("a broken line is said when it lasts, and so is its end", () => {
  const { table, heard } = listen();
  const back = () => table.setState((now) => at.welcomed(now, welcome()));
  table.setState(at.lineLost);
  jest.advanceTimersByTime(1_000);
  back();
  expect(heard).toEqual([]);
  table.setState(at.lineLost);
  jest.advanceTimersByTime(2_000);
  back();
  expect(heard).toEqual(["The line to the table broke. Coming back.", "You are back at the table."]);
  table.setState((now) => at.lineClosed(now, "kicked"));
  expect(heard.at(-1)).toBe("The host has asked you to leave the table.");
});

test("notices are said each time", () => {
  const { heard, comes } = listen();
  comes("error", { code: "rate_limited", message: "One question in 4 s." });
  comes("error", { code: "rate_limited", message: "One question in 4 s." });
  expect(heard).toEqual(["One question in 4 s.", "One question in 4 s."]);
});

test("the last answer is said again on request", () => {
  const { heard, comes } = listen();
  voice?.repeat();
  comes("spirit_response", { ...answered(1, null, "COLD", -60_000), replayed: true });
  voice?.repeat();
  expect(heard).toEqual(["The spirit has not spoken yet.", "The spirit says: cold."]);
});

test("what happens at the table besides questions is said as well", () => {
  const { heard, comes } = listen();
  comes("hands", { t: 1, h: [[1, 500, 360]], p: [500, 360] });
  comes("hands", { t: 2, h: [[1, 520, 360]], p: [501, 360] });
  comes("hands", { t: 3, h: [[2, 520, 360]], p: [502, 360] });
  comes("whose_hand", { answer_seq: 2, shares: [[2, 1]] });
  comes("hush", { ms: 4_000 });
  const { session } = welcome();
  comes("session_updated", { session: { ...session, locked: true } });
  comes("session_updated", { session: { ...session, locked: true } });
  comes("session_updated", { session });
  expect(heard).toEqual([
    "Your hand is on the planchette.",
    "Your hand is lifted.",
    "Jun leaned into it.",
    "The candles gutter for a moment.",
    "The host has locked the table.",
    "The table is open again.",
  ]);
});
