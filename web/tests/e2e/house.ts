// Starts the program for a test file and watches every page for what the board's policy forbids.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Page, test as base } from "@playwright/test";

const binary = process.env["SEANCE_BIN"] || join(__dirname, "../../../bin/seance");
const startMs = 15_000;

export interface House {
  readonly url: string;
}

interface Watch {
  // Problems that pages had: violations of the policy, errors on the console, uncaught exceptions.
  readonly troubles: string[];
}

export const test = base.extend<{ watch: Watch }, { hooks: object[]; house: House }>({
  // What happens by itself at the tables of a test file: hooks as their files have them, none unless it says so.
  hooks: [[], { option: true, scope: "worker" }],
  house: [
    async ({ hooks }, use) => {
      const data = mkdtempSync(join(tmpdir(), "seance-e2e-"));
      const port = await freePort();
      const env: NodeJS.ProcessEnv = { ...process.env, SEANCE_LIMITS: "off" };
      if (hooks.length === 0) env["SEANCE_HOOKS"] = "off";
      else {
        const folder = join(data, ".kiro/hooks/seance");
        mkdirSync(folder, { recursive: true });
        // the name of the greeting that comes with the program, which it takes the place of
        writeFileSync(join(folder, "newcomer.json"), JSON.stringify({ version: "v1", hooks }));
      }
      delete env["DATABASE_URL"];
      delete env["REDIS_URL"];
      const program = spawn(binary, ["serve", "--addr", `127.0.0.1:${port}`, "--data", data], {
        cwd: data,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const said: string[] = [];
      for (const stream of [program.stdout, program.stderr]) stream.on("data", (chunk) => said.push(String(chunk)));
      const url = `http://127.0.0.1:${port}`;
      try {
        await ready(program, url, said);
        await use({ url });
      } finally {
        await ended(program);
        rmSync(data, { recursive: true, force: true });
      }
    },
    { scope: "worker" },
  ],
  watch: [
    async ({ context }, use) => {
      const troubles: string[] = [];
      watchPages(context, troubles);
      await use({ troubles });
      base.expect(troubles).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect } from "@playwright/test";

// watchPages notes the troubles of every page that a context opens; for contexts that a test makes itself.
export function watchPages(
  context: { on(event: "page", seen: (page: Page) => void): unknown },
  troubles: string[],
): void {
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (message.type() === "error") troubles.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => troubles.push(`uncaught: ${error.message}`));
    void page.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      ),
    );
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

async function ready(program: ChildProcess, url: string, said: string[]): Promise<void> {
  const until = Date.now() + startMs;
  while (Date.now() < until && program.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${binary} did not come up at ${url}:\n${said.join("")}`);
}

function ended(program: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (program.exitCode !== null || program.signalCode !== null) return resolve();
    program.once("exit", () => resolve());
    program.kill("SIGTERM");
  });
}
