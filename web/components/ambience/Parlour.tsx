import { Board } from "@/components/board/Board";
import { Flame } from "@/components/candles/Candles";
import { Ambience } from "./Ambience";

// What is behind lobby and door: the board in the dark, four candles, the air of the room. For the eyes alone.
export function Parlour() {
  return (
    <div className="parlour" aria-hidden="true">
      <div className="parlour-board">
        <Board layout="wide" lit={null} />
      </div>
      <div className="parlour-dusk" />
      {["far-left", "left", "far-right", "right"].map((place) => (
        <div key={place} className={`candle parlour-candle parlour-${place}`}>
          <Flame />
        </div>
      ))}
      <Ambience />
    </div>
  );
}
