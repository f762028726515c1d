// Moves the planchette by the browser's own animations, each set to begin at a moment of the server's time. Once they
// are set nothing has to run: a busy page, a hidden tab and a late joiner show the same place as everybody else.

import type { Clock } from "@/lib/clock";
import { after, easeMs, idle, idleAfterMs, idleFadeMs, idlePeriodMs, thinking, type Drift } from "@/lib/drift";
import { places, words, type Layout } from "@/lib/layout";
import { framesOf, type Path, pathOf, type Pose, positionAt } from "@/lib/path";
import type { Point } from "@/lib/point";
import type { Score } from "@/lib/protocol";

// What moves. `path` and `drift` carry the whole planchette, `lensPath` and `lensDrift` the enlarged print under its
// glass the other way, so that a letter stands still while the glass passes over it.
export interface Parts {
  readonly path: HTMLElement;
  readonly drift: HTMLElement;
  readonly lensPath: HTMLElement;
  readonly lensDrift: HTMLElement;
  readonly raised: HTMLElement;
  readonly body: HTMLElement;
  readonly shadow: HTMLElement;
  readonly glow: HTMLElement;
}

const zoom = 1.42;
const wordZoom = { YES: 0.82, NO: 0.9, GOODBYE: 0.42 }; // a word is wider than the glass: it is shown whole
const errorMs = 8; // an animation that is further off than this is set anew
const checkMs = 1_000; // while the clock slews: 5 ms a second at most
const thinkingMostMs = 24_000; // longer than any answer takes
const driftStepMs = 50;

const still: Drift = () => ({ dxBu: 0, dyBu: 0 });

interface Running {
  readonly animation: Animation;
  readonly fromMs: number; // on the server's clock
}

export class Glide {
  private running: Running[] = [];
  private drifting: Running[] = [];
  private drift: Drift | null = null;
  private stirs = false;
  private quietFromMs = 0; // since when nobody asks anything of it
  private held = false;
  private score: Score | null = null;
  private paths: readonly { readonly path: Path; readonly startsMs: number }[] = []; // of the last scores, newest first
  private pxPerBu = 0;
  private readonly unfollow: () => void;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly parts: Parts,
    private readonly clock: Clock,
    private readonly layout: Layout,
  ) {
    this.unfollow = clock.onChange(() => this.align());
    this.timer = setInterval(() => this.align(), checkMs);
  }

  // resize says how many pixels a board unit has. Until it is known nothing moves.
  resize(pxPerBu: number): void {
    if (!(pxPerBu > 0) || pxPerBu === this.pxPerBu) return;
    this.pxPerBu = pxPerBu;
    cancel(this.running);
    this.running = [];
    if (this.score) this.playPath(this.score);
    this.playDrift();
  }

  // show says what happens at the table. When a score is taken away its way back to rest goes on.
  show(score: Score | null, stirs: boolean): void {
    const now = this.clock.serverNow();
    const announced = score !== null && score !== this.score;
    if (announced) {
      this.score = score;
      this.paths = [{ path: pathOf(score, this.layout), startsMs: score.starts_at }, ...this.paths.slice(0, 1)];
      if (this.pxPerBu > 0) this.playPath(score);
    }
    if (this.drift && !announced && stirs === this.stirs) return;
    this.stirs = stirs;
    this.rest(now);
  }

  // hold keeps it from drifting while hands are on it; let go, it waits before it does again.
  hold(held: boolean): void {
    if (held === this.held) return;
    this.held = held;
    if (!this.stirs && this.drift) this.rest(this.clock.serverNow());
  }

  // Where the score alone has it, without any drift.
  placeAt(serverMs: number): Point {
    const last = this.paths.find(({ startsMs }) => serverMs >= startsMs) ?? this.paths.at(-1);
    return last ? positionAt(last.path, serverMs - last.startsMs) : places[this.layout].REST;
  }

  settledAt(serverMs: number): boolean {
    return this.paths.every(({ path, startsMs }) => serverMs > startsMs + path.endMs);
  }

  zoomAt({ xBu, yBu }: Point): number {
    return zoomAt(this.layout, xBu, yBu);
  }

  private rest(now: number): void {
    const { stirs } = this;
    this.quietFromMs = Math.max(now, this.score?.ends_at ?? 0);
    const next = stirs ? thinking(now) : this.held ? still : idle(this.quietFromMs);
    this.drift = this.drift ? after(this.drift, next, now) : next;
    this.playDrift();
  }

  stop(): void {
    clearInterval(this.timer);
    this.unfollow();
    cancel(this.running);
    cancel(this.drifting);
  }

  // One animation a word and part. Those of the score before stay as they are: their way to rest ends where, and not
  // later than when, the new one begins.
  private playPath(score: Score): void {
    const path = pathOf(score, this.layout);
    const { parts, pxPerBu: px } = this;
    for (const stretch of path.stretches) {
      const [fromMs, lastsMs] = [score.starts_at + stretch.fromMs, stretch.toMs - stretch.fromMs];
      const frames = framesOf(path, stretch);
      const play = (element: HTMLElement, look: (pose: Pose) => Keyframe) =>
        this.running.push(
          this.play(
            element,
            frames.map((f) => ({ ...look(f), offset: f.offset })),
            fromMs,
            lastsMs,
          ),
        );
      play(parts.path, ({ xBu, yBu }) => ({ transform: `translate(${n(xBu * px)}px, ${n(yBu * px)}px)` }));
      play(parts.lensPath, ({ xBu, yBu }) => {
        const z = zoomAt(this.layout, xBu, yBu);
        return { transform: `translate(${n(-xBu * px * z)}px, ${n(-yBu * px * z)}px) scale(${n(z)})` };
      });
      play(parts.raised, ({ lift }) => ({ transform: `scale(${n(1 + 0.04 * lift)})` }));
      play(parts.body, ({ tiltDeg }) => ({ transform: `rotate(${n(tiltDeg)}deg)` }));
      play(parts.shadow, ({ lift, tiltDeg }) => ({
        transform: `translate(${n((2 + 7 * lift) * px)}px, ${n((4 + 15 * lift) * px)}px) rotate(${n(tiltDeg)}deg) scale(${n(1 + 0.06 * lift)})`,
        opacity: n(0.78 - 0.3 * lift),
      }));
      play(parts.glow, ({ dwell }) => ({ opacity: n(0.55 + 0.45 * dwell) }));
    }
    this.running = this.running.filter(({ animation }) => animation.replaceState !== "removed");
  }

  private playDrift(): void {
    const { drift, pxPerBu: px } = this;
    cancel(this.drifting);
    this.drifting = [];
    if (!drift || px === 0) return;
    const now = this.clock.serverNow();
    const play = (fromMs: number, lastsMs: number, iterations = 1) => {
      const steps = Math.ceil(lastsMs / driftStepMs);
      const offsets = Array.from({ length: steps + 1 }, (_, i) => drift(fromMs + (lastsMs * i) / steps));
      const moved = (scale: number): Keyframe[] =>
        offsets.map(({ dxBu, dyBu }) => ({
          transform: `translate(${n(dxBu * px * scale)}px, ${n(dyBu * px * scale)}px)`,
        }));
      this.drifting.push(
        this.play(this.parts.drift, moved(1), fromMs, lastsMs, iterations),
        this.play(this.parts.lensDrift, moved(-zoom), fromMs, lastsMs, iterations),
      );
    };
    if (this.stirs) return play(now, thinkingMostMs);
    const wakesMs = Math.max(this.quietFromMs + idleAfterMs, now + easeMs);
    const awakeMs = Math.max(this.quietFromMs + idleAfterMs + idleFadeMs, wakesMs);
    play(now, easeMs);
    if (this.held) return;
    if (awakeMs > wakesMs) play(wakesMs, awakeMs - wakesMs);
    play(awakeMs, idlePeriodMs, Infinity);
  }

  private play(element: HTMLElement, frames: Keyframe[], fromMs: number, duration: number, iterations = 1): Running {
    const animation = element.animate(frames, { duration, iterations, fill: "forwards", easing: "linear" });
    animation.startTime = this.pageTime(fromMs);
    return { animation, fromMs };
  }

  // The page's own time at a moment of the server's, as animations count it.
  private pageTime(serverMs: number): number {
    return performance.now() + serverMs - this.clock.serverNow();
  }

  private align(): void {
    for (const { animation, fromMs } of [...this.running, ...this.drifting]) {
      const due = this.pageTime(fromMs);
      const set = animation.startTime;
      if (animation.playState === "running" && (typeof set !== "number" || Math.abs(set - due) > errorMs)) {
        animation.startTime = due;
      }
    }
  }
}

// How much the glass enlarges at a place.
function zoomAt(layout: Layout, xBu: number, yBu: number): number {
  for (const word of words) {
    const place = places[layout][word];
    const near = Math.min(1, Math.max(0, (66 - Math.hypot(place.xBu - xBu, place.yBu - yBu)) / 50));
    if (near > 0) return zoom + (wordZoom[word] - zoom) * near * near * (3 - 2 * near);
  }
  return zoom;
}

function cancel(running: readonly Running[]): void {
  for (const { animation } of running) animation.cancel();
}

function n(value: number): number {
  return Math.round(value * 1000) / 1000;
}
