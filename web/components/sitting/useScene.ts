import { useCallback, useMemo } from "react";
import { useStore } from "zustand";
import { useMoment } from "@/components/ui/useMoment";
import type { Room } from "@/lib/room";
import { newestAnswer, type Scene, sceneAt } from "@/lib/scene";

// What is on the board now. It follows the frames, and the end of the answer that plays.
export function useScene(room: Room): Scene {
  const kept = useStore(room.table, (table) => table.kept);
  const thinking = useStore(room.table, (table) => table.thinking);
  const session = useStore(room.table, (table) => table.session);
  const endsAtMs = newestAnswer({ kept })?.score.ends_at ?? 0;
  const over = useMoment(
    room.clock,
    useCallback((now: number) => now >= endsAtMs, [endsAtMs]),
    useCallback((now: number) => (now < endsAtMs ? endsAtMs : Infinity), [endsAtMs]),
  );
  return useMemo(
    () => sceneAt({ kept, thinking, session }, over ? endsAtMs : endsAtMs - 1),
    [kept, thinking, session, over, endsAtMs],
  );
}
