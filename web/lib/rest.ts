// The REST calls a board makes (docs/protocol.md). Each gives its parsed data or a fault: a sentence to show.

import { isRecord } from "./parse";
import { type Fault, type Page, parsePage, parseReply, parseSeated, parseSession, parseSpirits } from "./protocol";
import type { Seated, Session, SpiritCard } from "./protocol";

export type Result<T> = { readonly ok: T; readonly fault?: never } | { readonly ok?: never; readonly fault: Fault };

const unreachable: Fault = {
  code: "unavailable",
  message: "The house does not answer. Check your connection, then try again.",
  retry_after_ms: null,
  details: [],
};
const unreadable: Fault = {
  code: "internal",
  message: "The house answered in a way this board cannot read. Load the page again.",
  retry_after_ms: null,
  details: [],
};

export interface Begin {
  readonly host_name: string;
  readonly spirit?: string;
  readonly passphrase?: string;
  readonly soul?: string;
}

export interface Join {
  readonly name: string;
  readonly passphrase?: string;
  readonly role?: "player" | "spectator";
  readonly soul?: string;
}

// What a host may change; what is left out stays. A passphrase of null removes it.
export interface Amendment {
  readonly locked?: boolean;
  readonly passphrase?: string | null;
  readonly settings?: Partial<Session["settings"]>;
}

export type Format = "md" | "txt" | "json";

export const beginSession = (begin: Begin): Promise<Result<Seated>> =>
  call(parseSeated, "POST", "/api/sessions", begin);

export const joinSession = (code: string, join: Join): Promise<Result<Seated>> =>
  call(parseSeated, "POST", `/api/sessions/${encodeURIComponent(code)}/join`, join);

export const getSession = (code: string): Promise<Result<Session>> =>
  call(parseSession, "GET", `/api/sessions/${encodeURIComponent(code)}`);

export const getSpirits = (): Promise<Result<readonly SpiritCard[]>> => call(parseSpirits, "GET", "/api/spirits");

// The messages after a place, oldest first, at most 200.
export const getHistory = (code: string, token: string, after: number, limit: number): Promise<Result<Page>> =>
  call(
    parsePage,
    "GET",
    `/api/sessions/${encodeURIComponent(code)}/history?after=${after}&limit=${limit}`,
    null,
    bearer(token),
  );

// The three rights of a host.
export const amendSession = (code: string, token: string, change: Amendment): Promise<Result<Session>> =>
  call(parseSession, "PATCH", `/api/sessions/${encodeURIComponent(code)}`, change, bearer(token));

export const showOut = (code: string, token: string, participant: string): Promise<Result<object>> =>
  call(done, "POST", `/api/sessions/${encodeURIComponent(code)}/kick`, { participant_id: participant }, bearer(token));

export const endSession = (code: string, token: string): Promise<Result<object>> =>
  call(done, "DELETE", `/api/sessions/${encodeURIComponent(code)}`, null, bearer(token));

// The minutes as a file to keep.
export async function getTranscript(code: string, token: string, format: Format): Promise<Result<Blob>> {
  try {
    const response = await fetch(`/api/sessions/${encodeURIComponent(code)}/transcript?format=${format}`, {
      headers: { Authorization: bearer(token) },
    });
    if (response.ok) return { ok: await response.blob() };
    const reply = parseReply(await response.json());
    return { fault: "fault" in reply ? reply.fault : unreadable };
  } catch {
    return { fault: unreachable };
  }
}

// Where the picture of the link is, for phones to read.
export const qrOf = (code: string): string => `/api/sessions/${encodeURIComponent(code)}/qr.svg`;

const done = (data: unknown): object | null => (isRecord(data) ? {} : null);

export const bearer = (token: string): string => `Bearer ${token}`;

export async function call<T>(
  parse: (data: unknown) => T | null,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body: object | null = null,
  authorization: string | null = null,
): Promise<Result<T>> {
  let envelope: unknown;
  try {
    const response = await fetch(path, {
      method,
      headers: {
        ...(body && { "Content-Type": "application/json" }),
        ...(authorization !== null && { Authorization: authorization }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    envelope = await response.json();
  } catch {
    return { fault: unreachable };
  }
  const reply = parseReply(envelope);
  if ("fault" in reply) return { fault: reply.fault };
  const parsed = parse(reply.data);
  return parsed === null ? { fault: unreadable } : { ok: parsed };
}
