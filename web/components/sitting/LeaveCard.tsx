import { Panel } from "@/components/ui/Panel";

interface LeaveCardProps {
  readonly host: boolean;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

// Leaving gives the seat up for good, so it is asked once.
export function LeaveCard({ host, onLeave, onClose }: LeaveCardProps) {
  return (
    <Panel title="Leave the table?" side="middle" onClose={onClose}>
      <p>
        {host
          ? "The others can go on, but the host's chair stays empty: a new seat will be a guest's."
          : "Your candle goes out. You can come back with the code, to a new seat."}
      </p>
      <div className="invite-ways">
        <button type="button" className="button button-dark" onClick={onLeave}>
          Leave
        </button>
        <button type="button" className="button button-line" onClick={onClose}>
          Stay
        </button>
      </div>
    </Panel>
  );
}
