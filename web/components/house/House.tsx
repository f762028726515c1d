"use client";

import { type ComponentType, Suspense, useEffect, useSyncExternalStore } from "react";
import { codeInPath } from "@/lib/address";
import { whenIdle } from "@/lib/idle";
import { worksOffline } from "@/lib/offline";
import { onMove } from "@/lib/page";
import { loadPrefs } from "@/lib/prefs";
import { loadSoul } from "@/lib/soul";
import { useTheme } from "@/components/ui/usePrefs";
import { Threshold } from "./Threshold";

interface HouseProps {
  readonly first: "lobby" | "table"; // what the page was exported as
  readonly Lobby: ComponentType;
  readonly Sitting: ComponentType<{ code: string }>;
  readonly ahead: (() => Promise<unknown>) | null; // what is worth fetching while nothing else happens
}

// Lobby or table, as the address says. The exported page does not know its address yet and shows the lobby, or for a
// table the threshold.
export function House({ first, Lobby, Sitting, ahead }: HouseProps) {
  const code = useSyncExternalStore(
    onMove,
    () => codeInPath(location.pathname),
    () => (first === "table" ? "" : null),
  );
  useTheme();
  useEffect(() => {
    loadPrefs();
    loadSoul();
    if (process.env.NODE_ENV === "production") worksOffline();
  }, []);
  useEffect(() => {
    if (ahead) whenIdle(() => void ahead());
  }, [ahead]);

  const waiting = (
    <Threshold title="The table is being laid">
      <noscript>
        <p>The board moves by JavaScript. Allow it for this page to play.</p>
      </noscript>
    </Threshold>
  );
  if (code === "") return waiting;
  return <Suspense fallback={waiting}>{code === null ? <Lobby /> : <Sitting key={code} code={code} />}</Suspense>;
}
