// The line to the relay: Socket.IO over its WebSocket transport, loaded when it is needed. It comes back by itself,
// with back-off and jitter, unless the close code says that it must not.

import type { Socket } from "socket.io-client";
import { type Farewell, farewellOf } from "./codes";
import { parseReply, type Reply } from "./protocol";

export interface LineHandlers {
  up(): void;
  frame(event: string, data: unknown): void;
  // A farewell means that the line stays down; null that it is being picked up again.
  down(farewell: Farewell | null): void;
}

export interface Line {
  // Asks and waits for the ack. A server that does not answer gives the fault `unavailable`, and the line is dialled
  // anew: silence means that it is dead.
  call(event: string, data: object): Promise<Reply>;
  // Says something that may be lost.
  send(event: string, data: object): void;
  // Hangs up and dials again after a while.
  redial(afterMs: number): void;
  hangUp(): void;
}

export type Dial = (handlers: LineHandlers) => Line;

const answerMs = 10_000; // how long an ack may take
const silent: Reply = {
  fault: {
    code: "unavailable",
    message: "The table does not answer. Trying again.",
    retry_after_ms: null,
    details: [],
  },
};

export const dial: Dial = (handlers) => {
  let socket: Socket | null = null;
  let hungUp = false;
  let redialling: ReturnType<typeof setTimeout> | undefined;

  const loading = import("socket.io-client").then(({ io }) => {
    if (hungUp) return;
    socket = io({
      transports: ["websocket"],
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      randomizationFactor: 0.5,
      timeout: 8_000,
    });
    socket.on("connect", () => handlers.up());
    socket.onAny((event: string, data: unknown) => handlers.frame(event, data));
    socket.on("disconnect", (reason, details) => {
      if (hungUp) return;
      const farewell = farewellOf(closeCode(details));
      if (farewell) hangUp();
      else if (reason === "io server disconnect") redial(1_000); // the client does not come back from this by itself
      handlers.down(farewell);
    });
  });
  loading.catch(() => handlers.down("misunderstood"));

  function redial(afterMs: number) {
    if (hungUp) return;
    clearTimeout(redialling);
    socket?.disconnect();
    redialling = setTimeout(() => socket?.connect(), afterMs);
  }
  function hangUp() {
    hungUp = true;
    clearTimeout(redialling);
    socket?.disconnect();
  }

  return {
    call(event, data) {
      const asked = socket;
      if (!asked?.connected) return Promise.resolve(silent);
      return new Promise((resolve) => {
        asked.timeout(answerMs).emit(event, data, (late: Error | null, envelope: unknown) => {
          if (!late) return resolve(parseReply(envelope));
          if (asked.connected) redial(0);
          resolve(silent);
        });
      });
    },
    send(event, data) {
      if (socket?.connected) socket.volatile.emit(event, data);
    },
    redial,
    hangUp,
  };
};

function closeCode(details: unknown): number | null {
  if (typeof details !== "object" || details === null || !("context" in details)) return null;
  const { context } = details;
  if (typeof context !== "object" || context === null || !("code" in context)) return null;
  return typeof context.code === "number" ? context.code : null;
}
