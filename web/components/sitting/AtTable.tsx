import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { Ambience } from "@/components/ambience/Ambience";
import { Answer } from "@/components/answer/Answer";
import { usePlaying } from "@/components/answer/useShown";
import { Asked } from "@/components/ask/Asked";
import { AskSlip } from "@/components/ask/AskSlip";
import { Waiting } from "@/components/ask/Waiting";
import { Status } from "@/components/status/Status";
import { useMoment } from "@/components/ui/useMoment";
import { useMedia, useReducedMotion } from "@/components/ui/usePrefs";
import { leaningOf } from "@/lib/leaning";
import { goTo } from "@/lib/page";
import type { Seat } from "@/lib/seat";
import { soulHere, wasAsked } from "@/lib/soul";
import { Company } from "./Company";
import { Header, type Tool } from "./Header";
import { LineNote } from "./LineNote";
import { Stage } from "./Stage";
import { useKeyboard } from "./useKeyboard";
import { useRoom } from "./useRoom";
import { useScene } from "./useScene";
import { useSpirit } from "./useSpirit";

// Sheets come when somebody opens them: their code is not part of what the first visit waits for.
const HostPanel = lazy(() => import("@/components/host/HostPanel").then((m) => ({ default: m.HostPanel })));
const Minutes = lazy(() => import("@/components/minutes/Minutes").then((m) => ({ default: m.Minutes })));
const Stars = lazy(() => import("@/components/stars/Stars").then((m) => ({ default: m.Stars })));
const Settings = lazy(() => import("@/components/settings/Settings").then((m) => ({ default: m.Settings })));
const CareCard = lazy(() => import("@/components/care/CareCard").then((m) => ({ default: m.CareCard })));
const SoulSheet = lazy(() => import("@/components/soul/SoulSheet").then((m) => ({ default: m.SoulSheet })));
const SoulAsk = lazy(() => import("@/components/soul/SoulAsk").then((m) => ({ default: m.SoulAsk })));
const Invite = lazy(() => import("./Invite").then((m) => ({ default: m.Invite })));
const Farewell = lazy(() => import("./Farewell").then((m) => ({ default: m.Farewell })));
const LeaveCard = lazy(() => import("./LeaveCard").then((m) => ({ default: m.LeaveCard })));

// The portrait board wherever the window is taller than wide, or too narrow for candles beside the board.
const tallWindow = "(orientation: portrait), (max-width: 559px)";

// A phone that lies on its side: the dock beside the board, as shape.css has it.
const lyingWindow = "(orientation: landscape) and (max-height: 480px) and (min-width: 560px)";

interface AtTableProps {
  readonly code: string;
  readonly seat: Seat;
  readonly onSeatGone: () => void;
}

// The table as one sitter sees it. The order of the markup is that of the keyboard (ask, board, answer, sitters,
// tools); the style sheet puts each where the eyes expect it.
export function AtTable({ code, seat, onSeatGone }: AtTableProps) {
  const room = useRoom(code, seat);
  const scene = useScene(room);
  const playing = usePlaying(room.clock, scene.answer);
  const layout = useMedia(tallWindow) ? "tall" : "wide";
  const lying = useMedia(lyingWindow);
  const reducedMotion = useReducedMotion();
  const you = useStore(room.table, (table) => table.you);
  const spirit = useSpirit(useStore(room.table, (table) => table.session?.spirit));
  const ended = useStore(room.table, (table) => (table.session?.state === "ended" ? "ended" : table.farewell));
  const care = useStore(room.table, (table) => table.care);
  const locked = useStore(room.table, (table) => table.session?.locked ?? false);
  const hushed = useHush(room);
  const whose = useLeaning(room);
  const watching = you?.role === "spectator";
  const asks = useMayAsk(
    !playing && !watching && you !== null && scene.question?.participant.id === you.id && scene.answer !== null,
  );
  const [tool, setTool] = useState<Tool | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const close = useCallback(() => setTool(null), []);
  useKeyboard();
  useEffect(() => {
    document.title = `${code} · Séance`;
    return () => {
      document.title = "Séance";
    };
  }, [code]);

  // The form that was sent is gone, and the focus with it. A finger gets no keyboard that it did not ask for.
  useEffect(() => {
    if (document.activeElement === document.body && matchMedia("(pointer: fine)").matches) box.current?.focus();
  }, []);

  async function leave() {
    setTool(null);
    await room.leave();
    goTo("/");
  }

  const askingId = scene.stirring || playing ? (scene.question?.participant.id ?? null) : null;
  return (
    <>
      <main className="sitting" data-layout={layout} data-hush={hushed || undefined}>
        <Ambience />
        <h1 className="sr-only">Séance, table {code}</h1>
        <div className="dock-ask">
          <LineNote room={room} />
          <Waiting room={room} />
          <Suspense>
            {asks && you && <SoulAsk token={seat.token} name={you.name} onTell={() => setTool("soul")} />}
          </Suspense>
          <Suspense>{ended && <Farewell reason={ended} onSeatGone={onSeatGone} />}</Suspense>
          {!ended && watching && <p className="watching">You watch from the dark; the questions are the table’s.</p>}
          {!ended && !watching && <AskSlip room={room} box={box} />}
        </div>
        <Stage
          scene={scene}
          room={room}
          playable={you !== null && !watching && !ended}
          layout={layout}
          reducedMotion={reducedMotion}
        />
        <Answer scene={scene} clock={room.clock} spirit={spirit.title} lang={spirit.lang} whose={whose}>
          <Suspense>{scene.answer && !playing && !watching && <Stars room={room} seq={scene.answer.seq} />}</Suspense>
        </Answer>
        <Asked question={scene.question} yours={scene.question?.participant.id === you?.id} />
        <Company room={room} askingId={askingId} row={layout === "tall" || lying} />
        <Header code={code} host={you?.role === "host"} locked={locked} onTool={setTool} />
        <Status room={room} lang={spirit.lang} />
      </main>
      <Suspense>
        {tool === "host" && <HostPanel room={room} code={code} token={seat.token} onClose={close} />}
        {tool === "minutes" && <Minutes room={room} token={seat.token} lang={spirit.lang} onClose={close} />}
        {tool === "settings" && (
          <Settings onSoul={() => setTool("soul")} onLeave={() => setTool("leave")} onClose={close} />
        )}
        {tool === "soul" && you && <SoulSheet self={{ token: seat.token }} name={you.name} onClose={close} />}
        {tool === "invite" && <Invite code={code} joinUrl={seat.join_url} onClose={close} />}
        {tool === "leave" && <LeaveCard host={you?.role === "host"} onLeave={() => void leave()} onClose={close} />}
        {care && <CareCard care={care} onClose={() => room.dismissCare()} />}
      </Suspense>
    </>
  );
}

type Room = ReturnType<typeof useRoom>;

// Whether somebody is asked to be remembered: once they have had an answer, and once on one device. From then on the
// question stands until it is answered.
function useMayAsk(answered: boolean): boolean {
  const [asks, setAsks] = useState(false);
  const soul = useStore(soulHere, (here) => here.soul);
  if (answered && !asks && !soul && !wasAsked()) setAsks(true);
  return asks;
}

function useHush(room: Room): boolean {
  return useUntil(
    room,
    useStore(room.table, (table) => table.hushUntilMs),
  );
}

// Who leaned into the answer, as long as it is told.
function useLeaning(room: Room): string | null {
  const leaning = useStore(room.table, (table) => table.leaning);
  const people = useStore(room.table, (table) => table.people);
  const you = useStore(room.table, (table) => table.you);
  const told = useUntil(room, leaning?.untilMs ?? 0);
  return told && leaning ? leaningOf(leaning.shares, { people, you }) : null;
}

// True until a moment of the server's time.
function useUntil({ clock }: Room, untilMs: number): boolean {
  return useMoment(
    clock,
    useCallback((now: number) => now < untilMs, [untilMs]),
    useCallback((now: number) => (now < untilMs ? untilMs : Infinity), [untilMs]),
  );
}
