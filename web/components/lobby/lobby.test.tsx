import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { seatAt } from "@/lib/seat";
import { mara, session } from "@/tests/sitting";
import { Lobby } from "./Lobby";

const spirits = [
  { id: "edgar", title: "Edgar", description: "A poet who drowned.", lang: "en" },
  { id: "ada", title: "Ada", description: "She counts.", lang: "en" },
];
const seated = { session, participant: mara, token: "t-1", join_url: "http://192.168.1.4:8000/s/RAVEN-417" };

type Answer = { data: unknown } | { error: object };
let answers: Answer[];
let sent: { path: string; body: unknown }[];

beforeEach(() => {
  answers = [];
  sent = [];
  localStorage.clear();
  history.replaceState(null, "", "/");
  globalThis.fetch = (async (path: string, { body }: { body?: string }) => {
    if (path === "/api/spirits") return reply({ data: { spirits } });
    sent.push({ path, body: body && JSON.parse(body) });
    const answer = answers.shift();
    if (!answer) throw new TypeError("network down");
    return reply(answer);
  }) as typeof fetch;
});
const reply = (answer: Answer) => ({
  json: async () => ({ success: "data" in answer, data: null, error: null, timestamp: "", ...answer }),
});
const fault = (code: string, message: string, details: object[] = []): Answer => ({
  error: { code, message, details },
});

async function enter() {
  render(<Lobby />);
  await screen.findByRole("option", { name: "Edgar" });
  const begin = within(screen.getByRole("form", { name: "Begin a sitting" }));
  const join = within(screen.getByRole("form", { name: "Join a table" }));
  return { user: userEvent.setup(), begin, join };
}

test("it says that the game is played with an AI", async () => {
  await enter();
  expect(screen.getByText(/played with an AI/)).toBeInTheDocument();
});

test("lighting the candle begins a sitting and moves on to its table", async () => {
  const { user, begin } = await enter();
  answers.push({ data: seated });
  await user.type(begin.getByLabelText("Your name at the table"), "Mara");
  await user.selectOptions(begin.getByLabelText("Whom to call"), "ada");
  expect(begin.getByText("She counts.")).toBeInTheDocument();
  await user.click(begin.getByRole("button", { name: "Light the candle" }));
  await waitFor(() => expect(location.pathname).toBe("/s/RAVEN-417"));
  expect(sent).toEqual([{ path: "/api/sessions", body: { host_name: "Mara", spirit: "ada" } }]);
  expect(seatAt("RAVEN-417")).toEqual({
    token: "t-1",
    session: "s-1",
    participant: "p-mara",
    join_url: seated.join_url,
  });
});

test("a passphrase goes along when there is one", async () => {
  const { user, begin } = await enter();
  answers.push({ data: seated });
  await user.type(begin.getByLabelText("Your name at the table"), "Mara");
  await user.click(begin.getByText("Ask for a passphrase"));
  await user.type(begin.getByLabelText("Passphrase"), "moth");
  await user.click(begin.getByRole("button", { name: "Light the candle" }));
  await waitFor(() => expect(sent).toMatchObject([{ body: { host_name: "Mara", passphrase: "moth" } }]));
});

test("a name that is not taken says why, at its field", async () => {
  const { user, begin } = await enter();
  answers.push(
    fault("invalid_name", "That name is not yours.", [{ path: "host_name", message: "that name is not yours" }]),
  );
  await user.click(begin.getByRole("button", { name: "Light the candle" }));
  const name = begin.getByLabelText("Your name at the table");
  await waitFor(() => expect(name).toHaveFocus());
  expect(name).toBeInvalid();
  expect(name).toHaveAccessibleDescription("That name is not yours.");
});

test("a house that does not answer is a sentence with the focus on it", async () => {
  const { user, begin } = await enter();
  await user.click(begin.getByRole("button", { name: "Light the candle" }));
  await waitFor(() => expect(screen.getByText(/does not answer/)).toHaveFocus());
  expect(begin.getByRole("button", { name: "Light the candle" })).toBeEnabled();
});

describe("joining", () => {
  test("takes a code as people type it, or a whole link", async () => {
    const { user, join } = await enter();
    answers.push({ data: { ...seated, join_url: undefined } });
    await user.type(join.getByLabelText("Code or link"), "http://parlour.local/s/raven-417");
    await user.type(join.getByLabelText("Your name at the table"), "Jun");
    await user.click(join.getByRole("button", { name: "Take your seat" }));
    await waitFor(() => expect(location.pathname).toBe("/s/RAVEN-417"));
    expect(sent).toEqual([{ path: "/api/sessions/RAVEN-417/join", body: { name: "Jun" } }]);
  });

  test("who only watches says so", async () => {
    const { user, join } = await enter();
    await user.type(join.getByLabelText("Code or link"), "RAVEN-417");
    await user.type(join.getByLabelText("Your name at the table"), "Jun");
    await user.click(join.getByRole("checkbox", { name: /Watch only/ }));
    await user.click(join.getByRole("button", { name: "Take your seat" }));
    await waitFor(() => expect(sent).toMatchObject([{ body: { name: "Jun", role: "spectator" } }]));
  });

  test("what is no code is not sent", async () => {
    const { user, join } = await enter();
    await user.type(join.getByLabelText("Code or link"), "what is this?");
    await user.click(join.getByRole("button", { name: "Take your seat" }));
    await waitFor(() => expect(join.getByLabelText("Code or link")).toHaveFocus());
    expect(join.getByLabelText("Code or link")).toHaveAccessibleDescription(/RAVEN-417/);
    expect(sent).toEqual([]);
  });

  test("the passphrase is asked for where the table wants one", async () => {
    const { user, join } = await enter();
    expect(join.queryByLabelText("Passphrase")).not.toBeInTheDocument();
    answers.push(fault("wrong_passphrase", "No."), fault("wrong_passphrase", "Not that one."), { data: seated });
    await user.type(join.getByLabelText("Code or link"), "raven 417");
    await user.type(join.getByLabelText("Your name at the table"), "Jun");
    const sit = join.getByRole("button", { name: "Take your seat" });
    await user.click(sit);
    const passphrase = await join.findByLabelText("Passphrase");
    await waitFor(() => expect(passphrase).toHaveFocus());
    expect(passphrase).toHaveAccessibleDescription("This table asks for its passphrase.");
    await user.type(passphrase, "bat");
    await user.click(sit);
    await waitFor(() => expect(passphrase).toHaveAccessibleDescription("Not that one."));
    await user.clear(passphrase);
    await user.type(passphrase, "moth");
    await user.click(sit);
    await waitFor(() => expect(location.pathname).toBe("/s/RAVEN-417"));
    expect(sent.at(-1)).toEqual({ path: "/api/sessions/RAVEN-417/join", body: { name: "Jun", passphrase: "moth" } });
  });

  test("a table that is full says so", async () => {
    const { user, join } = await enter();
    answers.push(fault("session_full", "Every chair is taken."));
    await user.type(join.getByLabelText("Code or link"), "RAVEN-417");
    await user.click(join.getByRole("button", { name: "Take your seat" }));
    await waitFor(() => expect(screen.getByText("Every chair is taken.")).toHaveFocus());
  });
});

test("the name is the one used last", async () => {
  localStorage.setItem("seance.name", "Mara");
  const { begin, join } = await enter();
  expect(begin.getByLabelText("Your name at the table")).toHaveValue("Mara");
  expect(join.getByLabelText("Your name at the table")).toHaveValue("Mara");
});
