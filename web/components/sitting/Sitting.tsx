"use client";

import { useState } from "react";
import { seatAt } from "@/lib/seat";
import { AtTable } from "./AtTable";
import { TakeSeat } from "./TakeSeat";

// A session's page: at the table for whoever has a seat there, at the door for everybody else.
export default function Sitting({ code }: { code: string }) {
  const [seat, setSeat] = useState(() => seatAt(code));
  if (!seat) return <TakeSeat code={code} onSeated={setSeat} />;
  return <AtTable key={seat.token} code={code} seat={seat} onSeatGone={() => setSeat(null)} />;
}
