// What a board does with the frames of care, put on its line as the relay sends them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./house";

const golden = join(__dirname, "../../../relay/wire/testdata");
const frame = (name: string) =>
  (JSON.parse(readFileSync(join(golden, `${name}.json`), "utf8")) as { socketio: string }).socketio;

test("the candles gutter slowly and catch again; the care card is for the asker, and closes", async ({
  page,
  house,
}) => {
  let say = (_: string): void => undefined;
  await page.routeWebSocket(/socket\.io/, (board) => {
    const relay = board.connectToServer();
    board.onMessage((message) => relay.send(message));
    relay.onMessage((message) => board.send(message));
    say = (message) => board.send(message);
  });
  await page.goto(house.url);
  const form = page.getByRole("form", { name: "Begin a sitting" });
  await form.getByLabel("Your name at the table").fill("Mara");
  await form.getByRole("button", { name: "Light the candle" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Mara" })).toBeVisible(); // the line is there

  say(frame("hush"));
  const table = page.locator(".sitting");
  await expect(table).toHaveAttribute("data-hush", "true");
  const ramps = await page.evaluate(() => {
    const seconds = (of: string) => of.split(",").map((part) => parseFloat(part));
    const flame = getComputedStyle(document.querySelector(".candle-flame")!);
    return [
      ...seconds(flame.transitionDuration),
      ...seconds(getComputedStyle(document.querySelector(".sitting")!, "::after").transitionDuration),
    ];
  });
  for (const seconds of ramps) expect(seconds).toBeGreaterThanOrEqual(0.4);
  await expect(table).not.toHaveAttribute("data-hush", "true", { timeout: 10_000 });

  say(frame("care"));
  const card = page.getByRole("dialog");
  await expect(card).toContainText("Let us put the game aside for a moment.");
  await expect(card).toContainText("Somebody to talk to");
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => v.id)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(card).toHaveCount(0);
});
