import { Star } from "lucide-react";
import { useStore } from "zustand";
import type { Room } from "@/lib/room";

const values = [1, 2, 3, 4, 5] as const;

// Stars for an answer that was spelled. They are five radio buttons, so that arrows move between them; what you give is
// yours to change and nobody sees it.
export function Stars({ room, seq }: { room: Room; seq: number }) {
  const given = useStore(room.table, (table) => table.stars.get(seq) ?? 0);
  return (
    <fieldset className="stars">
      <legend className="sr-only">Stars for this answer</legend>
      {values.map((value) => (
        <label key={value} className="star" data-lit={value <= given || undefined}>
          <input
            type="radio"
            className="sr-only"
            name={`stars-${seq}`}
            checked={given === value}
            onChange={() => void room.rate(seq, value)}
          />
          <span className="sr-only">{value === 1 ? "1 star" : `${value} stars`}</span>
          <Star aria-hidden="true" size={17} />
        </label>
      ))}
    </fieldset>
  );
}
