import { Panel } from "@/components/ui/Panel";
import type { Care } from "@/lib/protocol";

// The card that lays the game aside. It is on this screen only; nobody else at the table sees it.
export function CareCard({ care, onClose }: { care: Care; onClose: () => void }) {
  return (
    <Panel title="Let us set the game aside for a moment" side="middle" onClose={onClose}>
      <p className="care-text">{care.text}</p>
      <ul className="care-lines">
        {care.lines.map(({ label, contact }) => (
          <li key={`${label} ${contact}`}>
            <span className="care-label">{label}</span> <Contact contact={contact} />
          </li>
        ))}
      </ul>
      <p className="panel-note">Only you see this. Your question was not shown to anyone, and is not kept.</p>
      <button type="button" className="button button-line" onClick={onClose}>
        Back to the table
      </button>
    </Panel>
  );
}

function Contact({ contact }: { contact: string }) {
  const link = linkOf(contact);
  if (!link) return <strong>{contact}</strong>;
  return (
    <a href={link} target={link.startsWith("https:") ? "_blank" : undefined} rel="noreferrer">
      {contact}
    </a>
  );
}

// Numbers can be dialled and addresses opened; anything else is only read.
function linkOf(contact: string): string | null {
  if (/^\+?[\d\s()/-]{3,}$/.test(contact)) return `tel:${contact.replace(/[^\d+]/g, "")}`;
  if (/^https:\/\/\S+$/.test(contact)) return contact;
  return /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(contact) ? `https://${contact}` : null;
}
