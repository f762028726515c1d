import type { Asked as Question } from "@/lib/protocol";

// Whose question is on the board.
export function Asked({ question, yours }: { question: Question | null; yours: boolean }) {
  if (!question) return <div className="asked" />;
  return (
    <figure className="asked">
      <figcaption>{yours ? "You asked" : `${question.participant.name} asked`}</figcaption>
      <blockquote dir="auto">“{question.text}”</blockquote>
    </figure>
  );
}
