import { useLayoutEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { useInked, useShown } from "@/components/answer/useShown";
import { Panel } from "@/components/ui/Panel";
import type { Clock } from "@/lib/clock";
import type { Answered, Whispered } from "@/lib/protocol";
import { type Format, getTranscript } from "@/lib/rest";
import type { Room } from "@/lib/room";
import { type Exchange, isUnasked, minutesOf, olderThan } from "@/lib/scene";

interface MinutesProps {
  readonly room: Room;
  readonly token: string;
  readonly lang: string;
  readonly onClose: () => void;
}

// Minutes of the sitting: what was asked and answered. What is being spelled right now stays unread until it is done.
export function Minutes({ room, token, lang, onClose }: MinutesProps) {
  const table = useStore(room.table);
  const exchanges = minutesOf(table);
  const older = olderThan(table);
  const [reading, setReading] = useState(false);
  const end = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, []);

  async function readOlder() {
    setReading(true);
    await room.readOlder();
    setReading(false);
  }

  return (
    <Panel title="Minutes of the sitting" side="right" onClose={onClose}>
      {older !== null && (
        <button type="button" className="button button-line" onClick={() => void readOlder()} aria-disabled={reading}>
          {reading ? "Turning back the pages…" : "Read earlier lines"}
        </button>
      )}
      {exchanges.length === 0 && <p className="minutes-empty">Nothing has been asked yet.</p>}
      <ol className="minutes">
        {exchanges.map((exchange) => (
          <Entry key={exchange.seq} exchange={exchange} clock={room.clock} lang={lang} />
        ))}
      </ol>
      {table.session?.state === "ended" && <p className="minutes-empty">The sitting is over.</p>}
      <Keep code={table.code} token={token} />
      <div ref={end} />
    </Panel>
  );
}

const formats: Readonly<Record<Format, string>> = { md: "Markdown", txt: "Plain text", json: "JSON" };

// The minutes as a file. They are the table's alone, so they are fetched with the token and not linked to.
function Keep({ code, token }: { code: string; token: string }) {
  const [told, setTold] = useState("");

  async function keep(format: Format) {
    const { ok, fault } = await getTranscript(code, token, format);
    if (!ok) return setTold(fault.message);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(ok);
    link.download = `seance-${code}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it only later
    setTold("Kept.");
  }

  return (
    <div className="keep">
      <p className="panel-note">Keep a copy</p>
      <div className="keep-ways">
        {(Object.entries(formats) as [Format, string][]).map(([format, name]) => (
          <button key={format} type="button" className="button button-line" onClick={() => void keep(format)}>
            {name}
          </button>
        ))}
      </div>
      <p className="panel-note" role="status">
        {told}
      </p>
    </div>
  );
}

function Entry({ exchange, clock, lang }: { exchange: Exchange; clock: Clock; lang: string }) {
  const { question, answer, whisper, erased } = exchange;
  return (
    <li className="minute">
      {erased && <p className="minute-erased">These words were erased.</p>}
      {question && (
        <p className="minute-question">
          <span className="minute-who">
            {question.participant.name} asked, <Hour at={question.at} />
          </span>{" "}
          <q dir="auto">{question.text}</q>
        </p>
      )}
      {answer && isUnasked(answer) && (
        <p className="minute-question">
          <span className="minute-who">
            Unasked, <Hour at={answer.at} />
          </span>
        </p>
      )}
      {answer ? (
        <Spoken answer={answer} whisper={whisper} clock={clock} lang={lang} />
      ) : (
        question && <p className="minute-pending">Not answered yet.</p>
      )}
    </li>
  );
}

interface SpokenProps {
  readonly answer: Answered;
  readonly whisper: Whispered | null;
  readonly clock: Clock;
  readonly lang: string;
}

function Spoken({ answer, whisper, clock, lang }: SpokenProps) {
  const whole = useShown(clock, answer) >= answer.score.stops.length;
  if (!whole) return <p className="minute-pending">It is being spelled.</p>;
  return (
    <>
      <p className="minute-answer" lang={lang}>
        {answer.board}
      </p>
      {whisper && <Whisper answer={answer} whisper={whisper} clock={clock} lang={lang} />}
    </>
  );
}

function Whisper({ answer, whisper, clock, lang }: SpokenProps & { whisper: Whispered }) {
  const length = [...whisper.text].length;
  if (useInked(clock, answer, whisper, length) < length) return null;
  return (
    <p className="minute-whisper" lang={lang}>
      {whisper.text}
    </p>
  );
}

function Hour({ at }: { at: number }) {
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()}>{date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}</time>
  );
}
