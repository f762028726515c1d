// Score and server time -> letters. Everything here is pure: a late joiner, a hidden tab and a replay ask the same
// question as everybody else, "what is shown at this moment".

import type { Answered, Score, Whispered } from "./protocol";

export const revealAfterMs = 60; // wire.md: a letter is revealed 60 ms after the planchette arrives
const whisperAfterMs = 500; // game.md section 5: the line is spoken 500 ms after the last letter, then the whisper
export const inkMsPerChar = 62; // game.md section 5

// When the nth glyph is revealed, on the server's clock.
export function revealAt(score: Score, index: number): number {
  const stop = score.stops[index];
  return stop ? score.starts_at + stop.at + revealAfterMs : Infinity;
}

// How many glyphs are revealed at a moment.
export function shownAt(score: Score, nowMs: number): number {
  let shown = 0;
  while (shown < score.stops.length && revealAt(score, shown) <= nowMs) shown++;
  return shown;
}

export function lastRevealAt(score: Score): number {
  return score.stops.length === 0 ? score.starts_at : revealAt(score, score.stops.length - 1);
}

// The words of a score as glyphs. GOODBYE, YES and NO are words of one glyph.
export function wordsOf(score: Score): readonly (readonly string[])[] {
  const words: string[][] = [];
  for (const stop of score.stops) {
    const word = words.at(-1);
    if (word && !stop.w) word.push(stop.g);
    else words.push([stop.g]);
  }
  return words;
}

// When the first character of the whisper is inked: after the last letter, or as soon as it arrived if that is later.
export function whisperFrom(answer: Answered, whisper: Whispered): number {
  return Math.max(lastRevealAt(answer.score) + whisperAfterMs, whisper.at);
}

// How many of `length` characters are inked at a moment.
export function inkedAt(length: number, fromMs: number, nowMs: number): number {
  return Math.max(0, Math.min(length, Math.floor((nowMs - fromMs) / inkMsPerChar) + 1));
}
