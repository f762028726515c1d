// What this browser keeps of somebody who agreed to be remembered: the secret that only it has, and the name it goes
// with. Whoever never agreed leaves nothing here but that they were asked.

import { createStore } from "zustand/vanilla";
import { read, shape, text } from "./parse";

const record = shape({ soul: text, name: text });
export type Soul = ReturnType<typeof record>;

const key = "seance.soul";
const askedKey = "seance.soul.asked";

// The soul of this browser, and whether whoever sits before it said to be somebody else. It is read when the page lives;
// where storage is refused it lasts as long as the page.
interface Here {
  readonly soul: Soul | null;
  readonly stranger: boolean;
}
export const soulHere = createStore<Here>(() => ({ soul: null, stranger: false }));

export function loadSoul(): void {
  soulHere.setState({ soul: stored() });
}

// What goes along when somebody begins or joins a sitting.
export function withSoul(): { readonly soul?: string } {
  const { soul, stranger } = soulHere.getState();
  return soul && !stranger ? { soul: soul.soul } : {};
}

// Told whether the house knew the soul that went along: one that it does not know was forgotten elsewhere.
export function wasKnown(known: boolean): void {
  if (!known && withSoul().soul !== undefined) dropSoul();
}

function stored(): Soul | null {
  try {
    return read(record, JSON.parse(localStorage.getItem(key) ?? "null"));
  } catch {
    return null;
  }
}

export function keepSoul(soul: Soul): void {
  soulHere.setState({ soul, stranger: false });
  try {
    localStorage.setItem(key, JSON.stringify(soul));
  } catch {
    // it lasts as long as the page
  }
}

export function dropSoul(): void {
  soulHere.setState({ soul: null, stranger: false });
  try {
    localStorage.removeItem(key);
  } catch {
    // there was nothing to remove
  }
}

// Nobody is asked twice on one device.
export function wasAsked(): boolean {
  try {
    return localStorage.getItem(askedKey) !== null;
  } catch {
    return true; // what cannot be kept need not be asked
  }
}

export function markAsked(): void {
  try {
    localStorage.setItem(askedKey, "1");
  } catch {
    // as above
  }
}
