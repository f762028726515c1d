import { useStore } from "zustand";
import type { Room } from "@/lib/room";

// What the eyes need to know of the line and of what went wrong; the ears have the status line.
export function LineNote({ room }: { room: Room }) {
  const line = useStore(room.table, (table) => table.line);
  const notice = useStore(room.table, (table) => table.notice);
  return (
    <div className="notes" aria-hidden="true">
      {line === "joining" && <p className="note note-late">Taking your seat…</p>}
      {line === "lost" && <p className="note note-late">The line to the table broke. Coming back…</p>}
      {notice && (
        <p key={notice.n} className="note note-passing" data-tone={notice.tone}>
          {notice.text}
        </p>
      )}
    </div>
  );
}
