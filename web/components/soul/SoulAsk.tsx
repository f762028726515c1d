import { useId, useState } from "react";
import { useStore } from "zustand";
import { rememberMe } from "@/lib/remembrance";
import { keepSoul, markAsked, soulHere } from "@/lib/soul";

interface SoulAskProps {
  readonly token: string;
  readonly name: string;
  readonly onTell: () => void; // shows what it would remember
}

type Said = "nothing" | "yes" | "no";

// Asked once, after the first answer: whether the spirit may know somebody next time. Either answer is as easy, and
// none is fine too.
export function SoulAsk({ token, name: called, onTell }: SoulAskProps) {
  const [name] = useState(called); // it may be forgotten while this is read
  const known = useStore(soulHere, (here) => here.soul !== null);
  const [said, setSaid] = useState<Said>("nothing");
  const [fault, setFault] = useState<string | null>(null);
  const [shut, setShut] = useState(false);
  const title = useId();

  async function agree() {
    const { ok, fault: wrong } = await rememberMe(token);
    if (wrong) return setFault(wrong.message);
    keepSoul({ soul: ok, name });
    markAsked();
    setSaid("yes");
  }

  if (shut || (said === "yes" && !known)) return null;
  if (said !== "nothing") {
    return (
      <div className="soul-ask">
        <p role="status">
          {said === "yes"
            ? `It will know you, ${name}. Settings show what it remembers, and there you can have it forgotten.`
            : "Then you stay a stranger. Should you change your mind, look in the settings."}
        </p>
        <button type="button" className="button button-quiet" onClick={() => setShut(true)}>
          Good
        </button>
      </div>
    );
  }
  return (
    <section className="soul-ask" aria-labelledby={title}>
      <p id={title} className="soul-ask-title" aria-live="polite">
        Shall the spirit know you next time?
      </p>
      <p>
        It would keep your name and what you asked. You can read all of it, and have it forgotten whenever you like.
      </p>
      {fault && <p className="soul-ask-fault">{fault}</p>}
      <div className="soul-ask-ways">
        <button type="button" className="button button-dark" onClick={() => void agree()}>
          Yes, know me
        </button>
        <button
          type="button"
          className="button button-quiet"
          onClick={() => {
            markAsked();
            setSaid("no");
          }}
        >
          No, thank you
        </button>
        <button type="button" className="button button-quiet" onClick={onTell}>
          Tell me more
        </button>
      </div>
    </section>
  );
}
