/* eslint-disable @next/next/no-img-element -- the board is no page of Next's: next/* is imported in app/ only */
import { memo, type ReactNode } from "react";
import { boards, digits, letters, places, words, type Layout } from "@/lib/layout";

// Drawn by scripts/texture: every glyph and ornament is a symbol of one file, so that the page carries none of them.
const ink = "/board/ink.svg";
const glyphs = [...letters, ...digits, ...words];

interface BoardProps {
  readonly layout: Layout;
  readonly lit: ReadonlySet<string> | null; // glyphs that glow in place, where nothing may travel
  readonly children?: ReactNode; // lies on the board
}

// The board: amber wood in a walnut frame, printed in ink. The first paint is flat amber; wood and wear come after it.
// It fills the width it is given, in the proportions of its layout, and is for the eyes alone.
export function Board({ layout, lit, children }: BoardProps) {
  return (
    <div className="board" data-layout={layout} aria-hidden="true">
      <Wood key={layout} layout={layout} />
      {lit && <Lights layout={layout} lit={lit} />}
      <Print layout={layout} />
      <img
        className="board-skin board-wear"
        src={`/board/wear-${layout}.webp`}
        alt=""
        loading="lazy"
        decoding="async"
      />
      {children}
    </div>
  );
}

function Wood({ layout }: { layout: Layout }) {
  return (
    <img
      className="board-skin board-wood"
      src={`/board/wood-${layout}.webp`}
      alt=""
      loading="lazy"
      decoding="async"
      ref={(image) => {
        if (image?.complete) image.dataset["there"] = "";
      }}
      onLoad={(event) => {
        event.currentTarget.dataset["there"] = "";
      }}
    />
  );
}

const Print = memo(function Print({ layout }: { layout: Layout }) {
  const { widthBu, heightBu } = boards[layout];
  return (
    <svg className="board-skin" viewBox={`0 0 ${widthBu} ${heightBu}`}>
      <use className="board-frame" href={`${ink}#${layout}-frame`} />
      <Ink layout={layout} />
    </svg>
  );
});

// What is printed on the field, in board units: the board draws it, and the lens once more, larger.
export function Ink({ layout }: { layout: Layout }) {
  return (
    <g className="board-ink">
      <use href={`${ink}#${layout}-art`} />
      {glyphs.map((glyph) => (
        <use key={glyph} href={`${ink}#${glyph}`} transform={placing(layout, glyph)} />
      ))}
    </g>
  );
}

function Lights({ layout, lit }: { layout: Layout; lit: ReadonlySet<string> }) {
  const { widthBu, heightBu, print } = boards[layout];
  return (
    <svg className="board-skin" viewBox={`0 0 ${widthBu} ${heightBu}`}>
      <defs>
        <radialGradient id="board-light">
          <stop offset="0" stopColor="#fff4d2" />
          <stop offset=".62" stopColor="#ffdf9c" stopOpacity=".92" />
          <stop offset="1" stopColor="#ffb155" stopOpacity="0" />
        </radialGradient>
      </defs>
      {glyphs.map((glyph) => {
        const { xBu, yBu } = places[layout][glyph];
        const reach = glyph === "GOODBYE" ? 118 : glyph.length > 1 ? 66 : 38;
        return (
          <ellipse
            key={glyph}
            className="board-light"
            data-lit={lit.has(glyph) || undefined}
            cx={round(xBu)}
            cy={round(yBu)}
            rx={reach * print}
            ry={Math.min(reach, 42) * print}
            fill="url(#board-light)"
          />
        );
      })}
    </svg>
  );
}

function placing(layout: Layout, glyph: (typeof glyphs)[number]): string {
  const { xBu, yBu, angleDeg } = places[layout][glyph];
  const { print } = boards[layout];
  const turned = angleDeg === 0 ? "" : ` rotate(${round(angleDeg)})`;
  return `translate(${round(xBu)} ${round(yBu)})${turned}${print === 1 ? "" : ` scale(${print})`}`;
}

// A hundredth of a unit: what server and browser print alike.
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
