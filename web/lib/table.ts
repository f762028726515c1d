// The table: everything a board knows of its session, as a pure function of the frames that came. React only watches
// it; the socket and the timers live in room.ts.

import type { Farewell } from "./codes";
import {
  type Care,
  type Frame,
  isKept,
  type Kept,
  type Participant,
  type Session,
  type Thinking,
  type Welcome,
  type WhoseHand,
} from "./protocol";

export type LineState = "joining" | "open" | "lost" | "closed";

// Somebody whose candle stands at the table. Lost: the line broke and the candle smokes until they are back.
export interface Person extends Participant {
  readonly lost: boolean;
}

// A question of ours that is not on the table yet.
export interface Outgoing {
  readonly message_id: string;
  readonly text: string;
  readonly state: "offline" | "sending" | "held";
}

// A sentence for the player. Each has its own number, so that the same words can be said twice.
export interface Notice {
  readonly n: number;
  readonly text: string;
  readonly tone: "error" | "word";
}

// Who leaned into an answer, while it is told.
export interface Leaning {
  readonly shares: WhoseHand["shares"];
  readonly untilMs: number;
}

const quietWord = "The line is quiet: the house spirit answers.";
const whoseHandMs = 2_500; // game.md section 4

export interface Table {
  readonly code: string;
  readonly line: LineState;
  readonly farewell: Farewell | null;
  readonly session: Session | null;
  readonly you: Participant | null;
  readonly people: readonly Person[]; // by candle
  readonly typing: ReadonlySet<string>;
  readonly kept: readonly Kept[]; // by seq
  readonly seq: number | null; // the newest kept frame met in order; null: any frame may be the first
  readonly thinking: Thinking | null;
  readonly quiet: boolean; // it has been said that the house spirit answers
  readonly draft: string;
  readonly outgoing: readonly Outgoing[];
  readonly care: Care | null;
  readonly hushUntilMs: number;
  readonly touching: ReadonlySet<number>; // candles whose hand is on the planchette
  readonly leaning: Leaning | null;
  readonly stars: ReadonlyMap<number, number>; // what you gave, by the answer's seq
  readonly notice: Notice | null;
}

export function emptyTable(code: string): Table {
  return {
    code,
    line: "joining",
    farewell: null,
    session: null,
    you: null,
    people: [],
    typing: new Set(),
    kept: [],
    seq: null,
    thinking: null,
    quiet: false,
    draft: "",
    outgoing: [],
    care: null,
    hushUntilMs: 0,
    touching: new Set(),
    leaning: null,
    stars: new Map(),
    notice: null,
  };
}

// Where a frame stands in the session's gapless count: `next` is applied, `stale` was met before, a `gap` sends the
// board back to join again, and `loose` frames are not counted.
export function placeOf(table: Table, frame: Frame): "next" | "stale" | "gap" | "loose" {
  if (!isKept(frame)) return "loose";
  if (table.seq === null || frame.data.seq === table.seq + 1) return "next";
  return frame.data.seq <= table.seq ? "stale" : "gap";
}

// withFrame applies a frame that is next or loose; a stale one changes nothing. nowMs is the server's time.
export function withFrame(table: Table, frame: Frame, nowMs: number): Table {
  if (isKept(frame)) {
    if (placeOf(table, frame) === "stale") return table;
    const kept = { ...table, kept: merged(table.kept, [frame]), seq: frame.data.seq };
    return withKept(kept, frame);
  }
  switch (frame.event) {
    case "user_joined":
      return withPerson(table, { ...frame.data.participant, lost: false });
    case "user_left":
      return withoutPerson(table, frame.data.participant_id, frame.data.reason === "lost");
    case "user_typing":
      return { ...table, typing: withMember(table.typing, frame.data.participant_id, frame.data.typing) };
    case "spirit_thinking":
      return isAnswered(table, frame.data.question_seq) ? table : { ...table, thinking: frame.data };
    case "spirit_quiet":
      return table.quiet ? table : withNotice({ ...table, quiet: true }, quietWord, "word");
    case "hands":
      return withTouching(
        table,
        frame.data.h.map(([candle]) => candle),
      );
    case "whose_hand":
      return { ...table, leaning: { shares: frame.data.shares, untilMs: nowMs + whoseHandMs } };
    case "session_updated":
      return { ...table, session: frame.data.session };
    case "care":
      return { ...table, care: frame.data };
    case "hush":
      return { ...table, hushUntilMs: Math.max(table.hushUntilMs, nowMs + frame.data.ms) };
    case "messages_erased":
      return withErased(table, new Set(frame.data.seqs), new Set(frame.data.participant_ids));
    case "error":
      return withNotice(table, frame.data.message, "error");
    default:
      return frame satisfies never;
  }
}

function withKept(table: Table, frame: Kept): Table {
  switch (frame.event) {
    case "question_asked":
      return withoutOutgoing(table, frame.data.message_id);
    case "spirit_response": {
      const done = table.thinking?.question_seq === frame.data.question_seq;
      return done ? { ...table, thinking: null } : table;
    }
    case "session_ended":
      return { ...table, thinking: null, session: table.session && ended(table.session, frame.data.at) };
    case "spirit_whisper":
    case "erased":
      return table;
    default:
      return frame satisfies never;
  }
}

// What everybody is called whose name was forgotten.
const nameless = "Somebody";

// withErased takes words off the board, and the names of people who keep their seats.
function withErased(table: Table, seqs: ReadonlySet<number>, ids: ReadonlySet<string>): Table {
  const unnamed = <P extends Participant>(person: P): P =>
    ids.has(person.id) ? { ...person, name: nameless } : person;
  return {
    ...table,
    kept: table.kept.map((frame): Kept => {
      if (seqs.has(frame.data.seq)) {
        return frame.event === "erased" ? frame : { event: "erased", data: { seq: frame.data.seq, was: frame.event } };
      }
      if (frame.event !== "question_asked" || !ids.has(frame.data.participant.id)) return frame;
      return { ...frame, data: { ...frame.data, participant: unnamed(frame.data.participant) } };
    }),
    people: table.people.map(unnamed),
    you: table.you && unnamed(table.you),
    thinking: table.thinking && seqs.has(table.thinking.question_seq) ? null : table.thinking,
  };
}

// welcomed seats the board. The frames that were missed follow as frames of their own, unless the welcome says that
// they are too many: then the count goes on from the newest and the rest is read from the history.
export function welcomed(table: Table, welcome: Welcome): Table {
  const present = welcome.participants.map((person) => ({ ...person, lost: false }));
  const smoking = table.people.filter((person) => person.lost && !present.some(({ id }) => id === person.id));
  return {
    ...table,
    line: "open",
    session: welcome.session,
    you: welcome.participant,
    people: byCandle([...present, ...smoking]),
    typing: new Set(),
    touching: new Set(),
    thinking: null,
    seq: countFrom(table.seq, welcome),
  };
}

function countFrom(seq: number | null, welcome: Welcome): number | null {
  if (welcome.seq === 0 || !welcome.recovered) return welcome.seq;
  return seq;
}

// remembered adds frames from the history; those already here stay as they are.
export function remembered(table: Table, frames: readonly Kept[]): Table {
  return { ...table, kept: merged(table.kept, frames) };
}

export function lineLost(table: Table): Table {
  if (table.line !== "open") return table;
  return {
    ...table,
    line: "lost",
    typing: new Set(),
    touching: new Set(),
    outgoing: table.outgoing.map((each) => ({ ...each, state: "offline" })),
  };
}

export function lineClosed(table: Table, farewell: Farewell): Table {
  return { ...table, line: "closed", farewell, typing: new Set(), touching: new Set(), thinking: null };
}

export function withOutgoing(table: Table, question: Outgoing): Table {
  const known = table.outgoing.some(({ message_id }) => message_id === question.message_id);
  return known ? table : { ...table, outgoing: [...table.outgoing, question] };
}

// markOutgoing changes nothing for a question that has left meanwhile: withdrawn, or met on the table.
export function markOutgoing(table: Table, messageId: string, state: Outgoing["state"]): Table {
  const outgoing = table.outgoing.map((each) => (each.message_id === messageId ? { ...each, state } : each));
  return { ...table, outgoing };
}

export function withoutOutgoing(table: Table, messageId: string): Table {
  const outgoing = table.outgoing.filter(({ message_id }) => message_id !== messageId);
  return outgoing.length === table.outgoing.length ? table : { ...table, outgoing };
}

// returned gives a question that was not taken back to the ask box, before what has been written there since.
export function returned(table: Table, question: Outgoing): Table {
  if (!table.outgoing.some(({ message_id }) => message_id === question.message_id)) return table;
  const draft = table.draft ? `${question.text} ${table.draft}` : question.text;
  return { ...withoutOutgoing(table, question.message_id), draft };
}

export function withNotice(table: Table, text: string, tone: Notice["tone"]): Table {
  return { ...table, notice: { n: (table.notice?.n ?? 0) + 1, text, tone } };
}

// withStars is what you give an answer; null takes it back.
export function withStars(table: Table, seq: number, value: number | null): Table {
  const stars = new Map(table.stars);
  if (value === null) stars.delete(seq);
  else stars.set(seq, value);
  return { ...table, stars };
}

export function isAnswered(table: Table, questionSeq: number): boolean {
  return table.kept.some((kept) => kept.event === "spirit_response" && kept.data.question_seq === questionSeq);
}

function merged(old: readonly Kept[], more: readonly Kept[]): readonly Kept[] {
  const known = new Set(old.map((frame) => frame.data.seq));
  const fresh = more.filter((frame) => !known.has(frame.data.seq));
  return fresh.length === 0 ? old : [...old, ...fresh].sort((a, b) => a.data.seq - b.data.seq);
}

function withPerson(table: Table, person: Person): Table {
  return { ...table, people: byCandle([...table.people.filter(({ id }) => id !== person.id), person]) };
}

function withoutPerson(table: Table, id: string, lost: boolean): Table {
  return {
    ...table,
    people: lost
      ? table.people.map((person) => (person.id === id ? { ...person, lost: true } : person))
      : table.people.filter((person) => person.id !== id),
    typing: withMember(table.typing, id, false),
  };
}

// Hands come 15 times a second: a table on which the same people touch stays the very same.
function withTouching(table: Table, candles: readonly number[]): Table {
  const same = candles.length === table.touching.size && candles.every((candle) => table.touching.has(candle));
  return same ? table : { ...table, touching: new Set(candles) };
}

function withMember(set: ReadonlySet<string>, id: string, member: boolean): ReadonlySet<string> {
  if (set.has(id) === member) return set;
  const next = new Set(set);
  if (member) next.add(id);
  else next.delete(id);
  return next;
}

function byCandle(people: readonly Person[]): readonly Person[] {
  return [...people].sort((a, b) => a.candle - b.candle);
}

function ended(session: Session, at: number): Session {
  return { ...session, state: "ended", ended_at: at };
}
