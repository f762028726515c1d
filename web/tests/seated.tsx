// A room with a relay in memory behind it, for component tests. Timers are fake: `pass` lets time go by.

import { act } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { openOutbox } from "@/lib/outbox";
import { openRoom, type Room } from "@/lib/room";
import { Relay } from "./relay";
import { mara } from "./sitting";

export interface Seated {
  readonly room: Room;
  readonly relay: Relay;
  readonly user: ReturnType<typeof userEvent.setup>;
  readonly pass: (ms?: number) => Promise<void>;
}

// `before` fills the relay with what happened before anybody sat down.
export async function seated(before: (relay: Relay) => void = () => undefined): Promise<Seated> {
  const relay = new Relay();
  before(relay);
  const room = openRoom({
    code: "RAVEN-417",
    seat: { token: "t-1", session: "s-1", participant: mara.id, join_url: null },
    dial: relay.dial,
    outbox: openOutbox(undefined),
    history: relay.history as never,
  });
  room.start();
  const pass = (ms = 20) => act(() => jest.advanceTimersByTimeAsync(ms));
  await pass();
  return { room, relay, pass, user: userEvent.setup({ advanceTimers: (ms) => jest.advanceTimersByTime(ms) }) };
}
