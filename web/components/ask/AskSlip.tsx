import { Feather } from "lucide-react";
import { type KeyboardEvent, type RefObject, useId } from "react";
import { useStore } from "zustand";
import { graphemeCount, questionAtMost } from "@/lib/grapheme";
import type { Room } from "@/lib/room";

const warnBelow = 40; // characters left at which the count is worth a look

// The paper slip on which a question is written. It can always be written on and sent: what cannot be asked now waits.
export function AskSlip({ room, box }: { room: Room; box: RefObject<HTMLTextAreaElement | null> }) {
  const draft = useStore(room.table, (table) => table.draft);
  const id = useId();
  const left = questionAtMost - graphemeCount(draft.trim());

  function ask() {
    void room.ask(draft);
    box.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault(); // Shift+Enter repeats the last answer, everywhere on the page
    if (!event.shiftKey) ask();
  }

  return (
    <form
      className="slip"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <label htmlFor={id} className="sr-only">
        Your question to the spirit
      </label>
      <textarea
        ref={box}
        id={id}
        className="slip-line"
        rows={1}
        value={draft}
        placeholder="Ask, then be still…"
        onChange={(event) => room.write(event.target.value)}
        onKeyDown={onKeyDown}
        enterKeyHint="send"
        autoComplete="off"
        aria-describedby={left < warnBelow ? `${id}-left` : undefined}
      />
      {left < warnBelow && (
        <span id={`${id}-left`} className="slip-left" data-over={left < 0 || undefined}>
          {left < 0 ? `${-left} too many` : `${left} left`}
        </span>
      )}
      <button type="submit" className="slip-ask">
        <Feather aria-hidden="true" size={18} />
        Ask
      </button>
    </form>
  );
}
