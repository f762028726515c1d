import { type ReactNode, useState } from "react";
import { Field } from "@/components/ui/Field";
import { codeIn } from "@/lib/address";
import type { Fault, Seated } from "@/lib/protocol";
import { joinSession, type Result } from "@/lib/rest";
import { withSoul } from "@/lib/soul";
import { FormFault } from "./FormFault";
import { faultOn, useSubmit } from "./useSubmit";

interface JoinFormProps {
  readonly heading: ReactNode;
  readonly lead: string;
  readonly code: string | null; // null: it is asked for
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onSeated: (seated: Seated) => void;
}

const noCode: Fault = {
  code: "not_found",
  message: "Codes look like RAVEN-417. A whole link will do as well.",
  retry_after_ms: null,
  details: [],
};

// A seat at somebody's table. The passphrase is asked for only where the table wants one.
export function JoinForm({ heading, lead, code: fixed, name, onName, onSeated }: JoinFormProps) {
  const [typed, setTyped] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [watches, setWatches] = useState(false);
  const [wantsPassphrase, setWantsPassphrase] = useState(false);

  async function join(): Promise<Result<Seated>> {
    const code = fixed ?? codeIn(typed);
    if (code === null) return { fault: noCode };
    const result = await joinSession(code, {
      name,
      ...(wantsPassphrase && { passphrase }),
      ...(watches && { role: "spectator" }),
      ...withSoul(),
    });
    if (result.fault?.code !== "wrong_passphrase") return result;
    setWantsPassphrase(true);
    return wantsPassphrase ? result : { fault: { ...result.fault, message: "This table asks for its passphrase." } };
  }

  const { busy, fault, onSubmit } = useSubmit(join, onSeated, fieldOf);
  const about = fault && fieldOf(fault);
  const errorOn = (field: string) => (fault && about === field ? (faultOn(fault, field) ?? fault.message) : null);

  return (
    <form className="form" onSubmit={onSubmit} aria-labelledby="join" noValidate>
      <h2 id="join">{heading}</h2>
      <p className="form-lead">{lead}</p>
      {fixed === null && (
        <Field
          label="Code or link"
          name="code"
          className="field-code"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="RAVEN-417"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          error={errorOn("code")}
        />
      )}
      <Field
        label="Your name at the table"
        name="name"
        value={name}
        onChange={(event) => onName(event.target.value)}
        autoComplete="nickname"
        maxLength={80}
        error={errorOn("name")}
      />
      {wantsPassphrase && (
        <Field
          label="Passphrase"
          name="passphrase"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          autoComplete="off"
          maxLength={128}
          error={errorOn("passphrase")}
        />
      )}
      <label className="choice-option">
        <input type="checkbox" checked={watches} onChange={(event) => setWatches(event.target.checked)} />
        Watch only: no candle, no questions
      </label>
      <FormFault fault={about ? null : fault} />
      <button type="submit" className="button button-line" aria-disabled={busy || undefined}>
        {busy ? "Finding your chair…" : "Take your seat"}
      </button>
    </form>
  );
}

function fieldOf(fault: Fault): "code" | "name" | "passphrase" | null {
  if (fault.code === "not_found") return "code";
  if (fault.code === "invalid_name" || faultOn(fault, "name")) return "name";
  return fault.code === "wrong_passphrase" ? "passphrase" : null;
}
