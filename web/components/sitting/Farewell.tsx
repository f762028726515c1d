import type { Farewell as Reason } from "@/lib/codes";
import { farewells } from "@/lib/farewells";
import { goTo } from "@/lib/page";

interface FarewellProps {
  readonly reason: Reason;
  readonly onSeatGone: () => void;
}

// What stands in place of the ask slip once the board does not come back by itself.
export function Farewell({ reason, onSeatGone }: FarewellProps) {
  return (
    <div className="farewell">
      <p>{farewells[reason]}</p>
      {(reason === "no_seat" || reason === "flooding") && (
        <button type="button" className="button button-dark" onClick={onSeatGone}>
          Take a seat
        </button>
      )}
      {reason === "misunderstood" && (
        <button type="button" className="button button-dark" onClick={() => location.reload()}>
          Load the page again
        </button>
      )}
      <button type="button" className="button button-line" onClick={() => goTo("/")}>
        To the lobby
      </button>
    </div>
  );
}
