// What the board says aloud: one line after another for the page's single role=status, so that whoever does not see
// the table hears it. What is merely brought again after a break is not said again.

import type { StoreApi } from "zustand/vanilla";
import type { Clock } from "./clock";
import { farewells } from "./farewells";
import { leaningOf } from "./leaning";
import { again, type Aloud, narration, type Said } from "./narrate";
import type { Answered, Kept } from "./protocol";
import { isUnasked, newestAnswer, queueWord, whisperOf } from "./scene";
import type { Table } from "./table";
import { follow } from "./ticker";

const graceMs = 1_500; // a line that is back sooner was never lost to anybody

export interface Herald {
  // Says the last answer again.
  repeat(): void;
  stop(): void;
}

export interface HeraldOptions {
  readonly table: StoreApi<Table>;
  readonly clock: Clock;
  readonly aloud: () => Aloud;
  readonly say: (said: Said) => void;
}

export function herald({ table, clock, aloud, say: speak }: HeraldOptions): Herald {
  const say = (intro: string) => speak({ intro, words: "" });
  let stopTelling: (() => void) | null = null;
  let toldUntilMs = clock.serverNow();
  let telling: Answered | null = null;
  let broken: ReturnType<typeof setTimeout> | undefined;
  let saidBroken = false;

  // tell follows the narration of the newest answer from now on; lines that are due already are left unsaid, except
  // the newest of those that came while nobody looked.
  function tell(state: Table) {
    const answer = newestAnswer(state);
    if (!answer) return;
    if (answer.seq !== telling?.seq) {
      telling = answer;
      toldUntilMs = clock.serverNow();
    }
    stopTelling?.();
    const lines = narration(answer, whisperOf(state, answer.seq), aloud());
    stopTelling = follow(
      clock,
      () => lines.find((line) => line.atMs > toldUntilMs)?.atMs ?? Infinity,
      (nowMs) => {
        const due = lines.findLast((line) => line.atMs <= nowMs && line.atMs > toldUntilMs);
        toldUntilMs = nowMs;
        if (due) speak({ intro: due.intro, words: due.words });
      },
    );
  }

  function lineChanged(state: Table, before: Table) {
    clearTimeout(broken);
    if (state.line === "open" && before.line === "joining")
      say(`You are at the table ${state.code}. ${company(state)}`);
    if (state.line === "lost") {
      broken = setTimeout(() => {
        saidBroken = true;
        say("The line to the table broke. Coming back.");
      }, graceMs);
    }
    if (state.line === "open" && saidBroken) {
      saidBroken = false;
      say("You are back at the table.");
    }
    if (state.line === "closed" && state.farewell) say(farewells[state.farewell]);
  }

  const forget = table.subscribe((state, before) => {
    if (state.line !== before.line) lineChanged(state, before);
    if (state.notice && state.notice !== before.notice) say(state.notice.text);
    if (state.people !== before.people && before.line === "open") {
      for (const line of comingsAndGoings(state, before)) say(line);
    }
    if (state.leaning && state.leaning !== before.leaning) {
      const whose = leaningOf(state.leaning.shares, state);
      if (whose) say(`${whose}.`);
    }
    const candle = state.you?.candle ?? 0;
    if (state.touching.has(candle) !== before.touching.has(candle)) {
      say(state.touching.has(candle) ? "Your hand is on the planchette." : "Your hand is lifted.");
    }
    if (state.hushUntilMs > before.hushUntilMs) say("The candles gutter for a moment.");
    if (before.session && state.session && state.session.locked !== before.session.locked) {
      say(state.session.locked ? "The host has locked the table." : "The table is open again.");
    }
    if (state.thinking && state.thinking.question_seq !== before.thinking?.question_seq) say("The spirit stirs.");
    if (state.kept === before.kept) return;
    for (const kept of news(state, before)) {
      const line = lineOf(state, kept, clock.serverNow());
      if (line) say(line);
    }
    tell(state);
  });
  tell(table.getState());

  return {
    repeat() {
      const state = table.getState();
      const answer = newestAnswer(state);
      if (answer) speak(again(answer, whisperOf(state, answer.seq)));
      else say("The spirit has not spoken yet.");
    },
    stop() {
      forget();
      stopTelling?.();
      clearTimeout(broken);
    },
  };
}

function news(state: Table, before: Table): readonly Kept[] {
  const known = before.seq;
  if (known === null) return [];
  return state.kept.filter((kept) => kept.data.seq > known && !("replayed" in kept.data && kept.data.replayed));
}

function lineOf(state: Table, kept: Kept, nowMs: number): string | null {
  if (kept.event === "spirit_response" && isUnasked(kept.data)) return "The spirit speaks unasked.";
  if (kept.event !== "question_asked") return null;
  const { participant, text } = kept.data;
  if (participant.id !== state.you?.id) return `${participant.name} asks: ${text}`;
  const word = queueWord(state, nowMs < (newestAnswer(state)?.score.ends_at ?? 0));
  return `You ask: ${text} ${word ?? ""}`.trimEnd();
}

function company(state: Table): string {
  const others = state.people.filter(({ id, role, lost }) => id !== state.you?.id && role !== "spectator" && !lost);
  if (others.length === 0) return "Nobody else is here yet.";
  if (others.length > 3) return `${others.length} others are here.`;
  const names = others.map(({ name }) => name);
  const last = names.pop()!;
  return names.length > 0 ? `${names.join(", ")} and ${last} are here.` : `${last} is here.`;
}

function comingsAndGoings(state: Table, before: Table): readonly string[] {
  const there = (table: Table, id: string) => table.people.find((person) => person.id === id);
  const lines: string[] = [];
  for (const person of state.people) {
    const was = there(before, person.id);
    if (person.role === "spectator" || person.id === state.you?.id) continue;
    if (!was || (was.lost && !person.lost)) lines.push(`${person.name} sits down.`);
    else if (!was.lost && person.lost) lines.push(`${person.name} has slipped away.`);
  }
  for (const person of before.people) {
    if (person.role !== "spectator" && !person.lost && !there(state, person.id)) lines.push(`${person.name} has left.`);
  }
  return lines;
}
