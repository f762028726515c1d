import type { Fault } from "@/lib/protocol";

// What is wrong when it is about no field: it takes the focus, and is read that way.
export function FormFault({ fault }: { fault: Fault | null }) {
  return (
    <p className="field-error form-fault" data-fault tabIndex={-1}>
      {fault?.message}
    </p>
  );
}
