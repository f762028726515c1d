// What travels between a board and the relay, parsed at the door. Names are the wire's own (docs/protocol.md); times
// are ms since the epoch on the server's clock, except inside a score, where they are ms after its start.

import {
  flag,
  isRecord,
  list,
  maybe,
  nullable,
  number,
  oneOf,
  orElse,
  type Reader,
  read,
  shape,
  text,
  tuple,
  yes,
} from "./parse";

const participant = shape({
  id: text,
  name: text,
  role: oneOf("host", "player", "spectator"),
  candle: number,
});

const session = shape({
  id: text,
  code: text,
  name: text,
  spirit: text,
  state: oneOf("open", "ended"),
  locked: yes,
  participants: number, // how many people are present, spectators left out
  settings: shape({
    tone: oneOf("family", "adult"),
    spelling: oneOf("short", "full"),
    whose_hand: yes,
  }),
  started_at: number,
  ended_at: nullable(number),
});

// `at` is when the planchette arrives, `hold` how long it stays, `w` opens a new word.
const stop = shape({ g: text, at: number, hold: number, w: flag });
const score = shape({ seed: number, starts_at: number, ends_at: number, stops: list(stop) });

const welcome = shape({
  session,
  participant,
  participants: list(participant),
  seq: number,
  recovered: yes,
  now: number,
});

const readers = {
  user_joined: shape({ participant, count: number }),
  user_left: shape({ participant_id: text, reason: oneOf("left", "lost", "kicked"), count: number }),
  user_typing: shape({ participant_id: text, typing: yes }),
  question_asked: shape({
    seq: number,
    at: number,
    message_id: text,
    participant,
    text,
    position: number,
    replayed: flag,
  }),
  spirit_thinking: shape({ question_seq: number, spirit: text, at: number }),
  spirit_quiet: shape({ question_seq: nullable(number) }), // null: the spirit speaks of its own accord
  spirit_response: shape({
    seq: number,
    at: number,
    question_seq: nullable(number), // null: the spirit spoke of its own accord
    board: text,
    score,
    source: oneOf("model", "oracle", "deflection", "initiative"),
    replayed: flag,
  }),
  spirit_whisper: shape({ seq: number, at: number, answer_seq: number, text, replayed: flag }),
  care: shape({ text, lines: list(shape({ label: text, contact: text })) }),
  hush: shape({ ms: number }),
  // Hands are [candle, x, y]; while a score plays `p` is the offset from its path, else the planchette's place.
  hands: shape({ t: number, h: list(tuple(number, number, number)), p: tuple(number, number) }),
  whose_hand: shape({ answer_seq: number, shares: list(tuple(number, number)) }), // [candle, share]
  session_updated: shape({ session }),
  session_ended: shape({ seq: number, at: number, reason: oneOf("host", "goodbye", "idle"), replayed: flag }),
  // Words that are gone, and people who keep their seats without their names.
  messages_erased: shape({ seqs: list(number), participant_ids: list(text) }),
  error: shape({
    code: text,
    message: text,
    retry_after_ms: maybe(number),
    details: orElse(list(shape({ path: text, message: text })), []), // REST names every bad field
  }),
} as const;

export type Participant = ReturnType<typeof participant>;
export type Session = ReturnType<typeof session>;
export type Stop = ReturnType<typeof stop>;
export type Score = ReturnType<typeof score>;
export type Welcome = ReturnType<typeof welcome>;
export type Fault = ReturnType<typeof readers.error>;
export type Care = ReturnType<typeof readers.care>;
export type HandsFrame = ReturnType<typeof readers.hands>;
export type WhoseHand = ReturnType<typeof readers.whose_hand>;

type Sent = {
  [E in keyof typeof readers]: { readonly event: E; readonly data: ReturnType<(typeof readers)[E]> };
}[keyof typeof readers];

// What was said is gone; only its place in the session is left, and what kind of message it was.
interface Erased {
  readonly event: "erased";
  readonly data: { readonly seq: number; readonly was: string };
}

export type Frame = Sent | Erased;
export type FrameOf<E extends Frame["event"]> = Extract<Frame, { event: E }>;
export type Asked = FrameOf<"question_asked">["data"];
export type Answered = FrameOf<"spirit_response">["data"];
export type Whispered = FrameOf<"spirit_whisper">["data"];
export type Thinking = FrameOf<"spirit_thinking">["data"];

// Frames that are kept have a place in the session's gapless count.
export type Kept = FrameOf<"question_asked" | "spirit_response" | "spirit_whisper" | "session_ended" | "erased">;

export function isKept(frame: Frame): frame is Kept {
  switch (frame.event) {
    case "question_asked":
    case "spirit_response":
    case "spirit_whisper":
    case "session_ended":
    case "erased":
      return true;
    default:
      return false;
  }
}

const erased: Reader<{ readonly seq: number }> = shape({ seq: number });

// parseFrame is null for an event that this board does not know and for data that does not fit its event: both are
// passed over, so that a newer server can say more than an older board understands.
export function parseFrame(event: string, data: unknown): Frame | null {
  if (isRecord(data) && data["erased"] === true) {
    const gone = read(erased, data);
    return gone && { event: "erased", data: { ...gone, was: event } };
  }
  if (!Object.hasOwn(readers, event)) return null;
  const parsed = read<unknown>(readers[event as keyof typeof readers], data);
  return parsed === null ? null : ({ event, data: parsed } as Frame);
}

export const parseWelcome = (data: unknown): Welcome | null => read(welcome, data);
export const parseFault = (data: unknown): Fault | null => read(readers.error, data);

// The ack of send_message: the question's place, or word that the care card went out and nothing was kept.
export type AskAck =
  { readonly care: true } | { readonly care: false; readonly seq: number; readonly position: number };
const place = shape({ seq: number, position: number });

export function parseAskAck(data: unknown): AskAck | null {
  if (isRecord(data) && data["care"] === true) return { care: true };
  const kept = read(place, data);
  return kept && { care: false, ...kept };
}

export const parseClockAck = (data: unknown) => read(shape({ t0: number, t1: number, t2: number }), data);

// What a Socket.IO ack and every REST answer are wrapped in.
export type Reply = { readonly data: unknown } | { readonly fault: Fault };
const lost: Fault = {
  code: "internal",
  message: "The answer could not be read. Please try again.",
  retry_after_ms: null,
  details: [],
};

export function parseReply(envelope: unknown): Reply {
  if (!isRecord(envelope)) return { fault: lost };
  if (envelope["success"] === true) return { data: envelope["data"] };
  return { fault: parseFault(envelope["error"]) ?? lost };
}

const seated = shape({ session, participant, token: text, join_url: maybe(text), known: flag });
const spirit = shape({ id: text, title: text, description: text, lang: text });
const page = shape({ messages: list((value) => value), next_after: nullable(number) });

export type Seated = ReturnType<typeof seated>;
export type SpiritCard = ReturnType<typeof spirit>;
export interface Page {
  readonly messages: readonly Kept[];
  readonly next_after: number | null;
}

export const parseSeated = (data: unknown): Seated | null => read(seated, data);
export const parseSession = (data: unknown): Session | null => read(shape({ session }), data)?.session ?? null;
export const parseSpirits = (data: unknown): readonly SpiritCard[] | null =>
  read(shape({ spirits: list(spirit) }), data)?.spirits ?? null;

export function parsePage(data: unknown): Page | null {
  const parsed = read(page, data);
  if (!parsed) return null;
  const messages = parsed.messages.flatMap((message) => {
    const event = isRecord(message) ? message["event"] : undefined;
    const frame = typeof event === "string" ? parseFrame(event, message) : null;
    return frame && isKept(frame) ? [frame] : [];
  });
  return { messages, next_after: parsed.next_after };
}
