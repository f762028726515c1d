import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { loadPrefs, preferences } from "@/lib/prefs";
import { Settings } from "./Settings";

test("what is chosen is kept in the browser and found again", async () => {
  const user = userEvent.setup();
  render(<Settings onSoul={() => undefined} onLeave={() => undefined} onClose={() => undefined} />);
  await user.click(screen.getByRole("radio", { name: /Ebony and bone/ }));
  await user.click(screen.getByRole("radio", { name: "Letter by letter" }));
  expect(screen.getByRole("radio", { name: /Ebony and bone/ })).toBeChecked();
  act(() => preferences.setState({ theme: "auto", motion: "auto", aloud: "words" }));
  act(loadPrefs);
  expect(preferences.getState()).toEqual({ theme: "ebony", motion: "auto", aloud: "letters" });
});
