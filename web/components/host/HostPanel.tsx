import { type FormEvent, type ReactNode, useState } from "react";
import { useStore } from "zustand";
import { Field } from "@/components/ui/Field";
import { Panel } from "@/components/ui/Panel";
import { Twice } from "@/components/ui/Twice";
import type { Session } from "@/lib/protocol";
import { type Amendment, amendSession, endSession, type Result, showOut } from "@/lib/rest";
import type { Room } from "@/lib/room";

interface HostPanelProps {
  readonly room: Room;
  readonly code: string;
  readonly token: string;
  readonly onClose: () => void;
}

// The host's chair: the door, who sits here, how the spirit answers, and the end. What is changed reaches every board
// as it does this one, through the table.
export function HostPanel({ room, code, token, onClose }: HostPanelProps) {
  const session = useStore(room.table, (table) => table.session);
  const people = useStore(room.table, (table) => table.people);
  const you = useStore(room.table, (table) => table.you);
  const [told, setTold] = useState<{ text: string; wrong: boolean }>({ text: "", wrong: false });

  async function does(act: Promise<Result<unknown>>, done: string): Promise<boolean> {
    const { fault } = await act;
    setTold({ text: fault?.message ?? done, wrong: fault !== undefined });
    return fault === undefined;
  }
  const amend = (change: Amendment, done: string) => does(amendSession(code, token, change), done);

  if (!session) return null;
  const guests = people.filter(({ id }) => id !== you?.id);
  return (
    <Panel title="The host's chair" side="right" onClose={onClose}>
      <section className="host-part" aria-labelledby="host-door">
        <h3 id="host-door">The door</h3>
        <Switch
          on={session.locked}
          onFlip={(locked) => void amend({ locked }, locked ? "Nobody new comes in." : "The table is open again.")}
        >
          Lock the table: nobody new comes in
        </Switch>
        <Passphrase amend={amend} />
      </section>

      <section className="host-part" aria-labelledby="host-sitters">
        <h3 id="host-sitters">At the table</h3>
        {guests.length === 0 && <p className="panel-note">Nobody but you is here yet.</p>}
        <ul className="host-sitters">
          {guests.map(({ id, name, role }) => (
            <li key={id}>
              <span className="host-sitter" dir="auto">
                {name}
                {role === "spectator" && <span className="panel-note"> watches</span>}
              </span>
              <Twice
                say="Show out"
                label={`Show ${name} out`}
                sure={`Sure? ${name} cannot come back to this seat.`}
                onSure={() => void does(showOut(code, token, id), `${name} was shown out.`)}
              />
            </li>
          ))}
        </ul>
      </section>

      <section className="host-part" aria-labelledby="host-spirit">
        <h3 id="host-spirit">The spirit</h3>
        <Choice
          legend="Its tone"
          name="tone"
          options={{ family: "For the whole family", adult: "For grown-ups, darker" }}
          session={session}
          amend={amend}
        />
        <Choice
          legend="How it spells"
          name="spelling"
          options={{ short: "Short, as on old boards", full: "In full" }}
          session={session}
          amend={amend}
        />
        <Switch
          on={session.settings.whose_hand}
          onFlip={(whose_hand) => void amend({ settings: { whose_hand } }, "So it shall be.")}
        >
          Tell after an answer whose hand leaned into it
        </Switch>
      </section>

      <section className="host-part" aria-labelledby="host-end">
        <h3 id="host-end">The end</h3>
        {session.state === "ended" ? (
          <p className="panel-note">The sitting is over.</p>
        ) : (
          <Twice
            say="End the sitting…"
            label="End the sitting"
            sure="The board goes quiet for everyone. The minutes can still be read."
            onSure={() => void does(endSession(code, token), "The sitting is over.")}
          />
        )}
      </section>
      <p className={told.wrong ? "field-error" : "panel-note"} role="status">
        {told.text}
      </p>
    </Panel>
  );
}

type Amend = (change: Amendment, done: string) => Promise<boolean>;

function Switch({ on, onFlip, children }: { on: boolean; onFlip: (on: boolean) => void; children: ReactNode }) {
  return (
    <label className="choice-option">
      <input type="checkbox" checked={on} onChange={(event) => onFlip(event.target.checked)} />
      {children}
    </label>
  );
}

function Passphrase({ amend }: { amend: Amend }) {
  const [words, setWords] = useState("");

  async function set(event: FormEvent) {
    event.preventDefault();
    if (words.trim() === "") return;
    if (await amend({ passphrase: words }, "Whoever comes now is asked for it.")) setWords("");
  }

  return (
    <form className="host-passphrase" onSubmit={(event) => void set(event)}>
      <Field
        label="Passphrase for newcomers"
        value={words}
        onChange={(event) => setWords(event.target.value)}
        autoComplete="off"
        maxLength={128}
      />
      <div className="invite-ways">
        <button type="submit" className="button button-line">
          Set it
        </button>
        <button
          type="button"
          className="button button-quiet"
          onClick={() => void amend({ passphrase: null }, "No passphrase is asked for.")}
        >
          Ask for none
        </button>
      </div>
    </form>
  );
}

interface ChoiceProps<K extends "tone" | "spelling"> {
  readonly legend: string;
  readonly name: K;
  readonly options: Readonly<Record<Session["settings"][K], string>>;
  readonly session: Session;
  readonly amend: Amend;
}

function Choice<K extends "tone" | "spelling">({ legend, name, options, session, amend }: ChoiceProps<K>) {
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {(Object.entries(options) as [Session["settings"][K], string][]).map(([value, label]) => (
        <label key={value} className="choice-option">
          <input
            type="radio"
            name={name}
            checked={session.settings[name] === value}
            onChange={() => void amend({ settings: { [name]: value } }, "From the next answer on.")}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
