// A relay in memory, for tests: one table that keeps its messages, answers joins with what was missed, takes each
// question once, and whose lines can be cut. It speaks as wire.md says; what it does not do is keep time.

import type { Farewell } from "@/lib/codes";
import type { Dial, Line, LineHandlers } from "@/lib/line";
import { type Fault, isKept, type Page, parseFrame, type Reply } from "@/lib/protocol";
import { asked, kept, mara, welcome } from "./sitting";

type Sent = { event: string; data: object & { seq?: number; message_id?: string } };
type Wire = { handlers: LineHandlers; up: boolean; joined: boolean; down: boolean };

const silence: Fault = {
  code: "unavailable",
  message: "The table does not answer.",
  retry_after_ms: null,
  details: [],
};

export class Relay {
  readonly journal: Sent[] = [];
  readonly calls: { event: string; data: Record<string, unknown> }[] = [];
  readonly faults = new Map<string, Fault[]>(); // answers to give instead, by call
  reach = 200; // how many missed messages a join brings back
  now = 10_000; // the server's clock
  careFor: string | null = null; // a text that is answered by the care card
  losesAcks = false; // what is asked is kept, but nobody hears that it was
  private readonly wires: Wire[] = [];

  readonly dial: Dial = (handlers) => {
    const wire: Wire = { handlers, up: false, joined: false, down: false };
    this.wires.push(wire);
    later(() => this.raise(wire));
    const line: Line = {
      call: (event, data) =>
        new Promise((resolve) => {
          this.calls.push({ event, data: { ...data } });
          if (!wire.up) return resolve({ fault: silence });
          later(() => this.answer(wire, event, data as Record<string, unknown>, resolve));
        }),
      send: (event, data) => {
        this.calls.push({ event, data: { ...data } });
      },
      redial: (afterMs) => {
        this.lower(wire, null);
        setTimeout(() => this.raise(wire), afterMs);
      },
      hangUp: () => {
        wire.down = true;
        wire.up = wire.joined = false;
      },
    };
    return line;
  };

  readonly history = async (_code: string, _token: string, after: number, limit: number): Promise<{ ok: Page }> => {
    this.calls.push({ event: "history", data: { after, limit } });
    const messages = this.journal.slice(after, after + limit).map(({ event, data }) => kept(event as "erased", data));
    const next = after + messages.length;
    return { ok: { messages, next_after: next < this.journal.length ? next : null } };
  };

  // Keeps what has a seq, and tells everybody at the table.
  say(event: string, data: object): void {
    const frame = parseFrame(event, data);
    if (frame && isKept(frame)) this.journal.push({ event, data });
    for (const wire of this.wires) {
      if (wire.joined) later(() => wire.joined && wire.handlers.frame(event, data));
    }
  }

  // Keeps a message that nobody hears of: the last event before a break.
  keep(event: string, data: object): void {
    this.journal.push({ event, data });
  }

  cut(farewell: Farewell | null = null): void {
    for (const wire of this.wires) this.lower(wire, farewell);
  }

  restore(): void {
    for (const wire of this.wires) if (!wire.down) this.raise(wire);
  }

  sent(event: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.event === event).map(({ data }) => data);
  }

  private raise(wire: Wire): void {
    if (wire.down || wire.up) return;
    wire.up = true;
    wire.handlers.up();
  }

  private lower(wire: Wire, farewell: Farewell | null): void {
    if (wire.down || !wire.up) return;
    wire.up = wire.joined = false;
    wire.down = farewell !== null;
    wire.handlers.down(farewell);
  }

  private answer(wire: Wire, event: string, data: Record<string, unknown>, resolve: (reply: Reply) => void): void {
    if (!wire.up) return resolve({ fault: silence });
    const fault = this.faults.get(event)?.shift();
    if (fault) return resolve({ fault });
    switch (event) {
      case "join_session":
        return this.join(wire, data["since"] as number | undefined, resolve);
      case "send_message":
        return this.ask(data as { message_id: string; text: string }, resolve);
      case "sync_clock":
        return resolve({ data: { t0: data["t0"], t1: this.now, t2: this.now } });
      default:
        return resolve({ data: {} });
    }
  }

  private join(wire: Wire, since: number | undefined, resolve: (reply: Reply) => void): void {
    const seq = this.journal.length;
    const recovered = since === undefined || seq - since <= this.reach;
    wire.joined = true;
    resolve({ data: welcome({ seq, recovered, now: this.now }) });
    const from = since === undefined ? Math.max(0, seq - 50) : recovered ? since : seq - this.reach;
    for (const { event, data } of this.journal.slice(from)) {
      later(() => wire.joined && wire.handlers.frame(event, { ...data, replayed: true }));
    }
  }

  private ask({ message_id, text }: { message_id: string; text: string }, resolve: (reply: Reply) => void): void {
    if (text === this.careFor) return resolve({ data: { care: true } });
    const known = this.journal.find(({ data }) => data.message_id === message_id);
    const seq = known?.data.seq ?? this.journal.length + 1;
    if (this.losesAcks) resolve({ fault: silence });
    else resolve({ data: { seq, position: 0 } });
    if (!known) this.say("question_asked", asked(seq, text, mara, message_id));
  }
}

// A turn of the event loop of its own, as messages on a socket have.
function later(work: () => void): void {
  setTimeout(work, 0);
}
