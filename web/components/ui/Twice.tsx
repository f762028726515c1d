import { useState } from "react";

interface TwiceProps {
  readonly say: string;
  readonly label: string;
  readonly sure: string;
  readonly onSure: () => void;
}

// A button for what cannot be undone: it asks once, in its own place.
export function Twice({ say, label, sure, onSure }: TwiceProps) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" className="button button-line host-small" aria-label={label} onClick={() => setAsked(true)}>
        {say}
      </button>
    );
  }
  return (
    <div className="host-sure" role="group" aria-label={label}>
      <p>{sure}</p>
      <div className="invite-ways">
        <button
          type="button"
          className="button button-dark host-small"
          autoFocus
          onClick={() => {
            setAsked(false);
            onSure();
          }}
        >
          {label}
        </button>
        <button type="button" className="button button-line host-small" onClick={() => setAsked(false)}>
          Not now
        </button>
      </div>
    </div>
  );
}
