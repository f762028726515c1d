import { useCallback } from "react";
import { useMoment } from "@/components/ui/useMoment";
import type { Clock } from "@/lib/clock";
import type { Answered, Whispered } from "@/lib/protocol";
import { inkedAt, inkMsPerChar, revealAt, shownAt, whisperFrom } from "@/lib/score";

// How many glyphs of an answer are revealed by now.
export function useShown(clock: Clock, answer: Answered | null): number {
  const score = answer?.score ?? null;
  return useMoment(
    clock,
    useCallback((now: number) => (score ? shownAt(score, now) : 0), [score]),
    useCallback((now: number) => (score ? revealAt(score, shownAt(score, now)) : Infinity), [score]),
  );
}

// How many of a whisper's characters are inked by now.
export function useInked(clock: Clock, answer: Answered, whisper: Whispered, length: number): number {
  const from = whisperFrom(answer, whisper);
  return useMoment(
    clock,
    useCallback((now: number) => inkedAt(length, from, now), [from, length]),
    useCallback(
      (now: number) => {
        const inked = inkedAt(length, from, now);
        return inked >= length ? Infinity : from + inked * inkMsPerChar;
      },
      [from, length],
    ),
  );
}

// Whether an answer's score still plays.
export function usePlaying(clock: Clock, answer: Answered | null): boolean {
  const endsAtMs = answer?.score.ends_at ?? 0;
  return useMoment(
    clock,
    useCallback((now: number) => now < endsAtMs, [endsAtMs]),
    useCallback((now: number) => (now < endsAtMs ? endsAtMs : Infinity), [endsAtMs]),
  );
}
