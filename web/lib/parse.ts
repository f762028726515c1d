// Readers for data that came from elsewhere. A reader returns its typed value or throws Misfit; `read` at the door
// turns that into null, so that nothing behind the door meets a shape it does not know.

export class Misfit extends Error {}

export type Reader<T> = (value: unknown) => T;
type Fields = Readonly<Record<string, Reader<unknown>>>;
type Shape<F extends Fields> = { readonly [K in keyof F]: ReturnType<F[K]> };

export function read<T>(reader: Reader<T>, value: unknown): T | null {
  try {
    return reader(value);
  } catch (err) {
    if (err instanceof Misfit) return null;
    throw err;
  }
}

export const text: Reader<string> = (value) => (typeof value === "string" ? value : misfit("text", value));
export const number: Reader<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : misfit("a number", value);
export const yes: Reader<boolean> = (value) => (typeof value === "boolean" ? value : misfit("true or false", value));

// A mark that is left out when it does not hold.
export const flag: Reader<boolean> = (value) => value !== undefined && yes(value);

export function oneOf<const T extends string>(...names: readonly T[]): Reader<T> {
  return (value) => names.find((name) => name === value) ?? misfit(names.join(" or "), value);
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : reader(value));
}

// A field that may be missing reads as null.
export function maybe<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === undefined || value === null ? null : reader(value));
}

// A field that may be missing and then has a usual value.
export function orElse<T>(reader: Reader<T>, usual: T): Reader<T> {
  return (value) => (value === undefined || value === null ? usual : reader(value));
}

export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value) => (Array.isArray(value) ? value.map(reader) : misfit("a list", value));
}

// A list of so many values, each of its own kind.
export function tuple<const T extends readonly unknown[]>(...readers: { [K in keyof T]: Reader<T[K]> }): Reader<T> {
  return (value) =>
    Array.isArray(value) && value.length === readers.length
      ? (readers.map((reader, i) => reader(value[i])) as unknown as T)
      : misfit(`${readers.length} values`, value);
}

// Fields that are not named are left behind: a newer server may send more.
export function shape<F extends Fields>(fields: F): Reader<Shape<F>> {
  return (value) => {
    if (!isRecord(value)) return misfit("an object", value);
    const out: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(fields)) out[name] = reader(value[name]);
    return out as Shape<F>;
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function misfit(wanted: string, value: unknown): never {
  throw new Misfit(`wanted ${wanted}, got ${value === null ? "null" : typeof value}`);
}
