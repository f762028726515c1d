import { Hand } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { mapped, within } from "@/lib/hands";
import { boards, type Layout, places } from "@/lib/layout";
import { apart, type Point } from "@/lib/point";
import type { Room } from "@/lib/room";

const tapMs = 300; // a press that is over sooner is a tap
const tapPx = 10; // and moved no further than this
const stepBu = 20;
const leapBu = 60; // with Shift
const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface HandPadProps {
  readonly room: Room;
  readonly layout: Layout;
}

// Where a hand is laid on the planchette: it pulls to where it lies. Held down it is there until it is let go; a tap
// leaves it there, and so does Space, after which the arrows move it.
export function HandPad({ room, layout }: HandPadProps) {
  const open = useStore(room.table, (table) => table.line === "open");
  const pad = useRef<HTMLDivElement>(null);
  const pressed = useRef<{ id: number; atMs: number; x: number; y: number; onHand: boolean } | null>(null);
  const [hand, setHand] = useState<Point | null>(null); // on this board

  useEffect(() => {
    const hide = () => {
      if (document.visibilityState === "visible") return;
      room.touch.lift();
      setHand(null);
    };
    document.addEventListener("visibilitychange", hide);
    const forget = room.table.subscribe((now, before) => now.line !== before.line && setHand(null));
    return () => {
      forget();
      document.removeEventListener("visibilitychange", hide);
      room.touch.lift();
    };
  }, [room, layout]);

  function lay(point: Point) {
    if (!open) return;
    const there = within(point, layout);
    setHand(there);
    room.touch.lay(mapped(there, layout, "wide"));
  }
  function lift() {
    room.touch.lift();
    setHand(null);
  }

  function pointOf({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const { left, top, width, height } = pad.current!.getBoundingClientRect();
    const { widthBu, heightBu } = boards[layout];
    return { xBu: ((clientX - left) / width) * widthBu, yBu: ((clientY - top) / height) * heightBu };
  }
  // Where the planchette lies right now, whatever moves it.
  function planchette(): Point {
    const part = pad.current?.parentElement?.querySelector("[data-part=hands]")?.getBoundingClientRect();
    return part && part.x + part.y > 0 ? pointOf({ clientX: part.x, clientY: part.y }) : places[layout].REST;
  }

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0 || pressed.current) return;
    const point = pointOf(event);
    pressed.current = {
      id: event.pointerId,
      atMs: event.timeStamp,
      x: event.clientX,
      y: event.clientY,
      onHand: hand !== null && apart(hand, point) < 40,
    };
    event.currentTarget.setPointerCapture?.(event.pointerId);
    lay(point);
  }
  function onPointerMove(event: PointerEvent) {
    if (pressed.current?.id === event.pointerId) lay(pointOf(event));
  }
  function onPointerUp(event: PointerEvent) {
    const press = pressed.current;
    if (press?.id !== event.pointerId) return;
    pressed.current = null;
    const moved = Math.hypot(event.clientX - press.x, event.clientY - press.y);
    const tapped = event.type === "pointerup" && event.timeStamp - press.atMs < tapMs && moved <= tapPx;
    if (!tapped || press.onHand) lift();
  }

  function onKeyDown(event: KeyboardEvent) {
    const arrow = arrows[event.key];
    if (event.key === " " || (event.key === "Enter" && !event.shiftKey) || (event.key === "Escape" && hand)) {
      event.preventDefault();
      if (event.repeat) return;
      if (hand) lift();
      else if (event.key !== "Escape") lay(planchette());
    } else if (arrow && hand) {
      event.preventDefault();
      const bu = event.shiftKey ? leapBu : stepBu;
      lay({ xBu: hand.xBu + arrow[0] * bu, yBu: hand.yBu + arrow[1] * bu });
    }
  }

  const { widthBu, heightBu } = boards[layout];
  const there = open ? hand : null;
  return (
    <>
      <div
        ref={pad}
        className="hand-pad"
        role="application"
        aria-roledescription="planchette"
        aria-label="Planchette. Space lays your hand on it or lifts it, arrows move it."
        tabIndex={0}
        data-laid={there ? "" : undefined}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
      >
        {there && (
          <div
            className="hand-glow hand-yours"
            aria-hidden="true"
            style={{ left: `${(there.xBu / widthBu) * 100}%`, top: `${(there.yBu / heightBu) * 100}%` }}
          />
        )}
      </div>
      {there && (
        <button type="button" className="hand-lift" onClick={lift}>
          <Hand aria-hidden="true" size={16} /> <span>Lift your hand</span>
        </button>
      )}
    </>
  );
}
