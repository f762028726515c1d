import type { Sitter } from "@/lib/scene";

interface CandlesProps {
  readonly sitters: readonly Sitter[];
  readonly you: string | null;
  readonly askingId: string | null;
  readonly touching?: ReadonlySet<number>; // candles whose hand is on the planchette
  readonly side: "left" | "right" | "row";
}

const nobody: ReadonlySet<number> = new Set();

// The people are the candles: joining a flame catches, asking it stands tall, writing it leans, lost it smokes. What
// the flame says stands beside the name as well.
export function Candles({ sitters, you, askingId, touching = nobody, side }: CandlesProps) {
  return (
    <ul className="candles" data-side={side}>
      {sitters.map((sitter) => (
        <li
          key={sitter.id}
          className="candle"
          data-state={sitter.id === askingId && sitter.state !== "lost" ? "asking" : sitter.state}
          data-wax={sitter.candle % 6}
          data-touching={touching.has(sitter.candle) || undefined}
          data-you={sitter.id === you || undefined}
        >
          <Flame smoke={sitter.state === "lost"} />
          <p className="candle-name" dir="auto">
            {sitter.name}
          </p>
          <p className="candle-note">{note(sitter, you, askingId, touching.has(sitter.candle))}</p>
        </li>
      ))}
    </ul>
  );
}

// One candle, for the eyes alone.
export function Flame({ smoke = false }: { smoke?: boolean }) {
  return (
    <div className="candle-figure" aria-hidden="true">
      <div className="candle-glow" />
      <div className="candle-holder" />
      <div className="candle-wax" />
      {smoke ? (
        <svg className="candle-smoke" viewBox="0 0 40 120">
          <path d="M20 118C8 100 31 88 21 66S9 40 19 24 24 8 20 0" />
          <path d="M21 118C30 96 12 84 20 62s14-26 5-44" />
        </svg>
      ) : (
        <div className="candle-flame" />
      )}
    </div>
  );
}

function note({ id, state, role }: Sitter, you: string | null, askingId: string | null, touches: boolean): string {
  if (state === "lost") return "slipped away";
  if (id === askingId) return id === you ? "you ask" : "asks";
  if (state === "typing") return id === you ? "you write" : "writes";
  if (touches) return id === you ? "your hand" : "hand laid on";
  if (id === you) return "you";
  return role === "host" ? "host" : "";
}
