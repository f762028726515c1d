"use client";

import { lazy, useEffect, useState } from "react";
import { codeInPath } from "@/lib/address";
import { whenIdle } from "@/lib/idle";
import { seatAt } from "@/lib/seat";

// Nobody needs both at once: the one whose turn it is comes at once, the table also while somebody stands at its door.
const table = () => import("./AtTable");
const door = () => import("./TakeSeat");
const AtTable = lazy(() => table().then((m) => ({ default: m.AtTable })));
const TakeSeat = lazy(() => door().then((m) => ({ default: m.TakeSeat })));
if (typeof window !== "undefined") {
  const code = codeInPath(location.pathname);
  void (code && !seatAt(code) ? door() : table()).catch(() => undefined); // whoever shows it meets the same fault
}

// A session's page: at the table for whoever has a seat there, at the door for everybody else.
export default function Sitting({ code }: { code: string }) {
  const [seat, setSeat] = useState(() => seatAt(code));
  useEffect(() => {
    if (!seat) whenIdle(() => void table().catch(() => undefined));
  }, [seat]);
  if (!seat) return <TakeSeat code={code} onSeated={setSeat} />;
  return <AtTable key={seat.token} code={code} seat={seat} onSeatGone={() => setSeat(null)} />;
}
