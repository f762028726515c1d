import { useEffect, useState } from "react";
import type { Herald } from "@/lib/herald";
import { preferences } from "@/lib/prefs";
import type { Said } from "@/lib/narrate";
import type { Room } from "@/lib/room";

// The page's one voice for screen readers. Each line is a node of its own, so that the same words are read twice when
// they are said twice. Shift+Enter says the last answer again.
export function Status({ room, lang }: { room: Room; lang: string }) {
  const [line, setLine] = useState<Said & { n: number }>({ n: 0, intro: "", words: "" });

  useEffect(() => {
    let [gone, voice]: [boolean, Herald | null] = [false, null];
    // on its way together with the line, and here before that is: the first thing to say is that it is open
    void import("@/lib/herald")
      .then(({ herald }) => {
        if (gone) return;
        voice = herald({
          table: room.table,
          clock: room.clock,
          aloud: () => preferences.getState().aloud,
          say: (said) => setLine((before) => ({ ...said, n: before.n + 1 })),
        });
      })
      .catch(() => undefined);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !event.shiftKey || event.isComposing) return;
      event.preventDefault();
      voice?.repeat();
    };
    addEventListener("keydown", onKeyDown);
    return () => {
      removeEventListener("keydown", onKeyDown);
      gone = true;
      voice?.stop();
    };
  }, [room]);

  return (
    <div role="status" className="sr-only">
      <p key={line.n}>
        {line.intro} {line.words && <span lang={lang}>{line.words}</span>}
      </p>
    </div>
  );
}
