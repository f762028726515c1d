import { useCallback, useSyncExternalStore } from "react";
import type { Clock } from "@/lib/clock";
import { follow } from "@/lib/ticker";

// A value that changes at known moments of the server's time: `at` says what it is at a moment, `next` when it may
// change after one. It is reckoned from the clock each time and never counted up. Both have to be stable functions.
export function useMoment<T extends string | number | boolean>(
  clock: Clock,
  at: (nowMs: number) => T,
  next: (nowMs: number) => number,
): T {
  const subscribe = useCallback((changed: () => void) => follow(clock, next, changed), [clock, next]);
  return useSyncExternalStore(subscribe, () => at(clock.serverNow()));
}
