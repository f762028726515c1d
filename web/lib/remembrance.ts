// The REST calls about a returning soul (docs/protocol.md). They come with the sheet that needs them.

import { isRecord, list, nullable, number, read, shape, text, yes } from "./parse";
import { bearer, call, type Result } from "./rest";

const remembrance = shape({
  remembered: yes,
  name: text,
  since: nullable(number),
  sittings: list(shape({ code: text, name: text, spirit: text, at: number })),
  notes: list(shape({ at: number, text })),
  questions: list(shape({ at: number, code: text, text, answer: text })),
  next: nullable(text),
});
export type Remembrance = ReturnType<typeof remembrance>;

// Who asks: the seat at a table, or the secret itself.
export type Self = { readonly token: string } | { readonly soul: string };
const proof = (self: Self) => ("token" in self ? bearer(self.token) : `Soul ${self.soul}`);

// Gives the secret, once.
export const rememberMe = (token: string): Promise<Result<string>> =>
  call((data) => read(shape({ soul: text }), data)?.soul ?? null, "POST", "/api/soul", null, bearer(token));

export const whatIsRemembered = (self: Self, after: string | null = null): Promise<Result<Remembrance>> =>
  call(
    (data) => read(remembrance, data),
    "GET",
    `/api/soul${after === null ? "" : `?after=${encodeURIComponent(after)}`}`,
    null,
    proof(self),
  );

export const forgetMe = (self: Self): Promise<Result<object>> =>
  call((data) => (isRecord(data) ? {} : null), "DELETE", "/api/soul", null, proof(self));
