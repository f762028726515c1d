/** @jest-environment node */
import { anAnswer, kept, whispered } from "../tests/sitting";
import { again, narration } from "./narrate";
import type { Whispered } from "./protocol";

const answer = anAnswer(3, 2, "I HEAR RAIN", 10_000);
const whisper = kept("spirit_whisper", whispered(4, 3, "it is close")).data as Whispered;
const said = (lines: ReturnType<typeof narration>) =>
  lines.map(({ atMs, intro, words }) => [atMs, `${intro} ${words}`.trim()]);

test("word by word as the letters come, then the whole line, then the whisper", () => {
  expect(said(narration(answer, whisper, "words"))).toEqual([
    [10_560, "I"],
    [12_560, "H E A R, hear"],
    [14_560, "R A I N, rain"],
    [15_460, "The spirit says: I hear rain."],
    [16_360, "It whispers: it is close"],
  ]);
});

test("letter by letter leaves 900 ms for each", () => {
  const lines = narration(answer, null, "letters");
  expect(
    lines
      .map(({ words }) => words)
      .slice(0, 9)
      .join(""),
  ).toBe("IHEARRAIN");
  for (let i = 1; i < lines.length; i++) {
    expect(lines[i]!.atMs - lines[i - 1]!.atMs).toBeGreaterThanOrEqual(900);
  }
});

test("a single word is not said twice", () => {
  expect(said(narration(anAnswer(3, 2, "YES", 10_000), null, "words"))).toEqual([[10_560, "yes"]]);
  expect(said(narration(anAnswer(3, 2, "1847", 10_000), null, "words"))).toEqual([[12_060, "1 8 4 7, 1847"]]);
});

test("again is everything at once", () => {
  expect(again(answer, whisper)).toEqual({ intro: "The spirit says:", words: "I hear rain. it is close" });
});
