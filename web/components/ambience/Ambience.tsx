import { useEffect, useRef, useState } from "react";
import { useMedia, useReducedMotion } from "@/components/ui/usePrefs";
import { whenIdle } from "@/lib/idle";
import type { drawMotes } from "./motes";

const phoneMotes = 36;
const deskMotes = 110;

// The air of the room: motes in the candlelight and a little fog. Still under reduced motion, asleep in hidden tabs,
// and first to go on a weak device.
export function Ambience() {
  const still = useReducedMotion();
  const phone = useMedia("(max-width: 700px), (max-height: 500px)");
  const [weak, setWeak] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const fog = useRef<HTMLDivElement>(null);
  const moving = !still && !weak;

  useEffect(() => {
    const air = canvas.current;
    if (!air || !moving) return;
    let [gone, stop] = [false, () => {}];
    let draw: typeof drawMotes | null = null;
    function wake() {
      stop();
      stop = () => {};
      if (!air || !draw || document.hidden) return;
      air.width = Math.ceil(air.clientWidth / 2);
      air.height = Math.ceil(air.clientHeight / 2);
      stop = draw(air, phone ? phoneMotes : deskMotes, () => setWeak(true));
    }
    whenIdle(() => {
      void import("./motes")
        .then((motes) => {
          draw = motes.drawMotes;
          if (!gone) wake();
        })
        .catch(() => undefined); // offline: the air is still
    });
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("resize", wake);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("resize", wake);
      stop();
    };
  }, [moving, phone]);

  useEffect(() => {
    if (!moving || !fog.current || !("animate" in fog.current)) return;
    const drifts = [...fog.current.children].map((bank, i) =>
      bank.animate(
        [{ transform: `translateX(${i % 2 ? 14 : -14}%)` }, { transform: `translateX(${i % 2 ? -14 : 14}%)` }],
        { duration: 47_000 + i * 16_000, direction: "alternate", iterations: Infinity, easing: "ease-in-out" },
      ),
    );
    return () => drifts.forEach((drift) => drift.cancel());
  }, [moving]);

  return (
    <div className="ambience" aria-hidden="true">
      <div ref={fog} className="ambience-fog">
        <div className="ambience-bank" />
        <div className="ambience-bank" />
      </div>
      {moving && <canvas ref={canvas} className="ambience-motes" />}
    </div>
  );
}
