import { type CSSProperties, lazy, Suspense, useMemo } from "react";
import { useStore } from "zustand";
import { useShown, usePlaying } from "@/components/answer/useShown";
import { Board } from "@/components/board/Board";
import { Planchette } from "@/components/planchette/Planchette";
import { boards, type Layout } from "@/lib/layout";
import type { Room } from "@/lib/room";
import type { Scene } from "@/lib/scene";

// Nobody lays a hand on before the board is there.
const HandPad = lazy(() => import("@/components/planchette/HandPad").then((m) => ({ default: m.HandPad })));

interface StageProps {
  readonly scene: Scene;
  readonly room: Room;
  readonly playable: boolean; // a hand may be laid on
  readonly layout: Layout;
  readonly reducedMotion: boolean;
}

// The board with the planchette on it. Where nothing may travel, the letter lights in its place instead.
export function Stage({ scene, room, playable, layout, reducedMotion }: StageProps) {
  const { clock, hands } = room;
  const { answer, stirring } = scene;
  const shown = useShown(clock, answer);
  const playing = usePlaying(clock, answer);
  const glyph = reducedMotion && playing ? answer?.score.stops[shown - 1]?.g : undefined;
  const lit = useMemo(() => (glyph === undefined ? null : new Set([glyph])), [glyph]);
  const others = useOthers(room);
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
            hands={hands}
            others={others}
          />
        </Board>
        <Suspense>{playable && <HandPad key={layout} room={room} layout={layout} />}</Suspense>
      </div>
    </div>
  );
}

// Whose hands are on the planchette, yours left out: you see your own where it is.
function useOthers({ table }: Room) {
  const touching = useStore(table, (now) => now.touching);
  const people = useStore(table, (now) => now.people);
  const you = useStore(table, (now) => now.you);
  return useMemo(
    () =>
      people
        .filter(({ id, candle }) => id !== you?.id && touching.has(candle))
        .map(({ candle, name }) => ({ candle, name })),
    [touching, people, you],
  );
}
