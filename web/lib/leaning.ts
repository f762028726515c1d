// Whose hand it was, as a sentence: a playful remark after an answer, never a score.

import type { WhoseHand } from "./protocol";
import type { Table } from "./table";

const leastShare = 0.2; // who did less than that goes unmentioned
const mostNames = 3;

export function leaningOf(shares: WhoseHand["shares"], table: Pick<Table, "people" | "you">): string | null {
  const names = [...shares]
    .filter(([, share]) => share >= leastShare)
    .sort((a, b) => b[1] - a[1])
    .flatMap(([candle]) => {
      const person = table.people.find((one) => one.candle === candle);
      return person ? [person.id === table.you?.id ? "you" : person.name] : [];
    });
  if (names.length === 0) return null;
  if (names.length > mostNames) return "Many hands leaned into it";
  const last = names.pop()!;
  const said = names.length > 0 ? `${names.join(", ")} and ${last}` : last;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} leaned into it`;
}
