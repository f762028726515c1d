// The official Socket.IO client, as anybody would use it, from Node.

import { io, type Socket } from "socket.io-client";
import { randomUUID } from "node:crypto";
import { expect, test } from "./house";

interface Ack {
  readonly success: boolean;
  readonly data: Record<string, unknown> | null;
  readonly error: { readonly code: string } | null;
}

async function post(url: string, body: object): Promise<{ token: string; session: { code: string } }> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const envelope = (await answer.json()) as { data: { token: string; session: { code: string } } };
  return envelope.data;
}

function heard(socket: Socket, event: string): Promise<Record<string, unknown>> {
  return new Promise((resolve) => socket.once(event, resolve));
}

test("the official client joins, asks, is acknowledged and hears the answer", async ({ house }) => {
  const host = await post(`${house.url}/api/sessions`, { host_name: "Ada" });
  const guest = await post(`${house.url}/api/sessions/${host.session.code}/join`, { name: "Ben" });
  const options = { transports: ["websocket"], forceNew: true, reconnection: false };
  const ada = io(house.url, options);
  const ben = io(house.url, options);
  const call = (socket: Socket, event: string, data: object) =>
    socket.timeout(5000).emitWithAck(event, data) as Promise<Ack>;

  const early = await call(ada, "send_message", { message_id: randomUUID(), text: "Too early?" });
  expect(early.success).toBe(false);

  const welcome = await call(ada, "join_session", { token: host.token });
  expect(welcome).toMatchObject({ success: true, error: null, data: { seq: 0, recovered: true } });
  const joined = new Promise((resolve) =>
    ada.on("user_joined", (data: { participant: { name: string } }) => {
      if (data.participant.name === "Ben") resolve(data); // who joins hears of it too
    }),
  );
  await call(ben, "join_session", { token: guest.token });
  expect(await joined).toMatchObject({ participant: { name: "Ben", role: "player", candle: 2 }, count: 2 });

  const answered = heard(ben, "spirit_response");
  const asked = heard(ben, "question_asked");
  const id = randomUUID();
  const ack = await call(ada, "send_message", { message_id: id, text: "Is anyone there?" });
  expect(ack).toMatchObject({ success: true, data: { seq: 1, position: 0 } });
  expect(await asked).toMatchObject({ seq: 1, message_id: id, text: "Is anyone there?" });
  expect(await answered).toMatchObject({ seq: 2, question_seq: 1, source: "oracle" });
  expect(await call(ada, "send_message", { message_id: id, text: "Is anyone there?" })).toMatchObject({
    data: { seq: 1 },
  });

  const gone = heard(ada, "user_left");
  expect(await call(ben, "leave_session", {})).toMatchObject({ success: true });
  expect(await gone).toMatchObject({ reason: "left", count: 1 });
  ada.disconnect();
  ben.disconnect();
});

test("the official client learns why it was put out", async ({ house }) => {
  const socket = io(house.url, { transports: ["websocket"], forceNew: true, reconnection: false });
  const code = new Promise<number>((resolve) =>
    socket.on("disconnect", (_, details) =>
      resolve((details as { context?: { code?: number } } | undefined)?.context?.code ?? 0),
    ),
  );
  socket.emit("join_session", { token: "not-a-token" });
  expect(await code).toBe(4401);
});
