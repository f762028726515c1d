import { X } from "lucide-react";
import { useStore } from "zustand";
import type { Room } from "@/lib/room";
import { ordinal, yourPlace } from "@/lib/scene";
import type { Outgoing } from "@/lib/table";

// Your questions that are not on the board yet: in the queue, on their way, or kept until you are back.
export function Waiting({ room }: { room: Room }) {
  const place = useStore(room.table, yourPlace);
  const outgoing = useStore(room.table, (table) => table.outgoing);
  if (place === null && outgoing.length === 0) return null;
  return (
    <ul className="waiting">
      {place !== null && <li className="waiting-place">Your question is waiting: {ordinal(place)}</li>}
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
