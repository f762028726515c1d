import { lazy, Suspense, useState } from "react";
import { useStore } from "zustand";
import { type Soul, soulHere } from "@/lib/soul";

const SoulSheet = lazy(() => import("./SoulSheet").then((m) => ({ default: m.SoulSheet })));

// Before somebody sits down: whom the spirit will take them for, and a way to be nobody. Devices are shared.
export function KnownAs() {
  const { soul, stranger } = useStore(soulHere);
  const [shown, setShown] = useState<Soul | null>(null); // the sheet outlives what it forgets
  return (
    <>
      {soul && (
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
              <button type="button" className="button button-quiet" onClick={() => setShown(soul)}>
                What it remembers
              </button>
            )}
          </div>
        </div>
      )}
      <Suspense>
        {shown && <SoulSheet self={{ soul: shown.soul }} name={shown.name} onClose={() => setShown(null)} />}
      </Suspense>
    </>
  );
}
