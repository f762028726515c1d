/** @jest-environment node */
import { answered, asked, frame, jun, mara, welcome, whispered } from "../tests/sitting";
import { isUnasked, minutesOf, newestAnswer, olderThan, queueWord, sceneAt, sittersOf, waiting } from "./scene";
import { emptyTable, type Table, welcomed, withFrame } from "./table";

const seated = welcomed(emptyTable("RAVEN-417"), welcome());
const after = (...frames: ReturnType<typeof frame>[]) =>
  frames.reduce<Table>((table, each) => withFrame(table, each, 0), seated);
const first = frame("question_asked", asked(1, "Is anyone there?", jun));
const thinking = frame("spirit_thinking", { question_seq: 1, spirit: "edgar", at: 1 });
const yes = frame("spirit_response", answered(2, 1, "YES", 10_000)); // plays until 11_300
const second = frame("question_asked", asked(3, "Who?"));
const whisper = frame("spirit_whisper", whispered(4, 2, "behind you"));

test("an empty board is still", () => {
  expect(sceneAt(seated, 0)).toEqual({ question: null, answer: null, whisper: null, stirring: false });
});

test("a question's turn stirs the spirit, its answer takes the board", () => {
  expect(sceneAt(after(first, thinking), 0)).toMatchObject({ question: { seq: 1 }, answer: null, stirring: true });
  const scene = sceneAt(after(first, thinking, yes, second, whisper), 10_500);
  expect(scene).toMatchObject({ question: { seq: 1 }, answer: { seq: 2 }, whisper: { seq: 4 }, stirring: false });
});

test("the next question waits until the answer has played, and then stirs even if nobody said so", () => {
  const table = after(first, thinking, yes, second);
  expect(sceneAt(table, 11_299).question?.seq).toBe(1);
  expect(sceneAt(table, 11_300)).toMatchObject({ question: { seq: 3 }, stirring: true });
});

test("a question whose answer was erased does not wait for it again; who was not answered yet does", () => {
  const blank = (...seqs: number[]) => frame("messages_erased", { seqs, participant_ids: [] });
  expect(waiting(after(first, thinking, yes, second, blank(2))).map(({ seq }) => seq)).toEqual([3]);
  expect(waiting(after(first, thinking, yes, second, blank(1, 2))).map(({ seq }) => seq)).toEqual([3]);
  expect(waiting(after(first, second, blank(1))).map(({ seq }) => seq)).toEqual([3]);
  expect(sceneAt(after(first, thinking, yes, blank(2)), 99_999).stirring).toBe(false);
});

test("nobody waits at a table that is over", () => {
  const table = after(first, frame("session_ended", { seq: 2, at: 5, reason: "host" }));
  expect(waiting(table)).toEqual([]);
  expect(sceneAt(table, 99).stirring).toBe(false);
});

describe("the queue", () => {
  const yours = frame("question_asked", asked(3, "And me?", mara));
  const third = frame("question_asked", asked(4, "And I?", { ...jun, id: "p-ines" }));
  const seatedAs =
    (role: "host" | "player") =>
    (table: Table): Table => ({ ...table, you: { ...mara, role } });

  test.each([
    ["nothing is ahead of yours: its turn comes at once", [yours], false, null, null],
    [
      "yours is thought of",
      [yours, frame("spirit_thinking", { question_seq: 3, spirit: "edgar", at: 1 })],
      true,
      null,
      null,
    ],
    ["letters are spelled", [yours], true, ...both("Your question waits: one is ahead of it.")],
    ["another is thought of", [first, thinking, yours], false, ...both("Your question waits: one is ahead of it.")],
    ["another waits as well", [first, yours], true, ...both("Your question waits: 2 are ahead of it.")],
    ["another is behind yours", [yours, third], true, ...both("Your question waits: one is ahead of it.")],
    ["another waits for letters", [first], true, "One question waits.", null],
    ["two others wait", [first, third], true, "2 questions wait.", null],
    ["one is thought of, one waits", [first, thinking, third], false, "One question waits.", null],
    ["one is thought of", [first, thinking], false, null, null],
    ["nobody asked", [], true, null, null],
  ] as const)("%s", (_, frames, playing, host, player) => {
    const table = after(...frames);
    expect(queueWord(seatedAs("host")(table), playing)).toBe(host);
    expect(queueWord(seatedAs("player")(table), playing)).toBe(player);
  });

  function both(word: string): [string, string] {
    return [word, word];
  }
});

test("an answer to nobody is unasked", () => {
  expect(isUnasked(newestAnswer(after(frame("spirit_response", answered(1, null, "COLD")))))).toBe(true);
  expect(isUnasked(newestAnswer(after(first, yes)))).toBe(false);
  expect(isUnasked(null)).toBe(false);
});

test("minutes put answers and whispers to their questions", () => {
  const own = frame("spirit_response", answered(5, null, "COLD"));
  const gone = frame("question_asked", { seq: 6, erased: true });
  const minutes = minutesOf(after(first, yes, second, whisper, own, gone));
  expect(
    minutes.map(({ question, answer, whisper: w, erased }) => [question?.text, answer?.board, w?.text, erased]),
  ).toEqual([
    ["Is anyone there?", "YES", "behind you", false],
    ["Who?", undefined, undefined, false],
    [undefined, "COLD", undefined, false],
    [undefined, undefined, undefined, true],
  ]);
});

test("an answer whose question is on an earlier page is not lost", () => {
  const late = welcomed(emptyTable("RAVEN-417"), welcome({ seq: 2 }));
  const table = withFrame(late, yes, 0);
  expect(minutesOf(table).map(({ answer }) => answer?.board)).toEqual(["YES"]);
  expect(olderThan(table)).toBe(1);
  expect(olderThan(after(first))).toBeNull();
});

describe("candles", () => {
  const people = Array.from({ length: 12 }, (_, i) => ({
    ...{ id: `p${i}`, name: `N${i}`, role: "player" as const, candle: i + 1, lost: i === 2 },
  }));
  const table = { people, typing: new Set(["p1"]), you: { ...people[11]!, candle: 12 } };

  test("stand in their order, with you and whoever asks among them", () => {
    const { sitters, more } = sittersOf(table, "p10", 4);
    expect(sitters.map(({ id, state }) => [id, state])).toEqual([
      ["p0", "lit"],
      ["p1", "typing"],
      ["p10", "asking"],
      ["p11", "lit"],
    ]);
    expect(more).toBe(8);
  });

  test("that smoke make way first", () => {
    expect(sittersOf(table, null, 11).sitters.map(({ id }) => id)).not.toContain("p2");
    expect(sittersOf(table, null, 12).sitters.find(({ id }) => id === "p2")?.state).toBe("lost");
  });

  test("of spectators are not drawn", () => {
    const watched = { ...table, people: [...people.slice(0, 2), { ...people[3]!, role: "spectator" as const }] };
    expect(sittersOf(watched, null, 8)).toMatchObject({ more: 0, watching: 1, sitters: [{ id: "p0" }, { id: "p1" }] });
  });
});
