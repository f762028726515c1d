import { X } from "lucide-react";
import { useStore } from "zustand";
import { usePlaying } from "@/components/answer/useShown";
import type { Room } from "@/lib/room";
import { newestAnswer, queueWord } from "@/lib/scene";
import type { Outgoing } from "@/lib/table";

// Questions that are not on the board yet: in the queue, on their way, or kept until you are back.
export function Waiting({ room }: { room: Room }) {
  const playing = usePlaying(room.clock, useStore(room.table, newestAnswer));
  const word = useStore(room.table, (table) => queueWord(table, playing));
  const outgoing = useStore(room.table, (table) => table.outgoing);
  if (word === null && outgoing.length === 0) return null;
  return (
    <ul className="waiting">
      {word !== null && <li className="waiting-word">{word}</li>}
      {outgoing.map((question) => (
        <li key={question.message_id} className="waiting-slip" data-state={question.state}>
          <span className="waiting-text">“{question.text}”</span> <span className="waiting-why">{why(question)}</span>
          {question.state !== "sending" && (
            <button
              type="button"
              className="icon-button"
              onClick={() => void room.withdraw(question.message_id)}
              aria-label={`Take back “${question.text}”`}
            >
              <X aria-hidden="true" size={18} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function why({ state }: Outgoing): string {
  switch (state) {
    case "offline":
      return "will be asked when you are back";
    case "sending":
      return "is being asked";
    case "held":
      return "will be asked as soon as the table is free";
    default:
      return state satisfies never;
  }
}
