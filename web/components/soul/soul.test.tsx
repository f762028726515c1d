import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { dropSoul, keepSoul, loadSoul, soulHere, wasAsked, wasKnown, withSoul } from "@/lib/soul";
import { KnownAs } from "./KnownAs";
import { SoulAsk } from "./SoulAsk";
import { SoulSheet } from "./SoulSheet";

const remembered = {
  remembered: true,
  name: "Mara",
  since: Date.UTC(2026, 10, 22, 20),
  sittings: [{ code: "RAVEN-417", name: "The attic", spirit: "edgar", at: Date.UTC(2026, 10, 22, 20) }],
  notes: [{ at: Date.UTC(2026, 10, 22, 21), text: "Looks for her grey cat." }],
  questions: [{ at: Date.UTC(2026, 10, 22, 20), code: "RAVEN-417", text: "Where is Thimble?", answer: "UNDER STAIRS" }],
  next: "older",
};
const stranger = { ...remembered, remembered: false, since: null, notes: [], questions: [], next: null };

// What the house was asked, and how it answers by method and path.
let calls: { method: string; path: string; proof: string | undefined }[];
let house: Record<string, () => { status?: number; data?: unknown }>;

beforeEach(() => {
  localStorage.clear();
  dropSoul();
  calls = [];
  house = { "GET /api/soul": () => ({ data: remembered }), "DELETE /api/soul": () => ({ data: {} }) };
  global.fetch = jest.fn((path: string, init?: RequestInit) => {
    const method = init?.method ?? "GET";
    calls.push({ method, path, proof: (init?.headers as Record<string, string> | undefined)?.["Authorization"] });
    const { status = 200, data = null } = house[`${method} ${path}`]?.() ?? { status: 404 };
    const error = status === 200 ? null : { code: status === 401 ? "unauthorized" : "internal", message: "No." };
    return Promise.resolve({ json: () => Promise.resolve({ success: status === 200, data, error }) });
  }) as unknown as typeof fetch;
});

test("the secret goes along, unless somebody else sits here, and goes when nobody knows it", () => {
  expect(withSoul()).toEqual({});
  keepSoul({ soul: "s3cret", name: "Mara" });
  act(() => soulHere.setState({ soul: null }));
  loadSoul();
  expect(withSoul()).toEqual({ soul: "s3cret" });
  soulHere.setState({ stranger: true });
  expect(withSoul()).toEqual({});
  wasKnown(false); // it did not go along: nobody was asked about it
  expect(soulHere.getState().soul).not.toBeNull();
  soulHere.setState({ stranger: false });
  wasKnown(true);
  expect(soulHere.getState().soul).not.toBeNull();
  wasKnown(false);
  expect(localStorage.getItem("seance.soul")).toBeNull();
});

test("what is kept in a shape of another day is no soul", () => {
  localStorage.setItem("seance.soul", '{"soul": 7}');
  loadSoul();
  expect(soulHere.getState().soul).toBeNull();
});

test("who agrees is known from then on, and not asked again", async () => {
  const user = userEvent.setup();
  house["POST /api/soul"] = () => ({ data: { soul: "s3cret" } });
  render(<SoulAsk token="t" name="Mara" onTell={() => undefined} />);
  expect(screen.getByRole("region", { name: "Shall the spirit know you next time?" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Yes, know me" }));
  expect(await screen.findByRole("status")).toHaveTextContent("It will know you, Mara.");
  expect(soulHere.getState().soul).toEqual({ soul: "s3cret", name: "Mara" });
  expect(wasAsked()).toBe(true);
  expect(calls).toEqual([{ method: "POST", path: "/api/soul", proof: "Bearer t" }]);
  await user.click(screen.getByRole("button", { name: "Good" }));
  expect(screen.queryByRole("status")).toBeNull();
});

test("who declines leaves nothing at the house", async () => {
  const user = userEvent.setup();
  render(<SoulAsk token="t" name="Mara" onTell={() => undefined} />);
  await user.click(screen.getByRole("button", { name: "No, thank you" }));
  expect(screen.getByRole("status")).toHaveTextContent("Then you stay a stranger.");
  expect([calls.length, soulHere.getState().soul, wasAsked()]).toEqual([0, null, true]);
});

test("a house that does not answer is told of, and may be asked again", async () => {
  const user = userEvent.setup();
  house["POST /api/soul"] = () => ({ status: 503 });
  render(<SoulAsk token="t" name="Mara" onTell={() => undefined} />);
  await user.click(screen.getByRole("button", { name: "Yes, know me" }));
  expect(await screen.findByText("No.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Yes, know me" })).toBeVisible();
  expect(wasAsked()).toBe(false);
});

test("the sheet tells everything, page by page, and forgets only who says so twice", async () => {
  const user = userEvent.setup();
  keepSoul({ soul: "s3cret", name: "Mara" });
  house["GET /api/soul?after=older"] = () => ({
    data: { ...remembered, questions: [{ ...remembered.questions[0], text: "Who?" }], next: null },
  });
  render(<SoulSheet self={{ token: "t" }} name="Mara" onClose={() => undefined} />);
  expect(await screen.findByText("It has known you as Mara since 22 November 2026.")).toBeInTheDocument();
  for (const words of ["Where is Thimble?", "UNDER STAIRS", "The attic"])
    expect(screen.getByText(words)).toBeInTheDocument();
  expect(screen.getByText(/grey cat/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Read earlier questions" }));
  expect(await screen.findByText("Who?")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Read earlier questions" })).toBeNull();

  await user.click(screen.getByRole("button", { name: "Forget me" }));
  await user.click(screen.getByRole("button", { name: "Not now" }));
  expect(calls.some(({ method }) => method === "DELETE")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Forget me" }));
  await user.click(screen.getByRole("button", { name: "Forget me" }));
  expect(await screen.findByText(/It is done/)).toBeInTheDocument();
  expect(screen.queryByText("Where is Thimble?")).toBeNull();
  expect(localStorage.getItem("seance.soul")).toBeNull();
});

test("a stranger is told what this table has, and may agree here", async () => {
  const user = userEvent.setup();
  house["GET /api/soul"] = () => ({ data: stranger });
  house["POST /api/soul"] = () => {
    house["GET /api/soul"] = () => ({ data: remembered });
    return { data: { soul: "s3cret" } };
  };
  render(<SoulSheet self={{ token: "t" }} name="Mara" onClose={() => undefined} />);
  expect(await screen.findByText(/You are a stranger to it/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Yes, know me" }));
  expect(await screen.findByText(/It has known you as Mara/)).toBeInTheDocument();
  expect(withSoul()).toEqual({ soul: "s3cret" });
});

test("on a device that knows somebody else, a stranger does not take their place", async () => {
  keepSoul({ soul: "hers", name: "Mara" });
  house["GET /api/soul"] = () => ({ data: { ...stranger, name: "Jon" } });
  render(<SoulSheet self={{ token: "t" }} name="Jon" onClose={() => undefined} />);
  expect(await screen.findByText("On this device the spirit knows Mara, and nobody else.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Yes, know me" })).toBeNull();
});

test("a secret that was forgotten elsewhere goes when the sheet is read", async () => {
  keepSoul({ soul: "hers", name: "Mara" });
  let asked = 0;
  house["GET /api/soul"] = () => (asked++ === 0 ? { data: { ...stranger, name: "" } } : { status: 401 });
  render(<SoulSheet self={{ token: "t" }} name="Somebody" onClose={() => undefined} />);
  expect(await screen.findByText(/You are a stranger to it/)).toBeInTheDocument();
  await waitFor(() => expect(localStorage.getItem("seance.soul")).toBeNull());
});

test("the door knows who comes back, lets them be nobody, and hears that they were forgotten elsewhere", async () => {
  const user = userEvent.setup();
  const { container } = render(<KnownAs />);
  expect(container).toBeEmptyDOMElement();
  act(() => keepSoul({ soul: "s3cret", name: "Mara" }));
  expect(screen.getByText("The spirit will know you, Mara.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "I am somebody else" }));
  expect(screen.getByText("You come as a stranger.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "I am Mara after all" }));
  house["GET /api/soul"] = () => ({ status: 401 });
  await user.click(screen.getByRole("button", { name: "What it remembers" }));
  expect(await screen.findByText(/It is done/)).toBeInTheDocument();
  expect(calls.at(-1)?.proof).toBe("Soul s3cret");
  expect(screen.queryByText("The spirit will know you, Mara.")).toBeNull();
});
