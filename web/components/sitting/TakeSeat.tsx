import { useEffect, useState } from "react";
import { Parlour } from "@/components/ambience/Parlour";
import { JoinForm } from "@/components/lobby/JoinForm";
import { KnownAs } from "@/components/soul/KnownAs";
import { goTo } from "@/lib/page";
import { keepName, lastName } from "@/lib/prefs";
import type { Fault, Session } from "@/lib/protocol";
import { getSession } from "@/lib/rest";
import { keepSeat, type Seat } from "@/lib/seat";
import { wasKnown } from "@/lib/soul";

// The door of a table: what it is, and a chair for whoever gives a name.
export function TakeSeat({ code, onSeated }: { code: string; onSeated: (seat: Seat) => void }) {
  const [name, setName] = useState(lastName);
  const [session, setSession] = useState<Session | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);

  useEffect(() => {
    void getSession(code).then((result) => {
      setSession(result.ok ?? null);
      setFault(result.fault ?? null);
    });
  }, [code]);

  const closed = fault?.code === "not_found" || session?.state === "ended";
  return (
    <main className="lobby">
      <Parlour />
      <header className="lobby-title">
        <h1>Séance</h1>
        <p>{session?.name ?? "A table in the dark"}</p>
        <KnownAs />
      </header>
      <div className="paper door-paper">
        {closed ? (
          <p className="form-lead">
            {session ? "This sitting is over." : `No table has the code ${code}. Ask whoever invited you for the link.`}
          </p>
        ) : (
          <JoinForm
            heading={
              <>
                Join <span className="code">{code}</span>
              </>
            }
            lead={company(session)}
            code={code}
            name={name}
            onName={setName}
            onSeated={({ session: joined, participant, token, join_url, known }) => {
              wasKnown(known);
              const seat = { token, session: joined.id, participant: participant.id, join_url };
              keepSeat(code, seat);
              keepName(name.trim());
              onSeated(seat);
            }}
          />
        )}
        <p>
          <button type="button" className="button button-quiet" onClick={() => goTo("/")}>
            To the lobby
          </button>
        </p>
      </div>
      <footer className="lobby-foot">
        <p>A parlour game, played with an AI: no spirit is called, and nothing it says is true of anybody.</p>
      </footer>
    </main>
  );
}

function company(session: Session | null): string {
  if (!session) return "Give a name, and take a chair.";
  if (session.locked) return "The host has locked this table. Ask to be let in.";
  const people = session.participants;
  if (people === 0) return "Nobody is at the table right now. Take a chair and wait for them.";
  return people === 1 ? "One candle is burning. Take a chair." : `${people} candles are burning. Take a chair.`;
}
