// What a table shows, read off it: the question and answer on the board, who waits, the minutes, the candles.

import type { Answered, Asked, Kept, Whispered } from "./protocol";
import type { Person, Table } from "./table";

// The part of a table that its scene and minutes are read off.
export type Told = Pick<Table, "kept" | "thinking" | "session">;

// What is on the board. `stirring` is true from a question's turn until its answer is announced.
export interface Scene {
  readonly question: Asked | null;
  readonly answer: Answered | null;
  readonly whisper: Whispered | null;
  readonly stirring: boolean;
}

// sceneAt is the scene at a moment of the server's time. Somebody who sat down while the spirit was thinking never
// heard that it stirred; they see it from the question whose turn has come.
export function sceneAt(table: Told, nowMs: number): Scene {
  const answer = newestAnswer(table);
  const free = !answer || nowMs >= answer.score.ends_at;
  const turn = table.thinking
    ? questionBy(table, table.thinking.question_seq)
    : free
      ? (waiting(table)[0] ?? null)
      : null;
  if (table.thinking || turn) return { question: turn, answer: null, whisper: null, stirring: true };
  const asked = answer && answer.question_seq !== null ? questionBy(table, answer.question_seq) : null;
  return { question: asked, answer, whisper: answer && whisperOf(table, answer.seq), stirring: false };
}

// An answer to nobody: the spirit spoke of its own accord.
export function isUnasked(answer: Answered | null): boolean {
  return answer?.question_seq === null;
}

export function newestAnswer(table: Pick<Table, "kept">): Answered | null {
  const frame = table.kept.findLast((kept) => kept.event === "spirit_response");
  return frame?.event === "spirit_response" ? frame.data : null;
}

// Questions without an answer, in the order of their turns.
export function waiting(table: Told): readonly Asked[] {
  if (table.session?.state === "ended") return [];
  // An answer that was erased does not say whose it was; but questions are answered in order.
  let queue: readonly (Asked | null)[] = [];
  for (const { event, data } of table.kept) {
    const was = event === "erased" ? data.was : event;
    if (was === "question_asked") queue = [...queue, event === "question_asked" ? data : null];
    else if (event === "spirit_response") queue = queue.filter((asked) => asked?.seq !== data.question_seq);
    else if (was === "spirit_response") queue = queue.slice(1);
  }
  return queue.filter((asked) => asked !== null);
}

// What is said of the queue: how many are ahead of your question, an answer that is being spelled among them, or, to
// the host, how many of the others' wait. Null when there is nothing to wait for. `playing`: letters are being spelled.
export function queueWord(table: Table, playing: boolean): string | null {
  const queue = waiting(table);
  const yours = queue.findIndex(({ participant }) => participant.id === table.you?.id);
  const ahead = yours + (playing ? 1 : 0);
  if (yours >= 0 && ahead > 0 && queue[yours]?.seq !== table.thinking?.question_seq) {
    return `Your question waits: ${ahead === 1 ? "one is" : `${ahead} are`} ahead of it.`;
  }
  const others = queue.length - (playing && !table.thinking ? 0 : 1);
  if (yours >= 0 || others < 1 || table.you?.role !== "host") return null;
  return others === 1 ? "One question waits." : `${others} questions wait.`;
}

// One exchange of the minutes. A question may still wait for its answer, and an answer may come of the spirit's own
// accord; words that were erased leave their place.
export interface Exchange {
  readonly seq: number;
  readonly question: Asked | null;
  readonly answer: Answered | null;
  readonly whisper: Whispered | null;
  readonly erased: boolean;
}

export function minutesOf(table: Told): readonly Exchange[] {
  return table.kept.flatMap((kept): Exchange[] => {
    switch (kept.event) {
      case "question_asked": {
        const answer = answerTo(table, kept.data.seq);
        return [{ ...empty(kept), question: kept.data, answer, whisper: answer && whisperOf(table, answer.seq) }];
      }
      case "spirit_response": {
        const { question_seq } = kept.data;
        if (question_seq !== null && questionBy(table, question_seq)) return [];
        return [{ ...empty(kept), answer: kept.data, whisper: whisperOf(table, kept.data.seq) }];
      }
      case "erased":
        return [{ ...empty(kept), erased: true }];
      case "spirit_whisper":
      case "session_ended":
        return [];
      default:
        return kept satisfies never;
    }
  });
}

// The seq before the oldest line that is here, or null when nothing is older.
export function olderThan(table: Told): number | null {
  const first = table.kept[0]?.data.seq ?? 1;
  return first > 1 ? first - 1 : null;
}

// A candle at the table.
export interface Sitter {
  readonly id: string;
  readonly name: string;
  readonly candle: number;
  readonly role: Person["role"];
  readonly state: "lit" | "asking" | "lost" | "typing";
}

// sittersOf gives the candles by number. At most `room` of them are drawn: the newest make way first, but never you
// nor whoever asks; `more` says how many are not drawn. Spectators are a number only.
export function sittersOf(
  table: Pick<Table, "people" | "typing" | "you">,
  askingId: string | null,
  room: number,
): { readonly sitters: readonly Sitter[]; readonly more: number; readonly watching: number } {
  const seated = table.people.filter((person) => person.role !== "spectator");
  const drawn = new Set(
    [...seated]
      .sort((a, b) => weight(a) - weight(b))
      .slice(0, room)
      .map(({ id }) => id),
  );
  function weight(person: Person): number {
    if (person.id === table.you?.id) return -2;
    if (person.id === askingId) return -1;
    return person.lost ? 1_000_000 + person.candle : person.candle;
  }
  const sitters = seated
    .filter(({ id }) => drawn.has(id))
    .map(({ id, name, candle, role, lost }): Sitter => {
      const state = lost ? "lost" : id === askingId ? "asking" : table.typing.has(id) ? "typing" : "lit";
      return { id, name, candle, role, state };
    });
  return {
    sitters,
    more: seated.length - sitters.length,
    watching: table.people.length - seated.length,
  };
}

function empty(kept: Kept): Exchange {
  return { seq: kept.data.seq, question: null, answer: null, whisper: null, erased: false };
}

function questionBy(table: Told, seq: number): Asked | null {
  const frame = table.kept.find((kept) => kept.data.seq === seq);
  return frame?.event === "question_asked" ? frame.data : null;
}

function answerTo(table: Told, questionSeq: number): Answered | null {
  const frame = table.kept.find((kept) => kept.event === "spirit_response" && kept.data.question_seq === questionSeq);
  return frame?.event === "spirit_response" ? frame.data : null;
}

export function whisperOf(table: Pick<Table, "kept">, answerSeq: number): Whispered | null {
  const frame = table.kept.find((kept) => kept.event === "spirit_whisper" && kept.data.answer_seq === answerSeq);
  return frame?.event === "spirit_whisper" ? frame.data : null;
}
