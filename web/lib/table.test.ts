/** @jest-environment node */
import { answered, asked, frame, jun, kept, mara, session, welcome, whispered } from "../tests/sitting";
import * as at from "./table";
import type { Table } from "./table";

const now = 50_000;
const seated = at.welcomed(at.emptyTable("RAVEN-417"), welcome());
const after = (table: Table, ...frames: ReturnType<typeof frame>[]) =>
  frames.reduce((t, f) => at.withFrame(t, f, now), table);
const question = frame("question_asked", asked(1, "Is anyone there?"));
const answer = frame("spirit_response", answered(2, 1, "YES"));

describe("the count", () => {
  test("frames are next, stale or after a gap", () => {
    const table = after(seated, question);
    expect(at.placeOf(table, answer)).toBe("next");
    expect(at.placeOf(table, question)).toBe("stale");
    expect(at.placeOf(table, frame("spirit_whisper", whispered(3, 2, "no")))).toBe("gap");
    expect(at.placeOf(table, frame("hush", { ms: 5 }))).toBe("loose");
  });

  test("whoever sits down late begins with whatever comes first", () => {
    const late = at.welcomed(at.emptyTable("RAVEN-417"), welcome({ seq: 90 }));
    expect(late.seq).toBeNull();
    expect(at.placeOf(late, frame("question_asked", asked(41, "?")))).toBe("next");
  });

  test("a stale frame changes nothing at all", () => {
    const table = after(seated, question, answer);
    expect(after(table, question)).toBe(table);
  });

  test("an erased message keeps its place in the count", () => {
    const table = after(seated, frame("question_asked", { seq: 1, erased: true }), answer);
    expect(table.seq).toBe(2);
    expect(table.kept.map(({ event }) => event)).toEqual(["erased", "spirit_response"]);
  });

  test("what is erased leaves the board, and who is forgotten keeps a candle without a name", () => {
    const mine = after(seated, question, answer, frame("spirit_thinking", { question_seq: 1, spirit: "x", at: 1 }));
    const table = after(mine, frame("messages_erased", { seqs: [1, 2, 99], participant_ids: [mara.id] }));
    expect(table.kept.map(({ event }) => event)).toEqual(["erased", "erased"]);
    expect(JSON.stringify([table.kept, table.people])).not.toMatch(/Is anyone|YES|Mara/);
    expect(table.people.find(({ id }) => id === mara.id)?.name).toBe("Somebody");
    expect([table.seq, table.thinking]).toEqual([2, null]);
    const again = after(table, frame("messages_erased", { seqs: [1], participant_ids: [] }));
    expect(again.kept).toEqual(table.kept);
  });

  test("coming back goes on where it broke off; too far behind, it goes on from the newest", () => {
    const table = after(seated, question);
    expect(at.welcomed(table, welcome({ seq: 9 })).seq).toBe(1);
    const behind = at.welcomed(table, welcome({ seq: 900, recovered: false }));
    expect(behind.seq).toBe(900);
    const read = at.remembered(behind, [kept("spirit_response", answered(2, 1, "YES"))]);
    expect(read.kept.map((k) => k.data.seq)).toEqual([1, 2]);
    expect(read.seq).toBe(900);
  });

  test("what is read twice is there once, in order", () => {
    const page = [5, 4, 3].map((seq) => kept("question_asked", asked(seq, `${seq}?`)));
    const table = at.remembered(at.remembered(seated, page), page);
    expect(table.kept.map((k) => k.data.seq)).toEqual([3, 4, 5]);
  });
});

describe("people", () => {
  const names = (table: Table) => table.people.map(({ name, lost }) => (lost ? `${name} (lost)` : name));

  test("come, are lost, come back and leave", () => {
    const ines = { ...jun, id: "p-ines", name: "Ines", candle: 3 };
    let table = after(seated, frame("user_joined", { participant: ines, count: 3 }));
    expect(names(table)).toEqual(["Mara", "Jun", "Ines"]);
    table = after(table, frame("user_left", { participant_id: jun.id, reason: "lost", count: 2 }));
    expect(names(table)).toEqual(["Mara", "Jun (lost)", "Ines"]);
    table = after(table, frame("user_joined", { participant: jun, count: 3 }));
    expect(names(table)).toEqual(["Mara", "Jun", "Ines"]);
    for (const reason of ["left", "kicked"]) {
      expect(names(after(table, frame("user_left", { participant_id: jun.id, reason, count: 2 })))).toEqual([
        "Mara",
        "Ines",
      ]);
    }
  });

  test("nobody types any more once they are gone", () => {
    const typing = after(seated, frame("user_typing", { participant_id: jun.id, typing: true }));
    expect([...typing.typing]).toEqual([jun.id]);
    expect(after(typing, frame("user_typing", { participant_id: jun.id, typing: false })).typing.size).toBe(0);
    expect(after(typing, frame("user_left", { participant_id: jun.id, reason: "lost", count: 1 })).typing.size).toBe(0);
  });

  test("a candle that smoked before a break still smokes after it", () => {
    const lost = after(seated, frame("user_left", { participant_id: jun.id, reason: "lost", count: 1 }));
    expect(names(at.welcomed(lost, welcome({ participants: [mara] })))).toEqual(["Mara", "Jun (lost)"]);
    expect(names(at.welcomed(lost, welcome()))).toEqual(["Mara", "Jun"]);
  });
});

describe("an answer", () => {
  const thinking = frame("spirit_thinking", { question_seq: 1, spirit: "edgar", at: 1 });

  test("ends the thinking about its question", () => {
    const table = after(seated, question, thinking);
    expect(table.thinking?.question_seq).toBe(1);
    expect(after(table, answer).thinking).toBeNull();
  });

  test("is not thought about again when the stirring comes late", () => {
    expect(after(seated, question, answer, thinking).thinking).toBeNull();
  });

  test("of the spirit's own accord leaves a question in its thoughts", () => {
    const table = after(seated, question, thinking, frame("spirit_response", answered(2, null, "COLD")));
    expect(table.thinking?.question_seq).toBe(1);
  });
});

describe("questions on their way", () => {
  const going = { message_id: "m-1", text: "Is anyone there?", state: "sending" } as const;

  test("leave the outbox when the table shows them, whether or not their ack came", () => {
    const table = at.withOutgoing(seated, going);
    expect(after(table, question).outgoing).toEqual([]);
  });

  test("that are gone are not marked back to life", () => {
    const table = after(at.withOutgoing(seated, going), question);
    expect(at.markOutgoing(table, "m-1", "held").outgoing).toEqual([]);
    expect(at.returned(table, going).draft).toBe("");
  });

  test("wait while the line is down", () => {
    const table = at.lineLost(at.withOutgoing(seated, going));
    expect(table.line).toBe("lost");
    expect(table.outgoing[0]?.state).toBe("offline");
  });

  test("that are not taken return to the ask box, before what stands there", () => {
    const table = at.withOutgoing({ ...seated, draft: "and then?" }, going);
    expect(at.returned(table, going)).toMatchObject({ draft: "Is anyone there? and then?", outgoing: [] });
  });
});

test("the end closes the session", () => {
  const table = after(seated, question, frame("session_ended", { seq: 2, at: 77, reason: "host" }));
  expect(table.session).toMatchObject({ state: "ended", ended_at: 77 });
});

test("a hush lasts from now, and a shorter one does not cut it", () => {
  const table = after(seated, frame("hush", { ms: 4_000 }), frame("hush", { ms: 100 }));
  expect(table.hushUntilMs).toBe(now + 4_000);
});

test("the same fault is a new notice each time", () => {
  const fault = frame("error", { code: "rate_limited", message: "One question in 4 s." });
  expect(after(seated, fault).notice).toEqual({ n: 1, text: "One question in 4 s.", tone: "error" });
  expect(after(seated, fault, fault).notice?.n).toBe(2);
});

test("a change of the session is the session from then on", () => {
  const updated = frame("session_updated", { session: { ...session, locked: true } });
  expect(after(seated, updated).session?.locked).toBe(true);
});

describe("hands, stars and what is told of them", () => {
  test("who touches is known, and the same hands again change nothing at all", () => {
    const table = after(seated, frame("hands", { t: 1, h: [[2, 40, 60]], p: [500, 360] }));
    expect([...table.touching]).toEqual([2]);
    expect(after(table, frame("hands", { t: 2, h: [[2, 44, 60]], p: [501, 360] }))).toBe(table);
    expect(after(table, frame("hands", { t: 3, h: [], p: [501, 360] })).touching.size).toBe(0);
    expect(at.lineLost(table).touching.size).toBe(0);
  });

  test("whose hand it was is told for 2.5 s", () => {
    const table = after(seated, frame("whose_hand", { answer_seq: 2, shares: [[1, 1]] }));
    expect(table.leaning).toEqual({ shares: [[1, 1]], untilMs: now + 2_500 });
  });

  test("stars are kept by answer and can be taken back", () => {
    const table = at.withStars(at.withStars(seated, 2, 4), 5, 1);
    expect([...at.withStars(table, 2, null).stars]).toEqual([[5, 1]]);
  });
});
