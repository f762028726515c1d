import type { ReactNode } from "react";

// A page with one thing to say: while the table is laid, and where nothing is.
export function Threshold({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center bg-night p-6 text-center text-bone">
      <div className="max-w-prose space-y-4">
        <p className="font-title text-5xl" aria-hidden="true">
          Séance
        </p>
        <h1 className="font-body text-2xl">{title}</h1>
        {children}
      </div>
    </main>
  );
}
