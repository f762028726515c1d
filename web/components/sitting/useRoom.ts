import { useEffect, useState } from "react";
import { dial } from "@/lib/line";
import { openRoom, type Room } from "@/lib/room";
import type { Seat } from "@/lib/seat";

// Joins when the table is shown and gets up when it is not; everything else belongs to the room.
export function useRoom(code: string, seat: Seat): Room {
  const [room] = useState(() => openRoom({ code, seat, dial }));
  useEffect(() => {
    room.start();
    return () => room.stop();
  }, [room]);
  return room;
}
