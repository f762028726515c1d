// A board's half of a room: it owns the line, the clock and the outbox, and turns what comes into a table that React
// watches. Nothing is lost and nothing is met twice: kept frames are counted, a hole in the count joins again with
// `since`, questions wait in the outbox until they are acknowledged.

import { createStore, type StoreApi } from "zustand/vanilla";
import { type Clock, ServerClock } from "./clock";
import { askAgain, type Farewell } from "./codes";
import { graphemeCount, questionAtMost } from "./grapheme";
import type { felt } from "./feel";
import type { Trail } from "./hands";
import { newId } from "./id";
import type { Dial, Line } from "./line";
import type { Outbox } from "./outbox";
import { type Fault, type HandsFrame, parseAskAck, parseFrame, parseWelcome } from "./protocol";
import type { Frame } from "./protocol";
import { getHistory } from "./rest";
import { giveUpSeat, type Seat } from "./seat";
import { newestAnswer } from "./scene";
import { keepInStep } from "./sync";
import * as at from "./table";
import { Touch } from "./touch";

const pageSize = 50;
const unfeltMost = 30; // frames of hands, 2 s of them, that wait for what reads them
const againMs = 4_000; // the server's own pace: one question per person in 4 s
const typingMs = 3_000; // a pen that rests this long is off the slip
const leaveMs = 1_000; // how long a goodbye may take

export interface Room {
  readonly table: StoreApi<at.Table>;
  readonly clock: Clock;
  readonly hands: StoreApi<Trail>; // what people's hands did of late
  readonly touch: Touch; // your own
  // start takes the seat and stop gets up without leaving it; both may be called again.
  start(): void;
  stop(): void;
  write(draft: string): void;
  ask(text: string): Promise<void>;
  // Takes back a question that is not on the table yet.
  withdraw(messageId: string): Promise<void>;
  readOlder(): Promise<void>;
  // Gives an answer one to five stars; again replaces what you gave before.
  rate(seq: number, value: number): Promise<void>;
  dismissCare(): void;
  leave(): Promise<void>;
}

export interface RoomOptions {
  readonly code: string;
  readonly seat: Seat;
  readonly dial: Dial;
  readonly outbox?: Promise<Outbox>;
  readonly history?: typeof getHistory;
}

export function openRoom(options: RoomOptions): Room {
  return new LiveRoom(options);
}

class LiveRoom implements Room {
  readonly table: StoreApi<at.Table>;
  readonly clock = new ServerClock();
  readonly hands: StoreApi<Trail> = createStore(() => []);
  readonly touch = new Touch((hand) => this.line?.send("move_hand", hand));

  private readonly outbox: Promise<Outbox>;
  private readonly history: typeof getHistory;
  private line: Line | null = null;
  private joins = 0;
  private joining = false; // kept frames wait: the welcome brings them again, in order
  private asking = false;
  private penDown = false;
  private stopClock: (() => void) | null = null;
  private loaded: Promise<void> | null = null;
  private felt: typeof felt | null = null;
  private unfelt: HandsFrame[] = [];
  private again: ReturnType<typeof setTimeout> | undefined;
  private penUp: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: RoomOptions) {
    this.table = createStore(() => at.emptyTable(options.code));
    this.outbox = options.outbox ?? import("./outbox").then(({ openOutbox }) => openOutbox());
    this.history = options.history ?? getHistory;
  }

  start(): void {
    if (this.line || this.now.line === "closed") return;
    this.loaded ??= this.loadOutbox();
    void this.loadFeel();
    this.line = this.options.dial({
      up: () => void this.join(),
      frame: (event, data) => this.met(event, data),
      down: (farewell) => this.down(farewell),
    });
  }

  stop(): void {
    clearTimeout(this.again);
    clearTimeout(this.penUp);
    this.stopKeeping();
    this.touch.lift();
    this.line?.hangUp();
    this.line = null;
    this.set(at.lineLost);
  }

  write(draft: string): void {
    this.set((table) => ({ ...table, draft }));
    clearTimeout(this.penUp);
    if (draft.trim() === "") return this.pen(false);
    this.pen(true);
    this.penUp = setTimeout(() => this.pen(false), typingMs);
  }

  async ask(written: string): Promise<void> {
    const text = written.trim();
    if (text === "") return this.say("Write a question first.", "error");
    const graphemes = graphemeCount(text);
    if (graphemes > questionAtMost) {
      const over = graphemes - questionAtMost;
      return this.say(`Too long by ${over} ${over === 1 ? "character" : "characters"}.`, "error");
    }
    if (this.now.line === "closed") return this.say("The sitting is over: nobody hears it.", "error");
    const question: at.Outgoing = {
      message_id: newId(),
      text,
      state: this.now.line === "open" ? "sending" : "offline",
    };
    this.set((table) => ({ ...at.withOutgoing(table, question), draft: "" }));
    clearTimeout(this.penUp);
    this.pen(false);
    const session = this.options.seat.session;
    await (await this.outbox).put({ message_id: question.message_id, session, text, asked_at: this.clock.serverNow() });
    await this.sendWaiting();
  }

  async withdraw(messageId: string): Promise<void> {
    this.set((table) => at.withoutOutgoing(table, messageId));
    await (await this.outbox).remove(messageId);
  }

  async readOlder(): Promise<void> {
    const first = this.now.kept[0]?.data.seq ?? 1;
    if (first <= 1) return;
    const after = Math.max(0, first - 1 - pageSize);
    const page = await this.history(this.options.code, this.options.seat.token, after, first - 1 - after);
    if (page.fault) return this.say(page.fault.message, "error");
    this.set((table) => at.remembered(table, page.ok.messages));
  }

  async rate(seq: number, value: number): Promise<void> {
    const before = this.now.stars.get(seq) ?? null;
    this.set((table) => at.withStars(table, seq, value));
    const reply = await this.line?.call("rate_answer", { seq, value });
    if (!reply || !("fault" in reply)) return;
    this.set((table) => at.withStars(table, seq, before));
    this.say(reply.fault.message, "error");
  }

  dismissCare(): void {
    this.set((table) => ({ ...table, care: null }));
  }

  async leave(): Promise<void> {
    const said = this.line?.call("leave_session", {});
    if (said && this.now.line === "open") {
      await Promise.race([said, new Promise((resolve) => setTimeout(resolve, leaveMs))]);
    }
    this.close("left");
  }

  private get now(): at.Table {
    return this.table.getState();
  }

  private set(change: (table: at.Table) => at.Table): void {
    this.table.setState(change, true);
  }

  private say(text: string, tone: at.Notice["tone"]): void {
    this.set((table) => at.withNotice(table, text, tone));
  }

  // join takes the seat, at first and after every break of the line or of the count.
  private async join(): Promise<void> {
    const { line } = this;
    if (!line) return;
    const mine = ++this.joins;
    this.joining = true;
    const since = this.now.seq;
    const { token } = this.options.seat;
    const reply = await line.call("join_session", since === null ? { token } : { token, since });
    if (mine !== this.joins || line !== this.line) return;
    this.joining = false;
    if ("fault" in reply) return this.notSeated(reply.fault);
    const welcome = parseWelcome(reply.data);
    if (!welcome) return this.close("misunderstood");
    this.penDown = false;
    this.clock.guess(welcome.now);
    this.set((table) => at.welcomed(table, welcome));
    this.unfelt = [];
    this.hands.setState([], true); // a planchette that is not where it would be without hands is told of anew
    this.stopKeeping();
    this.stopClock = keepInStep(line, this.clock);
    void this.sendWaiting();
    if (!welcome.recovered) void this.catchUp(since ?? Math.max(0, welcome.seq - pageSize));
  }

  // notSeated: a line that closes for good says so itself, right after the fault.
  private notSeated(fault: Fault): void {
    if (fault.code === "unauthorized" || fault.code === "not_found") return this.close("no_seat");
    if (fault.code === "forbidden") return this.close("kicked");
    if (fault.code === "session_ended") return this.close("ended");
    if (fault.code !== "unavailable") this.say(fault.message, "error");
    this.line?.redial(fault.retry_after_ms ?? 2_000);
  }

  private met(event: string, data: unknown): void {
    const frame = parseFrame(event, data);
    if (!frame) return;
    const place = at.placeOf(this.now, frame);
    if (place !== "loose" && this.joining) return;
    if (place === "gap") return void this.join();
    const before = this.now.outgoing;
    if (frame.event === "hands") this.feel(frame.data);
    this.set((table) => at.withFrame(table, frame, this.clock.serverNow()));
    if (this.now.outgoing !== before) void this.forgetSent(before);
    if (this.freesYourTurn(frame)) void this.sendWaiting();
  }

  private feel(frame: HandsFrame): void {
    const { felt } = this;
    if (felt) this.hands.setState((trail) => felt(trail, frame, newestAnswer(this.now)), true);
    else this.unfelt = [...this.unfelt, frame].slice(-unfeltMost);
  }

  private async loadFeel(): Promise<void> {
    if (this.felt) return;
    const loaded = await import("./feel").catch(() => null); // offline: hands are not seen, letters are
    if (!loaded) return;
    this.felt = loaded.felt;
    for (const frame of this.unfelt.splice(0)) this.feel(frame);
  }

  // A question of ours came back from the table although its ack was lost.
  private async forgetSent(before: readonly at.Outgoing[]): Promise<void> {
    const outbox = await this.outbox;
    const left = new Set(this.now.outgoing.map(({ message_id }) => message_id));
    await Promise.all(before.filter((q) => !left.has(q.message_id)).map((q) => outbox.remove(q.message_id)));
  }

  private freesYourTurn(frame: Frame): boolean {
    return frame.event === "spirit_thinking" && this.now.outgoing.some(({ state }) => state === "held");
  }

  private down(farewell: Farewell | null): void {
    this.joins++;
    this.joining = false;
    clearTimeout(this.again);
    this.stopKeeping();
    this.touch.lift();
    if (farewell) this.close(farewell);
    else this.set(at.lineLost);
  }

  private close(farewell: Farewell): void {
    this.stop();
    if (farewell !== "flooding" && farewell !== "misunderstood") giveUpSeat(this.options.code);
    this.set((table) => at.lineClosed(table, farewell));
  }

  private stopKeeping(): void {
    this.stopClock?.();
    this.stopClock = null;
  }

  // catchUp reads what was missed beyond what a join brings back.
  private async catchUp(since: number): Promise<void> {
    this.say("You missed more than fits on the line. It is being read from the minutes.", "word");
    for (let after: number | null = since; after !== null;) {
      const page: Awaited<ReturnType<typeof getHistory>> = await this.history(
        this.options.code,
        this.options.seat.token,
        after,
        200,
      );
      if (page.fault) return this.say(page.fault.message, "error");
      const { messages, next_after } = page.ok;
      this.set((table) => at.remembered(table, messages));
      after = next_after !== null && next_after > after ? next_after : null;
    }
  }

  private async loadOutbox(): Promise<void> {
    const unsent = await (await this.outbox).all(this.options.seat.session);
    for (const { message_id, text } of unsent) {
      this.set((table) => at.withOutgoing(table, { message_id, text, state: "offline" }));
    }
  }

  // sendWaiting asks what waits, in order and one at a time. A question that is not taken now holds those behind it.
  private async sendWaiting(): Promise<void> {
    await this.loaded;
    if (this.asking) return;
    this.asking = true;
    clearTimeout(this.again);
    try {
      for (let next = this.now.outgoing[0]; next && this.now.line === "open"; next = this.now.outgoing[0]) {
        if (!(await this.send(next))) return;
      }
    } finally {
      this.asking = false;
    }
  }

  // send is false when the question has to wait.
  private async send(question: at.Outgoing): Promise<boolean> {
    const { line } = this;
    if (!line) return false;
    const { message_id, text } = question;
    this.set((table) => at.markOutgoing(table, message_id, "sending"));
    const reply = await line.call("send_message", { message_id, text });
    if ("data" in reply && parseAskAck(reply.data)) {
      await this.withdraw(message_id);
      return true;
    }
    const fault = "fault" in reply ? reply.fault : null;
    if (fault && !askAgain(fault.code)) {
      this.set((table) => at.returned(table, question));
      await (await this.outbox).remove(message_id);
      this.say(fault.message, "error");
      return true;
    }
    if (this.now.line !== "open") return false; // it shows as offline, and is asked on return
    this.set((table) => at.markOutgoing(table, message_id, "held"));
    this.again = setTimeout(() => void this.sendWaiting(), fault?.retry_after_ms ?? againMs);
    return false;
  }

  private pen(down: boolean): void {
    if (down === this.penDown) return;
    this.penDown = down;
    this.line?.send("set_typing", { typing: down });
  }
}
