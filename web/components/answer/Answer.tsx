import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { Clock } from "@/lib/clock";
import { record } from "@/lib/measure";
import type { Answered, Whispered } from "@/lib/protocol";
import { isUnasked, type Scene } from "@/lib/scene";
import { wordsOf } from "@/lib/score";
import { useInked, usePlaying, useShown } from "./useShown";

interface AnswerProps {
  readonly scene: Scene;
  readonly clock: Clock;
  readonly spirit: string; // what the spirit is called
  readonly lang: string; // the language it speaks
  readonly whose?: string | null; // who leaned into it, for a moment
  readonly children?: ReactNode; // beside the lead: stars
}

// The spirit's words under the board: inked letter by letter, the newest glowing, then the whisper. It is for the eyes
// alone; what is spoken comes from the page's one status line.
export function Answer({ scene, clock, spirit, lang, whose = null, children }: AnswerProps) {
  const { answer, whisper, stirring } = scene;
  const playing = usePlaying(clock, answer);
  return (
    <div className="answer" data-stirring={stirring || undefined} data-unasked={isUnasked(answer) || undefined}>
      <div className="answer-head">
        <p className="answer-lead" aria-hidden="true">
          {lead(scene, playing, spirit)}
        </p>
        {whose && (
          <p className="answer-whose" aria-hidden="true">
            {whose}
          </p>
        )}
        {children}
      </div>
      <div className="answer-words" lang={lang} aria-hidden="true">
        {answer && <Letters key={answer.seq} answer={answer} clock={clock} playing={playing} />}
        {answer && whisper && <Whisper key={whisper.seq} answer={answer} whisper={whisper} clock={clock} />}
      </div>
    </div>
  );
}

function lead({ answer, stirring }: Scene, playing: boolean, spirit: string): string {
  if (stirring) return `${spirit} stirs`;
  if (!answer) return "The board is still";
  if (isUnasked(answer)) return playing ? `${spirit} speaks unasked` : `${spirit}, unasked`; // stars stand beside it
  return `${spirit} ${playing ? "spells" : "spelled"}`;
}

function Letters({ answer, clock, playing }: { answer: Answered; clock: Clock; playing: boolean }) {
  const shown = useShown(clock, answer);
  const recorded = useRef(0);

  useLayoutEffect(() => {
    if (shown > recorded.current) record(clock, answer, recorded.current, shown);
    recorded.current = shown;
  }, [answer, clock, shown]);

  const words = wordsOf(answer.score);
  const firsts = words.map((_, i) => words.slice(0, i).reduce((sum, word) => sum + word.length, 0));
  return (
    <p className="answer-letters" data-seq={answer.seq} data-shown={shown} data-length={size(answer)}>
      {words.map((word, w) => {
        const first = firsts[w]!;
        if (first >= shown) return null;
        return (
          <span key={first} className="answer-word">
            {word.slice(0, shown - first).map((glyph, i) => (
              <span
                key={first + i}
                className="answer-letter"
                data-newest={(playing && first + i === shown - 1) || undefined}
              >
                {glyph}
              </span>
            ))}
          </span>
        );
      })}
      {playing && <span className="answer-pen" />}
    </p>
  );
}

function size({ score }: Answered): "short" | "middle" | "long" {
  const length = score.stops.reduce((sum, stop) => sum + stop.g.length, 0);
  return length <= 10 ? "short" : length <= 24 ? "middle" : "long";
}

// The whole text stands there from the first character on, not inked yet, so that no line ever moves.
function Whisper({ answer, whisper, clock }: { answer: Answered; whisper: Whispered; clock: Clock }) {
  const characters = [...whisper.text];
  const inked = useInked(clock, answer, whisper, characters.length);
  if (inked === 0) return null;
  return (
    <p className="answer-whisper" data-inked={inked} data-whole={inked === characters.length || undefined}>
      {characters.slice(0, inked).join("")}
      <span className="answer-unwritten">{characters.slice(inked).join("")}</span>
    </p>
  );
}
