// The seat this browser holds at each table, so that a reload comes back to the same candle.

import { maybe, read, shape, text } from "./parse";

const record = shape({ token: text, session: text, participant: text, join_url: maybe(text) });
export type Seat = ReturnType<typeof record>;

const key = (code: string) => `seance.seat.${code.toUpperCase()}`;

// Where the browser refuses storage, seats last as long as the page.
const inMemory = new Map<string, string>();

export function keepSeat(code: string, seat: Seat): void {
  const kept = JSON.stringify(seat);
  inMemory.set(key(code), kept);
  try {
    localStorage.setItem(key(code), kept);
  } catch {
    // kept in memory above
  }
}

export function seatAt(code: string): Seat | null {
  const kept = stored(key(code)) ?? inMemory.get(key(code));
  if (kept === undefined) return null;
  try {
    return read(record, JSON.parse(kept));
  } catch {
    return null;
  }
}

export function giveUpSeat(code: string): void {
  inMemory.delete(key(code));
  try {
    localStorage.removeItem(key(code));
  } catch {
    // there was nothing to remove
  }
}

function stored(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}
