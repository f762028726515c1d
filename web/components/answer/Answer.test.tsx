import { act, render } from "@testing-library/react";
import { ServerClock } from "@/lib/clock";
import type { Whispered } from "@/lib/protocol";
import type { Scene } from "@/lib/scene";
import { anAnswer, asked, kept, whispered } from "@/tests/sitting";
import { Answer } from "./Answer";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const question = kept("question_asked", asked(1, "Where?")).data as Scene["question"];
const whisper = kept("spirit_whisper", whispered(3, 2, "mind it", 0)).data as Whispered;

function clockAt(nowMs: number) {
  const began = Date.now();
  const clock = new ServerClock(() => Date.now() - began);
  clock.guess(nowMs);
  return clock;
}
function show(scene: Partial<Scene>, nowMs = 0) {
  const clock = clockAt(nowMs);
  const whole = { question, answer: null, whisper: null, stirring: false, ...scene };
  const { container } = render(<Answer scene={whole} clock={clock} spirit="Edgar" lang="de" />);
  return {
    clock,
    container,
    letters: () => container.querySelector(".answer-letters")?.textContent ?? "",
    lead: () => container.querySelector(".answer-lead")?.textContent,
    whispers: () => container.querySelector(".answer-whisper")?.firstChild?.textContent ?? "",
  };
}
const pass = (ms: number) => act(() => jest.advanceTimersByTime(ms));

test("letters appear one by one, at their moments", () => {
  const { letters, container } = show({ answer: anAnswer(2, 1, "THE STAIR", 0) });
  expect(letters()).toBe("");
  pass(561);
  expect(letters()).toBe("T");
  pass(500);
  expect(letters()).toBe("TH");
  expect(container.querySelector("[data-newest]")).toHaveTextContent("H");
  pass(3_000);
  expect(letters()).toBe("THESTAIR");
  expect(container.querySelectorAll(".answer-word")).toHaveLength(2);
});

test("whoever comes in mid-word sees the right letters at once", () => {
  expect(show({ answer: anAnswer(2, 1, "THE STAIR", 0) }, 2_100).letters()).toBe("THES");
});

test("a corrected clock corrects the letters", () => {
  const { clock, letters } = show({ answer: anAnswer(2, 1, "THE STAIR", 0) });
  act(() => clock.guess(1_600));
  expect(letters()).toBe("THE");
});

test("the whisper is inked after the last letter", () => {
  const { whispers, container } = show({ answer: anAnswer(2, 1, "YES", 0), whisper });
  pass(1_059);
  expect(whispers()).toBe("");
  pass(1 + 62 * 3);
  expect(whispers()).toBe("mind");
  expect(container.querySelector(".answer-whisper")).toHaveTextContent("mind it"); // the rest holds its place
  pass(1_000);
  expect(whispers()).toBe("mind it");
});

test("what it does is said above the letters", () => {
  expect(show({}).lead()).toBe("The board is still");
  expect(show({ stirring: true }).lead()).toBe("Edgar stirs");
  const { lead } = show({ answer: anAnswer(2, 1, "YES", 0) });
  expect(lead()).toBe("Edgar spells");
  pass(2_000);
  expect(lead()).toBe("Edgar spelled");
});

test("what was said unasked looks it", () => {
  const { lead, container } = show({ question: null, answer: anAnswer(2, null, "COLD", 0) });
  expect(lead()).toBe("Edgar speaks unasked");
  expect(container.querySelector(".answer")).toHaveAttribute("data-unasked");
  pass(4_000);
  expect(lead()).toBe("Edgar, unasked");
  expect(show({ answer: anAnswer(2, 1, "COLD", 0) }).container.querySelector(".answer")).not.toHaveAttribute(
    "data-unasked",
  );
});

test("it is for the eyes, in the spirit's language", () => {
  const { container } = show({ answer: anAnswer(2, 1, "JA", 0) });
  for (const part of [".answer-lead", ".answer-words"]) {
    expect(container.querySelector(part)).toHaveAttribute("aria-hidden", "true");
  }
  expect(container.querySelector(".answer-letters")?.closest("[lang]")).toHaveAttribute("lang", "de");
});

describe("measuring", () => {
  afterEach(() => {
    history.replaceState(null, "", "/");
    delete window.__seance;
  });

  test("notes when each letter was shown, only where it is asked for", () => {
    show({ answer: anAnswer(2, 1, "YES", 0) });
    pass(1_000);
    expect(window.__seance).toBeUndefined();
    history.replaceState(null, "", "/s/RAVEN-417?measure");
    show({ answer: anAnswer(2, 1, "HI", 0) });
    pass(560);
    pass(500);
    expect(window.__seance?.reveals).toMatchObject([
      { seq: 2, index: 0, glyph: "H", dueMs: 560, serverMs: 560 },
      { seq: 2, index: 1, glyph: "I", dueMs: 1_060, serverMs: 1_060 },
    ]);
  });
});
