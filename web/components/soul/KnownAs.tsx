import { lazy, Suspense, useState } from "react";
import { useStore } from "zustand";
import { soulHere } from "@/lib/soul";

const SoulSheet = lazy(() => import("./SoulSheet").then((m) => ({ default: m.SoulSheet })));

// Before somebody sits down: whom the spirit will take them for, and a way to be nobody. Devices are shared.
export function KnownAs() {
  const { soul, stranger } = useStore(soulHere);
  const [open, setOpen] = useState(false);
  if (!soul) return null;
  return (
    <div className="known-as">
      <p>{stranger ? "You come as a stranger." : `The spirit will know you, ${soul.name}.`}</p>
      <div className="known-ways">
        <button
          type="button"
          className="button button-quiet"
          onClick={() => soulHere.setState({ stranger: !stranger })}
        >
          {stranger ? `I am ${soul.name} after all` : "I am somebody else"}
        </button>
        {!stranger && (
          <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
            What it remembers
          </button>
        )}
      </div>
      <Suspense>
        {open && <SoulSheet self={{ soul: soul.soul }} name={soul.name} onClose={() => setOpen(false)} />}
      </Suspense>
    </div>
  );
}
