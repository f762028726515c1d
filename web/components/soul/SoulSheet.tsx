import { type ReactNode, useEffect, useState } from "react";
import { useStore } from "zustand";
import { Panel } from "@/components/ui/Panel";
import { Twice } from "@/components/ui/Twice";
import { forgetMe, type Remembrance, rememberMe, type Self, whatIsRemembered } from "@/lib/remembrance";
import { dropSoul, keepSoul, markAsked, soulHere } from "@/lib/soul";

interface SoulSheetProps {
  readonly self: Self;
  readonly name: string;
  readonly onClose: () => void;
}

type Told = { readonly text: string; readonly wrong: boolean };
const nothingTold: Told = { text: "", wrong: false };

// What the spirit remembers of whoever looks, in full, and the two ways out of it: being remembered, being forgotten.
export function SoulSheet({ self, name, onClose }: SoulSheetProps) {
  const [kept, setKept] = useState<Remembrance | null>(null);
  const [gone, setGone] = useState(false);
  const [told, setTold] = useState(nothingTold);
  const [proof] = useState(self); // the one it was opened with: after forgetting there is no other
  const other = useStore(soulHere, (here) => here.soul);

  useEffect(() => {
    let here = true;
    void whatIsRemembered(proof).then(({ ok, fault }) => {
      if (!here) return;
      if (ok) setKept(ok);
      if (ok && !ok.remembered) void forgottenElsewhere();
      if (ok) return;
      if (fault.code === "unauthorized" && "soul" in proof) {
        dropSoul(); // it was forgotten elsewhere
        setGone(true);
      } else setTold({ text: fault.message, wrong: true });
    });
    return () => {
      here = false;
    };
  }, [proof]);

  async function readOlder(after: string) {
    const { ok, fault } = await whatIsRemembered(proof, after);
    if (fault) return setTold({ text: fault.message, wrong: true });
    setKept((now) => now && { ...ok, questions: [...now.questions, ...ok.questions] });
  }

  async function agree(token: string) {
    const { ok, fault } = await rememberMe(token);
    if (fault) return setTold({ text: fault.message, wrong: true });
    keepSoul({ soul: ok, name });
    markAsked();
    const now = await whatIsRemembered(proof);
    if (now.ok) setKept(now.ok);
    setTold({ text: `It will know you, ${name}.`, wrong: false });
  }

  async function forget(remembered: boolean) {
    const { fault } = await forgetMe(proof);
    if (fault) return setTold({ text: fault.message, wrong: true });
    if (remembered) dropSoul();
    markAsked();
    setTold(nothingTold);
    setGone(true);
  }

  return (
    <Panel title="What the spirit remembers of you" side="right" onClose={onClose}>
      {gone ? (
        <p className="soul-gone" role="status">
          It is done. What you asked, what it answered, and your name are gone, here and at every table.
        </p>
      ) : (
        kept && (
          <Kept
            kept={kept}
            agreed={
              kept.remembered ? null : "token" in proof && !other && kept.name !== "" ? (
                <Agree onAgree={() => void agree(proof.token)} />
              ) : (
                other && <p className="panel-note">On this device the spirit knows {other.name}, and nobody else.</p>
              )
            }
            onOlder={(after) => void readOlder(after)}
            onForget={() => void forget(kept.remembered)}
          />
        )
      )}
      {!gone && !kept && !told.wrong && <p className="panel-note">It searches its memory…</p>}
      <p className={told.wrong ? "field-error" : "panel-note"} role="status">
        {told.text}
      </p>
    </Panel>
  );
}

// Drops the secret of this browser if the house has forgotten whose it is.
async function forgottenElsewhere(): Promise<void> {
  const { soul } = soulHere.getState();
  if (!soul) return;
  const { fault } = await whatIsRemembered({ soul: soul.soul });
  if (fault?.code === "unauthorized") dropSoul();
}

function Agree({ onAgree }: { onAgree: () => void }) {
  return (
    <section className="host-part" aria-labelledby="soul-agree">
      <h3 id="soul-agree">Shall it know you next time?</h3>
      <p>
        It would greet you by what was said before. For that, this house keeps your name, where you sat, what you asked
        and was answered, and what was noted of it. A secret in this browser is how it knows you: never your name, never
        an account.
      </p>
      <button type="button" className="button button-dark host-small" onClick={onAgree}>
        Yes, know me
      </button>
    </section>
  );
}

interface KeptProps {
  readonly kept: Remembrance;
  readonly agreed: ReactNode;
  readonly onOlder: (after: string) => void;
  readonly onForget: () => void;
}

function Kept({ kept, agreed, onOlder, onForget }: KeptProps) {
  const { remembered, name, since, sittings, notes, questions, next } = kept;
  return (
    <>
      <p className="soul-lead">
        {remembered && since !== null
          ? `It has known you as ${name} since ${day(since)}.`
          : "You are a stranger to it. Of this table alone it has what follows, as everybody here."}
      </p>
      {agreed}
      <Part id="soul-asked" title="What you asked" none="You have asked nothing yet." empty={questions.length === 0}>
        <ol className="minutes">
          {questions.map(({ at, code, text, answer }) => (
            <li key={`${at} ${text}`} className="minute">
              <p className="minute-question">
                <span className="minute-who">
                  <Day at={at} />, <span className="code">{code}</span>
                </span>{" "}
                <q dir="auto">{text}</q>
              </p>
              {answer && <p className="minute-answer">{answer}</p>}
            </li>
          ))}
        </ol>
        {next !== null && (
          <button type="button" className="button button-line host-small" onClick={() => onOlder(next)}>
            Read earlier questions
          </button>
        )}
      </Part>
      {notes.length > 0 && (
        <Part id="soul-notes" title="What it noted" none="" empty={false}>
          <ul className="soul-list">
            {notes.map(({ at, text }) => (
              <li key={`${at} ${text}`}>
                <span className="minute-who">
                  <Day at={at} />
                </span>{" "}
                {text}
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part id="soul-sat" title="Where you sat" none="Nowhere yet." empty={sittings.length === 0}>
        <ul className="soul-list">
          {sittings.map(({ code, name: called, at }) => (
            <li key={code}>
              <span className="minute-who">
                <Day at={at} />, <span className="code">{code}</span>
              </span>{" "}
              {called}
            </li>
          ))}
        </ul>
      </Part>
      <section className="host-part" aria-labelledby="soul-forget">
        <h3 id="soul-forget">To be forgotten</h3>
        <p>
          {remembered
            ? "Everything above is erased for good, your name wherever you sat, and this browser’s secret. Nobody is told why. You keep your candle tonight, as Somebody."
            : "What you asked at this table and your name are erased for good. You keep your candle, as Somebody."}
        </p>
        <Twice
          say="Forget me…"
          label="Forget me"
          sure="It cannot be brought back, not by you and not by us. Forget you?"
          onSure={onForget}
        />
      </section>
    </>
  );
}

interface PartProps {
  readonly id: string;
  readonly title: string;
  readonly none: string;
  readonly empty: boolean;
  readonly children: ReactNode;
}

function Part({ id, title, none, empty, children }: PartProps) {
  return (
    <section className="host-part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {empty ? <p className="panel-note">{none}</p> : children}
    </section>
  );
}

const day = (at: number): string =>
  new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

function Day({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{day(at)}</time>;
}
