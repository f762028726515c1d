/** @jest-environment node */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  isKept,
  parseAskAck,
  parseClockAck,
  parseFrame,
  parsePage,
  parseReply,
  parseSeated,
  parseSession,
  parseSpirits,
  parseWelcome,
} from "./protocol";

// The golden frames that hold the server to docs/protocol.md hold this parser to it too.
const golden = join(__dirname, "../../relay/wire/testdata");
type Golden = { event: string; data: Record<string, unknown>; socketio: string };
type GoldenCall = Golden & { answer: { data: Record<string, unknown>; socketio: string } };
const load = <T>(name: string) => JSON.parse(readFileSync(join(golden, name), "utf8")) as T;
// What the server already says and this board does not show: it has to be passed over without harm.
const passedOver = ["spirit_voice"];
const frames = readdirSync(golden).filter((name) => name.endsWith(".json"));
const calls = readdirSync(join(golden, "calls")).filter((name) => name.endsWith(".json"));

describe("golden frames", () => {
  test("there are some of every event", () => {
    const events = new Set(frames.map((name) => name.split(".")[0]));
    for (const event of [
      ...[
        "user_joined",
        "user_left",
        "user_typing",
        "hands",
        "whose_hand",
        "question_asked",
        "spirit_thinking",
        "spirit_response",
      ],
      ...["spirit_whisper", "care", "hush", "session_updated", "session_ended", "messages_erased", "error"],
    ]) {
      expect(events).toContain(event);
    }
  });

  test.each(frames)("%s is understood as the Socket.IO client hands it over", (name) => {
    const { event, data, socketio } = load<Golden>(name);
    const [sentEvent, sentData] = JSON.parse(socketio.replace(/^42/, "")) as [string, unknown];
    expect(sentEvent).toBe(event);
    expect(sentData).toEqual(data);
    const frame = parseFrame(sentEvent, sentData);
    if (passedOver.includes(event)) return expect(frame).toBeNull();
    if (data["erased"]) {
      expect(frame).toEqual({ event: "erased", data: { seq: data["seq"], was: event } });
      return;
    }
    expect(frame?.event).toBe(event);
    expect(frame?.data).toMatchObject(data); // what is optional on the wire is there after the door
    expect(frame && isKept(frame)).toBe("seq" in data);
  });

  test.each(calls)("calls/%s: its answer is understood", (name) => {
    const { event, answer } = load<GoldenCall>(`calls/${name}`);
    const [envelope] = JSON.parse(answer.socketio.replace(/^43\d+/, "")) as [unknown];
    const reply = parseReply(envelope);
    if ("code" in answer.data) {
      expect(reply).toMatchObject({ fault: answer.data });
      return;
    }
    expect(reply).toEqual({ data: answer.data });
    if (event === "join_session") expect(parseWelcome(answer.data)).toEqual(answer.data);
    if (event === "sync_clock") expect(parseClockAck(answer.data)).toEqual(answer.data);
    if (event === "send_message") expect(parseAskAck(answer.data)).toMatchObject(answer.data);
  });
});

describe("what does not fit is passed over", () => {
  const whisper = { seq: 9, at: 1, answer_seq: 8, text: "under the stair" };

  test.each([
    ["an event of a newer server", "spirit_dances", whisper],
    ["nothing", "spirit_whisper", undefined],
    ["a list", "spirit_whisper", [whisper]],
    ["a missing field", "spirit_whisper", { seq: 9, at: 1, text: "x" }],
    ["a wrong type", "spirit_whisper", { ...whisper, text: 4 }],
    ["no number at all", "spirit_whisper", { ...whisper, seq: NaN }],
    ["an unknown reason", "user_left", { participant_id: "a", reason: "bored", count: 1 }],
    ["a name of every object", "constructor", {}],
  ])("%s", (_, event, data) => {
    expect(parseFrame(event, data)).toBeNull();
  });

  test("fields of a newer server are left behind", () => {
    expect(parseFrame("spirit_whisper", { ...whisper, mood: "grim" })?.data).toEqual({ ...whisper, replayed: false });
  });
});

describe("REST", () => {
  const session = {
    ...{
      id: "s",
      code: "RAVEN-417",
      name: "The attic",
      spirit: "edgar",
      state: "open",
      locked: false,
      participants: 1,
    },
    settings: { tone: "family", spelling: "short", whose_hand: true },
    ...{ started_at: 1, ended_at: null },
  };
  const participant = { id: "p", name: "Mara", role: "host", candle: 1 };

  test("a failure is a fault, whatever came", () => {
    const error = { code: "invalid_name", message: "No.", details: [{ path: "host_name", message: "too long" }] };
    expect(parseReply({ success: false, data: null, error, timestamp: "" })).toEqual({
      fault: { ...error, retry_after_ms: null },
    });
    for (const odd of [null, "502 Bad Gateway", { success: false }, { success: "true", data: 1 }]) {
      expect(parseReply(odd)).toMatchObject({ fault: { code: "internal" } });
    }
  });

  test("a seat comes with or without a join_url", () => {
    const seated = { session, participant, token: "t" };
    expect(parseSeated(seated)).toEqual({ ...seated, join_url: null, known: false });
    expect(parseSeated({ ...seated, join_url: "http://x/s/A" })?.join_url).toBe("http://x/s/A");
    expect(parseSeated({ ...seated, token: undefined })).toBeNull();
  });

  test("sessions and spirits", () => {
    expect(parseSession({ session })?.code).toBe("RAVEN-417");
    const spirits = [{ id: "edgar", title: "Edgar", description: "A poet.", lang: "en" }];
    expect(parseSpirits({ spirits })).toEqual(spirits);
    expect(parseSpirits({ spirits: [{}] })).toBeNull();
  });

  test("a page of history holds the kept frames that this board understands", () => {
    const messages = [
      { event: "spirit_whisper", seq: 4, at: 1, answer_seq: 3, text: "soon" },
      { event: "question_asked", seq: 5, erased: true },
      { event: "spirit_dances", seq: 6 },
      { event: "hush", ms: 5 },
      "nonsense",
    ];
    const page = parsePage({ messages, next_after: 6 });
    expect(page?.messages.map(({ event, data }) => [event, data.seq])).toEqual([
      ["spirit_whisper", 4],
      ["erased", 5],
    ]);
    expect(page?.next_after).toBe(6);
  });
});
