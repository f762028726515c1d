/** @jest-environment node */
import { IDBFactory } from "fake-indexeddb";
import { openOutbox, type Outbox } from "./outbox";

const question = (message_id: string, asked_at: number, session = "s-1") => ({
  message_id,
  session,
  text: message_id,
  asked_at,
});
const refusing = { open: () => { throw new DOMException("denied", "SecurityError"); } } as unknown as IDBFactory; // prettier-ignore

describe.each([
  ["kept by the browser", () => new IDBFactory()],
  ["in memory, where there is no storage", () => undefined],
  ["in memory, where storage is refused", () => refusing],
])("%s", (_, idb) => {
  let outbox: Outbox;
  beforeEach(async () => {
    outbox = await openOutbox(idb());
  });
  const ids = async (session = "s-1") => (await outbox.all(session)).map(({ message_id }) => message_id);

  test("gives back a session's questions in the order they were asked", async () => {
    await outbox.put(question("b", 2));
    await outbox.put(question("c", 3, "another"));
    await outbox.put(question("a", 1));
    expect(await ids()).toEqual(["a", "b"]);
    expect(await ids("another")).toEqual(["c"]);
  });

  test("keeps a question once, and forgets it once", async () => {
    await outbox.put(question("a", 1));
    await outbox.put(question("a", 1));
    expect(await ids()).toEqual(["a"]);
    await outbox.remove("a");
    await outbox.remove("a");
    expect(await ids()).toEqual([]);
  });
});

test("what the browser keeps outlives the page", async () => {
  const idb = new IDBFactory();
  await (await openOutbox(idb)).put(question("a", 1));
  expect(await (await openOutbox(idb)).all("s-1")).toEqual([question("a", 1)]);
});
