import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { Candles } from "@/components/candles/Candles";
import type { Room } from "@/lib/room";
import { sittersOf } from "@/lib/scene";

const drawn = 8; // candles; a table seats more, the rest is a number

interface CompanyProps {
  readonly room: Room;
  readonly askingId: string | null;
  readonly row: boolean; // in a row, not on both sides of the board
}

// Who sits at the table: their candles on both sides of the board, or in a row above it.
export function Company({ room, askingId, row }: CompanyProps) {
  const table = useStore(
    room.table,
    useShallow(({ people, typing, you, touching }) => ({ people, typing, you, touching })),
  );
  const { touching } = table;
  const { sitters, more, watching } = sittersOf(table, askingId, drawn);
  const you = table.you?.id ?? null;
  const shared = { you, askingId, touching };
  const rest = [more > 0 && `and ${more} more`, watching > 0 && `${watching} watching`].filter(Boolean).join(", ");
  return (
    <section className="company" aria-label="At the table">
      {row ? (
        <div className="company-row">
          <Candles sitters={sitters} {...shared} side="row" />
        </div>
      ) : (
        <>
          <div className="company-left">
            <Candles sitters={sitters.filter((_, i) => i % 2 === 0)} {...shared} side="left" />
          </div>
          <div className="company-right">
            <Candles sitters={sitters.filter((_, i) => i % 2 === 1)} {...shared} side="right" />
          </div>
        </>
      )}
      {rest && <p className="company-rest">{rest}</p>}
    </section>
  );
}
