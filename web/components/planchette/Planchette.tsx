import { useEffect, useRef, useState } from "react";
import type { StoreApi } from "zustand/vanilla";
import { Ink } from "@/components/board/Board";
import type { Clock } from "@/lib/clock";
import type { Trail } from "@/lib/hands";
import { boards, type Layout } from "@/lib/layout";
import type { Score } from "@/lib/protocol";
import type { Glide } from "./glide";

interface PlanchetteProps {
  readonly layout: Layout;
  readonly score: Score | null;
  readonly thinking: boolean;
  readonly clock: Clock;
  readonly reducedMotion: boolean; // it stays at rest; the board lights the letters
  readonly hands?: StoreApi<Trail>;
  readonly others?: readonly Other[]; // whose hands are shown
}

export interface Other {
  readonly candle: number;
  readonly name: string;
}

const noOthers: readonly Other[] = [];

// The planchette: a rosewood heart whose glass shows the letter it covers. It lies on a Board and is for the eyes
// alone. The two elements named hands carry what people's hands add.
export function Planchette({
  layout,
  score,
  thinking,
  clock,
  reducedMotion,
  hands,
  others = noOthers,
}: PlanchetteProps) {
  const root = useRef<HTMLDivElement>(null);
  const [glide, setGlide] = useState<Glide | null>(null);

  useEffect(() => {
    const element = root.current;
    // a browser that cannot animate shows it at rest; the answer is written under the board all the same
    if (!element || reducedMotion || !("animate" in element) || typeof ResizeObserver === "undefined") return;
    const part = (name: string) => element.querySelector<HTMLElement>(`[data-part=${name}]`)!;
    let stop: (() => void) | null = () => {};
    // at rest the style sheet shows it: what moves it comes after the first paint
    void Promise.all([import("./glide"), import("./lay")])
      .then(([{ Glide }, { Lay }]) => {
        if (!stop) return;
        const moving = new Glide(
          {
            path: part("path"),
            drift: part("drift"),
            lensPath: part("lens-path"),
            lensDrift: part("lens-drift"),
            raised: part("raised"),
            body: part("body"),
            shadow: part("shadow"),
            glow: part("glow"),
          },
          clock,
          layout,
        );
        const laid = hands && new Lay(element, hands, clock, layout, moving);
        const measure = () => {
          const px = element.clientWidth / boards[layout].widthBu;
          moving.resize(px);
          if (px > 0) laid?.resize(px);
        };
        const observer = new ResizeObserver(measure);
        observer.observe(element);
        measure();
        stop = () => {
          observer.disconnect();
          laid?.stop();
          moving.stop();
        };
        setGlide(moving);
      })
      .catch(() => undefined); // offline: the letters are written all the same
    return () => {
      stop?.();
      stop = null;
      setGlide(null);
    };
  }, [clock, layout, reducedMotion, hands]);

  useEffect(() => {
    glide?.show(score, thinking);
  }, [glide, score, thinking]);

  const { widthBu, heightBu } = boards[layout];
  return (
    <div ref={root} className="planchette" data-layout={layout} aria-hidden="true">
      {others.map(({ candle, name }) => (
        <div key={candle} className="hand-glow" data-candle={candle} data-wax={candle % 6}>
          <span className="hand-name">{name}</span>
        </div>
      ))}
      <div data-part="path" className="planchette-path">
        <div data-part="drift" className="planchette-drift">
          <div data-part="hands" className="planchette-hands">
            <div data-part="glow" className="planchette-glow" />
            <div data-part="shadow" className="planchette-shadow" />
            <div data-part="raised" className="planchette-raised">
              <div className="planchette-lens">
                <div data-part="lens-hands">
                  <div data-part="lens-drift" className="planchette-drift">
                    <div data-part="lens-path" className="planchette-lens-path">
                      <svg className="planchette-print" viewBox={`0 0 ${widthBu} ${heightBu}`}>
                        <Ink layout={layout} />
                      </svg>
                    </div>
                  </div>
                </div>
              </div>
              <div data-part="body" className="planchette-body" />
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}
