// What is said of an answer, and when: word by word as the letters are revealed ("B E N E A T H, beneath"), once the
// whole line, then the whisper. Whoever prefers it hears letter by letter, slowly enough to follow.

import type { Answered, Whispered } from "./protocol";
import { lastRevealAt, revealAt, whisperFrom, wordsOf } from "./score";

export type Aloud = "words" | "letters";

// A line to be read aloud: the board's own introduction, then words in the language of the spirit.
export interface Said {
  readonly intro: string;
  readonly words: string;
}

export interface Line extends Said {
  readonly atMs: number; // on the server's clock
}

const letterMs = 900; // game.md section 7: one by one at 900 ms or more
const lineMs = 900; // between the last word and the whole line, so that one does not cut off the other

export function narration(answer: Answered, whisper: Whispered | null, aloud: Aloud): readonly Line[] {
  const lines = aloud === "letters" ? byLetter(answer) : byWord(answer);
  if (lines.length > 1) lines.push({ atMs: lastOf(lines, answer) + lineMs, ...wholeLine(answer) });
  if (whisper) {
    const atMs = Math.max(whisperFrom(answer, whisper), lastOf(lines, answer) + lineMs);
    lines.push({ atMs, intro: "It whispers:", words: whisper.text });
  }
  return lines;
}

// The whole answer at once, for whoever asks to hear it again.
export function again(answer: Answered, whisper: Whispered | null): Said {
  const line = wholeLine(answer);
  return whisper ? { ...line, words: `${line.words} ${whisper.text}` } : line;
}

function wholeLine(answer: Answered): Said {
  const words = wordsOf(answer.score).map((word) => spoken(word.join("")));
  return { intro: "The spirit says:", words: `${words.join(" ")}.` };
}

function byWord(answer: Answered): Line[] {
  let revealed = 0;
  return wordsOf(answer.score).map((word) => {
    revealed += word.length;
    const whole = spoken(word.join(""));
    const words = word.length > 1 ? `${word.join(" ")}, ${whole}` : whole;
    return { atMs: revealAt(answer.score, revealed - 1), intro: "", words };
  });
}

function byLetter(answer: Answered): Line[] {
  let free = 0;
  return answer.score.stops.map((stop, index) => {
    const atMs = Math.max(revealAt(answer.score, index), free);
    free = atMs + letterMs;
    return { atMs, intro: "", words: stop.g.length > 1 ? spoken(stop.g) : stop.g };
  });
}

function lastOf(lines: readonly Line[], answer: Answered): number {
  return lines.at(-1)?.atMs ?? lastRevealAt(answer.score);
}

function spoken(word: string): string {
  return word === "I" ? word : word.toLowerCase();
}
