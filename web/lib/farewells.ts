import type { Farewell } from "./codes";

// What a player should know when the board does not come back by itself. The server's own messages are sentences
// already; these are for what closes the line without one.
export const farewells: Readonly<Record<Farewell, string>> = {
  left: "You have left the table.",
  ended: "The sitting is over. Its minutes can still be read.",
  kicked: "The host has asked you to leave the table.",
  no_seat: "Your seat at this table is no longer kept. Take a new one to go on.",
  flooding: "This board said too much at once and was shown out. Wait a minute, then take your seat again.",
  misunderstood: "This board and the table no longer understand each other. Load the page again.",
};
