"use client";

import { useState } from "react";
import { Parlour } from "@/components/ambience/Parlour";
import { KnownAs } from "@/components/soul/KnownAs";
import { useHydrated } from "@/components/ui/useHydrated";
import { lastName } from "@/lib/prefs";
import { BeginForm, sitDown } from "./BeginForm";
import { JoinForm } from "./JoinForm";

// Begin a sitting or join one. The name is the same on both sides.
export function Lobby() {
  const hydrated = useHydrated();
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? (hydrated ? lastName() : "");

  return (
    <main className="lobby">
      <Parlour />
      <header className="lobby-title">
        <h1>Séance</h1>
        <p>Gather round. Touch the planchette. Let something answer.</p>
        <KnownAs />
      </header>
      <div className="paper lobby-paper">
        <BeginForm name={name} onName={setTyped} />
        <div className="lobby-rule" aria-hidden="true" />
        <JoinForm
          heading="Join a table"
          lead="Someone is already waiting in the dark. They gave you a code."
          code={null}
          name={name}
          onName={setTyped}
          onSeated={(seated) => sitDown(seated, name)}
        />
      </div>
      <footer className="lobby-foot">
        <p>A parlour game, played with an AI: no spirit is called, and nothing it says is true of anybody.</p>
        <p className="old-browser">
          This browser is too old for the board. Chrome 111, Firefox 128 or Safari 16.4 will do.
        </p>
        <noscript>
          <p>The board moves by JavaScript. Allow it for this page to play.</p>
        </noscript>
      </footer>
    </main>
  );
}
