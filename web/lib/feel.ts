// What a board makes of a frame of hands. It needs the planchette's own way for that, so it is loaded beside the table.

import { momentOf, type Trail, withMoment } from "./hands";
import { places } from "./layout";
import { pathOf, positionAt, returnMs } from "./path";
import type { Answered, HandsFrame } from "./protocol";

// felt adds what a frame tells to a trail; answer is the newest there is.
export function felt(trail: Trail, frame: HandsFrame, answer: Answered | null): Trail {
  const score = answer?.score;
  const playing = score !== undefined && frame.t >= score.starts_at && frame.t < score.ends_at;
  const onTheWay = score !== undefined && !playing && frame.h.length === 0 && frame.t < score.ends_at + returnMs;
  const way = onTheWay ? positionAt(pathOf(score, "wide"), frame.t - score.starts_at) : places.wide.REST;
  return withMoment(trail, momentOf(frame, playing, way));
}
