import type { Clock } from "./clock";

const longestMs = 10_000; // look at the clock at least this often while waiting

// follow calls `tell` whenever a moment passes that `next` named. `next` says which moment after the given one comes
// next, or Infinity. Each wait is reckoned anew from the clock, so a late timer makes one moment late and none of
// those after it; a corrected clock and a tab that comes back are followed at once.
export function follow(clock: Clock, next: (nowMs: number) => number, tell: (nowMs: number) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = next(clock.serverNow());

  function wait() {
    clearTimeout(timer);
    if (due === Infinity) return;
    timer = setTimeout(look, Math.min(longestMs, Math.max(0, Math.ceil(due - clock.serverNow()))));
  }
  function look() {
    const now = clock.serverNow();
    if (now >= due) {
      tell(now);
      due = next(now);
    }
    wait();
  }

  const forget = clock.onChange(() => {
    due = Math.min(due, next(clock.serverNow()));
    look();
  });
  const seen = () => document.visibilityState === "visible" && look();
  if (typeof document !== "undefined") document.addEventListener("visibilitychange", seen);
  wait();
  return () => {
    clearTimeout(timer);
    forget();
    if (typeof document !== "undefined") document.removeEventListener("visibilitychange", seen);
  };
}
