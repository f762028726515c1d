import { type CSSProperties, useMemo } from "react";
import { useShown, usePlaying } from "@/components/answer/useShown";
import { Board } from "@/components/board/Board";
import { Planchette } from "@/components/planchette/Planchette";
import type { Clock } from "@/lib/clock";
import { boards, type Layout } from "@/lib/layout";
import type { Scene } from "@/lib/scene";

interface StageProps {
  readonly scene: Scene;
  readonly clock: Clock;
  readonly layout: Layout;
  readonly reducedMotion: boolean;
}

// The board with the planchette on it. Where nothing may travel, the letter lights in its place instead.
export function Stage({ scene, clock, layout, reducedMotion }: StageProps) {
  const { answer, stirring } = scene;
  const shown = useShown(clock, answer);
  const playing = usePlaying(clock, answer);
  const glyph = reducedMotion && playing ? answer?.score.stops[shown - 1]?.g : undefined;
  const lit = useMemo(() => (glyph === undefined ? null : new Set([glyph])), [glyph]);
  const ratio = boards[layout].widthBu / boards[layout].heightBu;
  return (
    <div className="stage" data-layout={layout} style={{ "--board-ratio": ratio } as CSSProperties}>
      <div className="stage-fit">
        <Board layout={layout} lit={lit}>
          <Planchette
            layout={layout}
            score={answer?.score ?? null}
            thinking={stirring}
            clock={clock}
            reducedMotion={reducedMotion}
          />
        </Board>
      </div>
    </div>
  );
}
