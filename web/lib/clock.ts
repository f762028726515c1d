// The server's time as this page knows it. Boards draw everything that moves as a function of it, so it may be
// corrected but never stumbles: small errors are slewed away, only large ones step.

export interface Clock {
  // ms since the epoch on the server's clock, with fractions.
  serverNow(): number;
  // Calls back when the clock is corrected, and returns the way to stop. While a slew runs, `serverNow` drifts by at
  // most 5 ms a second against the page's own clock.
  onChange(changed: () => void): () => void;
}

// One exchange of sync_clock: sent and back on the page's clock, server receive and send on the server's.
export interface Sample {
  readonly t0Ms: number;
  readonly t1Ms: number;
  readonly t2Ms: number;
  readonly t3Ms: number;
}

const slewPerMs = 5 / 1000; // wire.md: slew at most 5 ms/s
const stepMs = 250; // wire.md: step above 250 ms

// Monotonic, and near the epoch: it does not jump when somebody sets the wall clock.
export function localNow(): number {
  return performance.timeOrigin + performance.now();
}

export function roundTripMs(s: Sample): number {
  return s.t3Ms - s.t0Ms - (s.t2Ms - s.t1Ms);
}

export function offsetMs(s: Sample): number {
  return (s.t1Ms - s.t0Ms + (s.t2Ms - s.t3Ms)) / 2;
}

// The sample with the shortest way there and back says most about the offset.
export function best(samples: readonly Sample[]): Sample | null {
  return samples.reduce<Sample | null>((a, b) => (a && roundTripMs(a) <= roundTripMs(b) ? a : b), null);
}

export class ServerClock implements Clock {
  private fromMs = 0; // the offset when the slew began
  private sinceMs = 0; // local time when it began
  private towardMs = 0; // the offset it leads to
  private settled = false; // true once a whole round of samples has been taken
  private readonly listeners = new Set<() => void>();

  constructor(private readonly local: () => number = localNow) {}

  serverNow(): number {
    const now = this.local();
    return now + this.offsetAt(now);
  }

  onChange(changed: () => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  // guess sets the clock from a single remark of the server's (the `now` of its welcome), until better is known.
  guess(serverNowMs: number): void {
    if (this.settled) return;
    this.moveTo(serverNowMs - this.local(), true);
  }

  // take corrects the clock by a sample. `whole` says that it is the best of a whole round.
  take(sample: Sample, whole: boolean): void {
    const offset = offsetMs(sample);
    const error = Math.abs(offset - this.offsetAt(this.local()));
    this.moveTo(offset, !this.settled || error > stepMs);
    if (whole) this.settled = true;
  }

  private moveTo(offset: number, step: boolean): void {
    const now = this.local();
    this.fromMs = step ? offset : this.offsetAt(now);
    this.sinceMs = now;
    this.towardMs = offset;
    for (const changed of this.listeners) changed();
  }

  private offsetAt(localMs: number): number {
    const left = this.towardMs - this.fromMs;
    const done = Math.max(0, localMs - this.sinceMs) * slewPerMs;
    return Math.abs(left) <= done ? this.towardMs : this.fromMs + Math.sign(left) * done;
  }
}
