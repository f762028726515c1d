import { Panel } from "@/components/ui/Panel";
import { usePrefs } from "@/components/ui/usePrefs";
import { prefer, type Prefs } from "@/lib/prefs";

const choices: {
  readonly [K in keyof Prefs]: { readonly legend: string; readonly options: Readonly<Record<Prefs[K], string>> };
} = {
  theme: {
    legend: "The board",
    options: { auto: "As my device asks", amber: "Amber wood", ebony: "Ebony and bone, for more contrast" },
  },
  motion: {
    legend: "Motion",
    options: { auto: "As my device asks", still: "Nothing travels; letters light in place" },
  },
  aloud: {
    legend: "Read aloud by a screen reader",
    options: { words: "Word by word", letters: "Letter by letter" },
  },
};

interface SettingsProps {
  readonly onSoul: () => void;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

// What this device shows and says; kept in the browser. On a narrow phone this is also the way out.
export function Settings({ onSoul, onLeave, onClose }: SettingsProps) {
  return (
    <Panel title="Settings" side="middle" onClose={onClose}>
      <Choice name="theme" />
      <Choice name="motion" />
      <Choice name="aloud" />
      <p className="panel-note">Shift+Enter repeats the last answer.</p>
      <button type="button" className="button button-line" onClick={onSoul}>
        What the spirit remembers of you…
      </button>
      <button type="button" className="button button-line" onClick={onLeave}>
        Leave the table…
      </button>
    </Panel>
  );
}

function Choice<K extends keyof Prefs>({ name }: { name: K }) {
  const chosen = usePrefs()[name];
  const { legend, options } = choices[name];
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {(Object.entries(options) as [Prefs[K], string][]).map(([value, label]) => (
        <label key={value} className="choice-option">
          <input
            type="radio"
            name={name}
            checked={chosen === value}
            onChange={() => prefer({ [name]: value } as Pick<Prefs, K>)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
