/** @jest-environment node */
import { anAnswer, kept, whispered } from "../tests/sitting";
import type { Whispered } from "./protocol";
import { inkedAt, lastRevealAt, revealAt, shownAt, whisperFrom, wordsOf } from "./score";

const answer = anAnswer(3, 2, "THE STAIR", 10_000);
const whisper = (at: number) => kept("spirit_whisper", whispered(4, 3, "mind the third step", at)).data as Whispered;

test("nothing is shown before its moment, everything after it", () => {
  expect(shownAt(answer.score, 0)).toBe(0);
  expect(shownAt(answer.score, 10_559)).toBe(0);
  expect(shownAt(answer.score, 10_560)).toBe(1); // 60 ms after arriving
  expect(shownAt(answer.score, 11_061)).toBe(2);
  expect(shownAt(answer.score, 99_999)).toBe(8);
});

test("the next moment is always later than what is shown, until all is", () => {
  for (let now = 9_000; now < 20_000; now += 37) {
    expect(revealAt(answer.score, shownAt(answer.score, now))).toBeGreaterThan(now);
  }
  expect(revealAt(answer.score, 8)).toBe(Infinity);
});

test("words begin where the score says so", () => {
  expect(wordsOf(answer.score)).toEqual([
    ["T", "H", "E"],
    ["S", "T", "A", "I", "R"],
  ]);
  expect(wordsOf(anAnswer(3, 2, "GOODBYE").score)).toEqual([["GOODBYE"]]);
});

test("the whisper waits for the last letter, or for itself", () => {
  expect(whisperFrom(answer, whisper(9_000))).toBe(lastRevealAt(answer.score) + 500);
  expect(whisperFrom(answer, whisper(60_000))).toBe(60_000);
});

test("ink flows at 62 ms a character", () => {
  expect(inkedAt(19, 1_000, 999)).toBe(0);
  expect(inkedAt(19, 1_000, 1_000)).toBe(1);
  expect(inkedAt(19, 1_000, 1_061)).toBe(1);
  expect(inkedAt(19, 1_000, 1_062)).toBe(2);
  expect(inkedAt(19, 1_000, 1e9)).toBe(19);
});
