// Things that happen at a table, for tests: people, frames, scores. Times are ms on the server's clock.

import {
  type Answered,
  type Frame,
  type Kept,
  parseFrame,
  type Participant,
  type Session,
  type Welcome,
} from "@/lib/protocol";

export const mara: Participant = { id: "p-mara", name: "Mara", role: "host", candle: 1 };
export const jun: Participant = { id: "p-jun", name: "Jun", role: "player", candle: 2 };

export const session: Session = {
  id: "s-1",
  code: "RAVEN-417",
  name: "The attic",
  spirit: "edgar",
  state: "open",
  locked: false,
  participants: 2,
  settings: { tone: "family", spelling: "short", whose_hand: true },
  started_at: 1_000,
  ended_at: null,
};

export function welcome(change: Partial<Welcome> = {}): Welcome {
  return { session, participant: mara, participants: [mara, jun], seq: 0, recovered: true, now: 10_000, ...change };
}

// The data of a frame as it comes over the wire.
export function asked(seq: number, text: string, by: Participant = mara, id = `m-${seq}`) {
  return { seq, at: seq * 1_000, message_id: id, participant: by, text, position: 0 };
}

// A board line spelled from `startsAt`, one glyph every 500 ms: glyph n is revealed at startsAt + (n + 1) * 500 + 60.
export function answered(seq: number, questionSeq: number | null, board: string, startsAt = seq * 1_000) {
  const single = ["YES", "NO", "GOODBYE"].includes(board);
  const words = single ? [[board]] : board.split(" ").map((word) => [...word]);
  const stops = words.flatMap((word, w) => word.map((g, i) => ({ g, w: w > 0 && i === 0 })));
  const timed = stops.map(({ g, w }, i) => ({ g, at: (i + 1) * 500, hold: 200, ...(w && { w }) }));
  const score = { seed: 7, starts_at: startsAt, ends_at: startsAt + stops.length * 500 + 200 + 600, stops: timed };
  return {
    seq,
    at: startsAt - 600,
    question_seq: questionSeq,
    board,
    score,
    source: questionSeq === null ? "initiative" : "oracle",
  };
}

export function whispered(seq: number, answerSeq: number, text: string, at = seq * 1_000) {
  return { seq, at, answer_seq: answerSeq, text };
}

export function frame(event: Frame["event"], data: object): Frame {
  const parsed = parseFrame(event, data);
  if (!parsed) throw new Error(`no such frame: ${event} ${JSON.stringify(data)}`);
  return parsed;
}

export const kept = (event: Kept["event"], data: object) => frame(event, data) as Kept;
export const anAnswer = (...args: Parameters<typeof answered>) =>
  kept("spirit_response", answered(...args)).data as Answered;
