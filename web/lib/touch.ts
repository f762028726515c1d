// Your own hand: where it pulls is told at most fifteen times a second and only when it moved, but never so seldom that
// the table takes it for lifted.

import { apart, type Point } from "./point";

const beatMs = 1_000 / 15; // wire.md: at most 15 a second
const deadBu = 4; // game.md section 4
const aliveMs = 400; // the table lifts a hand that it has not heard of for a second

export type Tell = (hand: { readonly x: number; readonly y: number } | { readonly lifted: true }) => void;

export class Touch {
  private place: Point | null = null;
  private told: Point = { xBu: 0, yBu: 0 };
  private sinceMs = 0; // how long ago it was told
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly tell: Tell) {}

  // lay puts the hand down at a place of the wide board, or moves it there.
  lay(place: Point): void {
    const first = this.place === null;
    this.place = place;
    if (!first) return;
    this.say(place);
    this.timer = setInterval(() => this.beat(), Math.ceil(beatMs));
  }

  lift(): void {
    clearInterval(this.timer);
    if (this.place === null) return;
    this.place = null;
    this.tell({ lifted: true });
  }

  private beat(): void {
    if (!this.place) return;
    this.sinceMs += Math.ceil(beatMs);
    if (this.sinceMs >= aliveMs || apart(this.place, this.told) >= deadBu) this.say(this.place);
  }

  private say(place: Point): void {
    this.told = place;
    this.sinceMs = 0;
    this.tell({ x: Math.round(place.xBu), y: Math.round(place.yBu) });
  }
}
