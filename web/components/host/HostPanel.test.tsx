import { render, screen, within } from "@testing-library/react";
import { type Seated, seated } from "@/tests/seated";
import { session } from "@/tests/sitting";
import { HostPanel } from "./HostPanel";

let table: Seated;
const calls: { method: string; path: string; body: unknown; token: string }[] = [];
let refusal: string | null = null;

beforeEach(async () => {
  jest.useFakeTimers();
  calls.length = 0;
  refusal = null;
  global.fetch = (async (path: string, { method, body, headers }: RequestInit) => {
    const token = (headers as Record<string, string>)["Authorization"] ?? "";
    calls.push({ method: method!, path, body: body ? JSON.parse(String(body)) : null, token });
    const fault = refusal && { code: "forbidden", message: refusal };
    return { json: async () => ({ success: !fault, data: fault ? null : { session }, error: fault || null }) };
  }) as never;
  table = await seated();
  render(<HostPanel room={table.room} code="RAVEN-417" token="t-1" onClose={() => undefined} />);
});
afterEach(() => {
  table.room.stop();
  jest.useRealTimers();
});
const last = () => calls.at(-1);
const path = "/api/sessions/RAVEN-417";

test("the door is locked, and shown as locked once the table says so", async () => {
  const lock = screen.getByRole("checkbox", { name: /Lock the table/ });
  await table.user.click(lock);
  expect(last()).toEqual({ method: "PATCH", path, body: { locked: true }, token: "Bearer t-1" });
  expect(lock).not.toBeChecked();
  table.relay.say("session_updated", { session: { ...session, locked: true } });
  await table.pass();
  expect(lock).toBeChecked();
});

test("a passphrase is set, and asked for no more", async () => {
  await table.user.type(screen.getByLabelText("Passphrase for newcomers"), "moth and moon");
  await table.user.click(screen.getByRole("button", { name: "Set it" }));
  expect(last()).toMatchObject({ body: { passphrase: "moth and moon" } });
  await table.pass();
  expect(screen.getByLabelText("Passphrase for newcomers")).toHaveValue("");
  await table.user.click(screen.getByRole("button", { name: "Ask for none" }));
  expect(last()).toMatchObject({ body: { passphrase: null } });
});

test("somebody is shown out only when the host is sure; never the host", async () => {
  expect(screen.queryByRole("button", { name: "Show Mara out" })).not.toBeInTheDocument();
  await table.user.click(screen.getByRole("button", { name: "Show Jun out" }));
  await table.user.click(screen.getByRole("button", { name: "Not now" }));
  expect(calls).toEqual([]);
  await table.user.click(screen.getByRole("button", { name: "Show Jun out" }));
  const sure = within(screen.getByRole("group", { name: "Show Jun out" }));
  await table.user.click(sure.getByRole("button", { name: "Show Jun out" }));
  expect(last()).toMatchObject({ method: "POST", path: `${path}/kick`, body: { participant_id: "p-jun" } });
});

test("tone, spelling and whose hand are settings of the table", async () => {
  await table.user.click(screen.getByRole("radio", { name: /grown-ups/ }));
  expect(last()).toMatchObject({ body: { settings: { tone: "adult" } } });
  await table.user.click(screen.getByRole("radio", { name: "In full" }));
  expect(last()).toMatchObject({ body: { settings: { spelling: "full" } } });
  await table.user.click(screen.getByRole("checkbox", { name: /whose hand/ }));
  expect(last()).toMatchObject({ body: { settings: { whose_hand: false } } });
});

test("the end is asked for twice; what is refused is said", async () => {
  refusal = "Only the host may do that.";
  await table.user.click(screen.getByRole("button", { name: "End the sitting" }));
  const sure = within(screen.getByRole("group", { name: "End the sitting" }));
  await table.user.click(sure.getByRole("button", { name: "End the sitting" }));
  expect(last()).toMatchObject({ method: "DELETE", path });
  await table.pass();
  expect(screen.getByText(refusal)).toHaveClass("field-error");
});
