// A place on a board, in board units.

export interface Point {
  readonly xBu: number;
  readonly yBu: number;
}

export function apart(a: Point, b: Point): number {
  return Math.hypot(a.xBu - b.xBu, a.yBu - b.yBu);
}
