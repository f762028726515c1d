/* eslint-disable @next/next/no-img-element -- a picture that the server draws: next/* is imported in app/ only */
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { inviteLink } from "@/lib/address";
import { copyText } from "@/lib/copy";
import { qrOf } from "@/lib/rest";
import { Panel } from "@/components/ui/Panel";

interface InviteProps {
  readonly code: string;
  readonly joinUrl: string | null;
  readonly onClose: () => void;
}

// How others find the table: the code to say aloud, the picture for the phone across the table, the link to send.
export function Invite({ code, joinUrl, onClose }: InviteProps) {
  const link = inviteLink(code, location.origin, joinUrl);
  const field = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState("");

  useEffect(() => {
    if (told === "") return;
    const timer = setTimeout(() => setTold(""), 4_000);
    return () => clearTimeout(timer);
  }, [told]);

  async function copy() {
    setTold((await copyText(link, field.current)) ? "Copied" : "Selected: copy it with your keyboard");
  }
  const canShare = typeof navigator.share === "function";

  return (
    <Panel title="Invite to the table" side="middle" onClose={onClose}>
      <p className="invite-code" aria-label={`Code ${code}`}>
        {code}
      </p>
      <img className="invite-qr" src={qrOf(code)} alt="The link as a QR code" width={208} height={208} />
      <label className="field">
        <span className="field-label">Link</span>
        <input
          ref={field}
          className="field-line"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <div className="invite-ways">
        <button type="button" className="button button-line" onClick={() => void copy()}>
          {told === "Copied" ? <Check aria-hidden="true" size={18} /> : <Copy aria-hidden="true" size={18} />} Copy the
          link
        </button>
        {canShare && (
          <button
            type="button"
            className="button button-line"
            onClick={() => void navigator.share({ title: "Séance", url: link }).catch(() => undefined)}
          >
            Send it…
          </button>
        )}
      </div>
      <p className="panel-note" role="status">
        {told}
      </p>
    </Panel>
  );
}
