import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { seatAt } from "@/lib/seat";
import { jun, session } from "@/tests/sitting";
import { TakeSeat } from "./TakeSeat";

// The house answers with what is said for each path; everything else is not found.
function house(answers: Record<string, object>) {
  globalThis.fetch = (async (path: string) => ({
    json: async () =>
      path in answers
        ? { success: true, data: answers[path], error: null }
        : { success: false, data: null, error: { code: "not_found", message: "No such table." } },
  })) as unknown as typeof fetch;
}
const at = (change: object) => ({ "/api/sessions/RAVEN-417": { session: { ...session, ...change } } });
const show = (onSeated = jest.fn()) => {
  render(<TakeSeat code="RAVEN-417" onSeated={onSeated} />);
  return onSeated;
};
beforeEach(() => localStorage.clear());

test("a guest with a name gets a chair, and keeps it", async () => {
  const joined = { session, participant: jun, token: "t-2" };
  house({ ...at({ participants: 3 }), "/api/sessions/RAVEN-417/join": joined });
  const onSeated = show();
  expect(await screen.findByText("3 candles are burning. Take a chair.")).toBeInTheDocument();
  expect(screen.getByText("The attic")).toBeInTheDocument();
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Your name at the table"), "Jun");
  await user.click(screen.getByRole("button", { name: "Take your seat" }));
  await waitFor(() =>
    expect(onSeated).toHaveBeenCalledWith({ token: "t-2", session: "s-1", participant: "p-jun", join_url: null }),
  );
  expect(seatAt("RAVEN-417")?.token).toBe("t-2");
});

test.each([
  [{ participants: 0 }, "Nobody is at the table right now. Take a chair and wait for them."],
  [{ participants: 1 }, "One candle is burning. Take a chair."],
  [{ locked: true }, "The host has locked this table. Ask to be let in."],
])("%o says: %s", async (change, sentence) => {
  house(at(change));
  show();
  expect(await screen.findByText(sentence)).toBeInTheDocument();
});

test.each([
  ["over", at({ state: "ended" }), "This sitting is over."],
  ["nowhere", {}, "No table has the code RAVEN-417. Ask whoever invited you for the link."],
])("a table that is %s has no chairs", async (_, answers, sentence) => {
  house(answers);
  show();
  expect(await screen.findByText(sentence)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Take your seat" })).not.toBeInTheDocument();
});
