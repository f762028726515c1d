import { type ReactNode, useEffect, useState } from "react";
import { useStore } from "zustand";
import type { Room } from "@/lib/room";

const graceMs = 1_200; // a line that is back sooner needs no word
const standsMs = 9_000; // how long a notice is there to be read

// What the eyes need to know of the line and of what went wrong; the ears have the status line.
export function LineNote({ room }: { room: Room }) {
  const line = useStore(room.table, (table) => table.line);
  const notice = useStore(room.table, (table) => table.notice);
  return (
    <div className="notes" aria-hidden="true">
      {line === "joining" && (
        <Between key="joining" fromMs={graceMs} toMs={Infinity}>
          <p className="note">Taking your seat…</p>
        </Between>
      )}
      {line === "lost" && (
        <Between key="lost" fromMs={graceMs} toMs={Infinity}>
          <p className="note">The line to the table broke. Coming back…</p>
        </Between>
      )}
      {notice && (
        <Between key={notice.n} fromMs={0} toMs={standsMs}>
          <p className="note" data-tone={notice.tone}>
            {notice.text}
          </p>
        </Between>
      )}
    </div>
  );
}

// There for a while, counted from when it is first drawn.
function Between({ fromMs, toMs, children }: { fromMs: number; toMs: number; children: ReactNode }) {
  const [there, setThere] = useState(fromMs === 0);
  useEffect(() => {
    const timers = [
      ...(fromMs > 0 ? [setTimeout(() => setThere(true), fromMs)] : []),
      ...(toMs < Infinity ? [setTimeout(() => setThere(false), toMs)] : []),
    ];
    return () => timers.forEach(clearTimeout);
  }, [fromMs, toMs]);
  return there && children;
}
