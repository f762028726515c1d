// Draws what hands add to the planchette: an offset on an element of its own inside the one that the spirit moves, and
// the other way under its glass. It runs while somebody touches, and until the planchette has come to rest.

import type { StoreApi } from "zustand/vanilla";
import type { Clock } from "@/lib/clock";
import { behindMs, mapped, momentAt, type Moment, type Trail } from "@/lib/hands";
import type { Layout } from "@/lib/layout";
import { apart, type Point } from "@/lib/point";

// The planchette as the spirit alone has it.
export interface Way {
  placeAt(serverMs: number): Point; // on this board
  zoomAt(place: Point): number; // how much the glass enlarges there
  settledAt(serverMs: number): boolean; // it stays where it is
  hold(held: boolean): void; // held, it does not drift of its own accord
}

const blendMs = 400; // from the score's way to the free board and back: nothing jumps

export class Lay {
  private pxPerBu = 0;
  private frame = 0;
  private drawn: Point = { xBu: 0, yBu: 0 };
  private free = false;
  private gap: Point = { xBu: 0, yBu: 0 };
  private gapFromMs = -Infinity;
  private readonly forget: () => void;
  private readonly hands: HTMLElement;
  private readonly lensHands: HTMLElement;

  // The root is the Planchette's: its parts named hands are moved, and its lights that name a candle.
  constructor(
    private readonly root: HTMLElement,
    private readonly trail: StoreApi<Trail>,
    private readonly clock: Clock,
    private readonly layout: Layout,
    private readonly way: Way,
  ) {
    this.hands = root.querySelector<HTMLElement>("[data-part=hands]")!;
    this.lensHands = root.querySelector<HTMLElement>("[data-part=lens-hands]")!;
    this.forget = trail.subscribe((now) => {
      way.hold((now.at(-1)?.hands.size ?? 0) > 0);
      this.wake();
    });
    this.wake();
  }

  resize(pxPerBu: number): void {
    this.pxPerBu = pxPerBu;
    this.wake();
  }

  private wake(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.forget();
    this.hands.style.transform = this.lensHands.style.transform = "";
  }

  private draw(): void {
    this.frame = 0;
    const now = this.clock.serverNow();
    const moment = momentAt(this.trail.getState(), now - behindMs);
    const way = this.way.placeAt(now);
    const aim = this.offset(moment, way);
    if (moment.free !== this.free) {
      this.free = moment.free;
      this.gap = { xBu: this.drawn.xBu - aim.xBu, yBu: this.drawn.yBu - aim.yBu };
      this.gapFromMs = now;
    }
    const s = Math.min(1, (now - this.gapFromMs) / blendMs);
    const left = 1 - s * s * (3 - 2 * s);
    this.drawn = { xBu: aim.xBu + this.gap.xBu * left, yBu: aim.yBu + this.gap.yBu * left };
    this.put(way);
    this.glow(moment.hands);
    const last = this.trail.getState().at(-1);
    const still = !last || (last.hands.size === 0 && last.atMs < now - behindMs);
    if (!still || s < 1 || (this.free && !this.way.settledAt(now))) this.wake();
  }

  // How far hands have the planchette from its own way. An offset counts for the same on every board: near a glyph it
  // must stay within the glyph's reach.
  private offset({ p, free }: Moment, way: Point): Point {
    if (!free) return p;
    const place = mapped(p, "wide", this.layout);
    return { xBu: place.xBu - way.xBu, yBu: place.yBu - way.yBu };
  }

  private put(way: Point): void {
    const { hands, lensHands, drawn, pxPerBu: px } = this;
    if (apart(drawn, { xBu: 0, yBu: 0 }) < 0.05) {
      hands.style.transform = lensHands.style.transform = "";
      return;
    }
    const z = this.way.zoomAt(way);
    hands.style.transform = `translate(${n(drawn.xBu * px)}px, ${n(drawn.yBu * px)}px)`;
    lensHands.style.transform = `translate(${n(-drawn.xBu * px * z)}px, ${n(-drawn.yBu * px * z)}px)`;
  }

  // Everybody else's hand, as a light where it lies.
  private glow(hands: Moment["hands"]): void {
    for (const light of this.root.querySelectorAll<HTMLElement>("[data-candle]")) {
      const place = hands.get(Number(light.dataset["candle"]));
      light.toggleAttribute("data-there", place !== undefined);
      if (!place) continue;
      const { xBu, yBu } = mapped(place, "wide", this.layout);
      light.style.transform = `translate(${n(xBu * this.pxPerBu)}px, ${n(yBu * this.pxPerBu)}px)`;
    }
  }
}

function n(value: number): number {
  return Math.round(value * 100) / 100;
}
