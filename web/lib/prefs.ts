// What somebody prefers on this device, kept in the browser.

import { createStore } from "zustand/vanilla";
import { oneOf, read, shape } from "./parse";

const prefs = shape({
  aloud: oneOf("words", "letters"), // how an answer is spoken by a screen reader
  theme: oneOf("auto", "amber", "ebony"), // auto: ebony and bone where the device asks for more contrast
  motion: oneOf("auto", "still"), // auto: as the device says
});
export type Prefs = ReturnType<typeof prefs>;

const key = "seance.prefs";
const defaults: Prefs = { aloud: "words", theme: "auto", motion: "auto" };

export const preferences = createStore<Prefs>(() => defaults);

// Reads what was kept; call it once the page lives. From then on every change is kept.
export function loadPrefs(): void {
  try {
    const kept = read(prefs, JSON.parse(localStorage.getItem(key) ?? "null"));
    if (kept) preferences.setState(kept, true);
  } catch {
    // storage refused: preferences last as long as the page
  }
}

export function prefer(change: Partial<Prefs>): void {
  preferences.setState(change);
  try {
    localStorage.setItem(key, JSON.stringify(preferences.getState()));
  } catch {
    // as above
  }
}

const nameKey = "seance.name";

// The name somebody used last, to spare them typing it again.
export function lastName(): string {
  try {
    return localStorage.getItem(nameKey) ?? "";
  } catch {
    return "";
  }
}

export function keepName(name: string): void {
  try {
    localStorage.setItem(nameKey, name);
  } catch {
    // it will be asked again
  }
}
