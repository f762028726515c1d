// Questions that were asked but not yet acknowledged. Each is written here before it is sent, and goes when its ack
// comes: a closed tab, a dead battery or a tunnel loses none of them. The same message_id makes a second try harmless.

import { number, read, shape, text } from "./parse";

const question = shape({ message_id: text, session: text, text, asked_at: number });
export type Unsent = ReturnType<typeof question>;

export interface Outbox {
  put(question: Unsent): Promise<void>;
  remove(messageId: string): Promise<void>;
  // Those of one session, oldest first.
  all(session: string): Promise<readonly Unsent[]>;
}

// openOutbox keeps questions in IndexedDB, or in memory where the browser refuses it (private windows, blocked
// storage): then they last as long as the page.
export async function openOutbox(idb: IDBFactory | undefined = globalThis.indexedDB): Promise<Outbox> {
  try {
    if (!idb) return inMemory();
    return stored(await open(idb));
  } catch {
    return inMemory();
  }
}

function open(idb: IDBFactory): Promise<IDBDatabase> {
  const opening = idb.open("seance", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("outbox", { keyPath: "message_id" });
  return done(opening);
}

function stored(db: IDBDatabase): Outbox {
  const store = (mode: IDBTransactionMode) => db.transaction("outbox", mode).objectStore("outbox");
  return {
    async put(question) {
      await done(store("readwrite").put(question));
    },
    async remove(messageId) {
      await done(store("readwrite").delete(messageId));
    },
    async all(session) {
      const found: unknown[] = await done(store("readonly").getAll());
      return inOrder(
        found.map((value) => read(question, value)).filter((value) => value !== null),
        session,
      );
    },
  };
}

function inMemory(): Outbox {
  const kept = new Map<string, Unsent>();
  return {
    async put(question) {
      kept.set(question.message_id, question);
    },
    async remove(messageId) {
      kept.delete(messageId);
    },
    async all(session) {
      return inOrder([...kept.values()], session);
    },
  };
}

function inOrder(questions: readonly Unsent[], session: string): readonly Unsent[] {
  return questions.filter((q) => q.session === session).sort((a, b) => a.asked_at - b.asked_at);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser refused its storage"));
  });
}
