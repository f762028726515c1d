import { type FormEvent, useRef, useState } from "react";
import type { Fault } from "@/lib/protocol";
import type { Result } from "@/lib/rest";

export interface Submit {
  readonly busy: boolean;
  readonly fault: Fault | null;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
}

// Sends a form once at a time. When something is wrong, the field it is about takes the focus, or the sentence itself
// when it is about none: a screen reader then reads it without a second live region.
export function useSubmit<T>(
  send: () => Promise<Result<T>>,
  done: (result: T) => void,
  fieldOf: (fault: Fault) => string | null,
): Submit {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const sending = useRef(false);

  async function submit(form: HTMLFormElement) {
    if (sending.current) return;
    sending.current = true;
    setBusy(true);
    const result = await send();
    sending.current = false;
    setBusy(false);
    setFault(result.fault ?? null);
    if (!result.fault) return done(result.ok);
    const name = fieldOf(result.fault);
    // after React has drawn what is wrong
    setTimeout(() => {
      const field = name === null ? null : form.elements.namedItem(name);
      const target = field instanceof HTMLElement ? field : form.querySelector<HTMLElement>("[data-fault]");
      target?.focus();
    });
  }

  return {
    busy,
    fault,
    onSubmit(event) {
      event.preventDefault();
      void submit(event.currentTarget);
    },
  };
}

// The fields a fault is about, by name: REST says so itself, or its code does.
export function faultOn(fault: Fault | null, field: string): string | null {
  if (!fault) return null;
  const detail = fault.details.find(({ path }) => path.split(".").at(-1) === field);
  return detail ? sentence(detail.message) : null;
}

export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
