import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "@/lib/copy";

// The code, which is a button that copies it. Where the browser refuses, the code itself is selected.
export function CopyCode({ code }: { code: string }) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_500);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(button: HTMLElement) {
    if (await copyText(code, null)) return setCopied(true);
    const name = button.querySelector("[data-code]");
    if (name) getSelection()?.selectAllChildren(name);
  }

  return (
    <button
      type="button"
      className="head-code"
      onClick={(event) => void copy(event.currentTarget)}
      aria-label={copied ? `Code ${code}, copied` : `Copy the code ${code}`}
    >
      <span data-code>{code}</span>
      {copied ? <Check aria-hidden="true" size={16} /> : <Copy aria-hidden="true" size={16} />}
    </button>
  );
}
