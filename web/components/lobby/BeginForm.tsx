import { useEffect, useId, useState } from "react";
import { Field } from "@/components/ui/Field";
import { pathOf } from "@/lib/address";
import { goTo } from "@/lib/page";
import { keepName } from "@/lib/prefs";
import type { Fault, Seated, SpiritCard } from "@/lib/protocol";
import { beginSession, getSpirits } from "@/lib/rest";
import { keepSeat } from "@/lib/seat";
import { wasKnown, withSoul } from "@/lib/soul";
import { FormFault } from "./FormFault";
import { faultOn, useSubmit } from "./useSubmit";

interface BeginFormProps {
  readonly name: string;
  readonly onName: (name: string) => void;
}

export function BeginForm({ name, onName }: BeginFormProps) {
  const [spirits, setSpirits] = useState<readonly SpiritCard[]>([]);
  const [spirit, setSpirit] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const chosen = spirits.find(({ id }) => id === spirit);
  const spiritId = useId();

  useEffect(() => {
    void getSpirits().then((result) => setSpirits(result.ok ?? []));
  }, []);

  const { busy, fault, onSubmit } = useSubmit(
    () =>
      beginSession({ host_name: name, ...(spirit && { spirit }), ...(passphrase && { passphrase }), ...withSoul() }),
    (seated) => sitDown(seated, name),
    fieldOf,
  );
  const nameFault = faultOn(fault, "host_name") ?? (fault?.code === "invalid_name" ? fault.message : null);

  return (
    <form className="form" onSubmit={onSubmit} aria-labelledby="begin" noValidate>
      <h2 id="begin">Begin a sitting</h2>
      <p className="form-lead">Light the first candle and call your friends to your table.</p>
      <Field
        label="Your name at the table"
        name="host_name"
        value={name}
        onChange={(event) => onName(event.target.value)}
        autoComplete="nickname"
        maxLength={80}
        error={nameFault}
      />
      <div className="field">
        <label htmlFor={spiritId} className="field-label">
          Whom to call
        </label>
        <select
          id={spiritId}
          name="spirit"
          className="field-line"
          value={spirit}
          onChange={(event) => setSpirit(event.target.value)}
        >
          <option value="">Whoever comes</option>
          {spirits.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
        <p className="field-hint spirit-hint">{chosen?.description ?? "The one that is closest answers."}</p>
      </div>
      <details className="form-more">
        <summary>Ask for a passphrase</summary>
        <Field
          label="Passphrase"
          name="passphrase"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
          maxLength={128}
          hint="Whoever joins has to know it."
          error={faultOn(fault, "passphrase")}
        />
      </details>
      <FormFault fault={nameFault ? null : fault} />
      <button type="submit" className="button button-dark" aria-disabled={busy || undefined}>
        {busy ? "Lighting…" : "Light the candle"}
      </button>
    </form>
  );
}

function fieldOf(fault: Fault): string | null {
  if (fault.code === "invalid_name" || faultOn(fault, "host_name")) return "host_name";
  return faultOn(fault, "passphrase") ? "passphrase" : null;
}

// The seat is kept before the page moves on, so that the table finds it.
export function sitDown(seated: Seated, name: string): void {
  const { session, participant, token, join_url } = seated;
  wasKnown(seated.known);
  keepSeat(session.code, { token, session: session.id, participant: participant.id, join_url });
  keepName(name.trim());
  goTo(pathOf(session.code));
}
