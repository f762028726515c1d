import { defineConfig, devices } from "@playwright/test";

// End to end: the real program (../bin/seance, or SEANCE_BIN), started by each test file on a free port with a folder
// of its own, in the Chromium of this machine (CHROMIUM, or /usr/bin/chromium).
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "tests/e2e",
  timeout: 90_000,
  workers: 1, // boards are compared to the millisecond: nothing else may run beside them
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env["CHROMIUM"] || "/usr/bin/chromium", args },
    trace: "off", // recording one takes so much of two cores that letters come late
    screenshot: "only-on-failure",
  },
});
