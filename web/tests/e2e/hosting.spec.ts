import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./house";
import { phone, Table } from "./table";

async function chair(page: Page) {
  await page.getByRole("button", { name: "The host's chair" }).click();
  return page.getByRole("dialog", { name: "The host's chair" });
}

async function blemishes(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}

test("the host locks the table, asks for a passphrase, shows somebody out and ends the sitting", async ({
  browser,
  house,
  watch,
}) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  const jun = await table.joins("Jun", mara, phone);
  await expect(jun.page.getByRole("button", { name: "The host's chair" })).toHaveCount(0);

  const host = await chair(mara.page);
  await host.getByRole("checkbox", { name: /Lock the table/ }).click();
  for (const board of [mara, jun]) await expect(board.page.locator(".head-locked")).toBeVisible();
  expect(await blemishes(mara.page)).toEqual([]);
  const door = await (await browser.newContext()).newPage(); // a refusal is an error on its console, and that is all
  await door.goto(`${house.url}${new URL(mara.page.url()).pathname}`);
  await door.getByLabel("Your name at the table").fill("Ines");
  await door.getByRole("button", { name: "Take your seat" }).click();
  await expect(door.locator("[data-fault]")).toContainText(/lock/i);

  await host.getByRole("checkbox", { name: /Lock the table/ }).click();
  await expect(jun.page.locator(".head-locked")).toHaveCount(0);
  await host.getByLabel("Passphrase for newcomers").fill("moth and moon");
  await host.getByRole("button", { name: "Set it" }).click();
  await expect(host.getByRole("status")).toHaveText(/asked for it/);
  await door.getByRole("button", { name: "Take your seat" }).click();
  await expect(door.getByLabel("Passphrase")).toBeVisible();
  await door.getByLabel("Passphrase").fill("moth and moon");
  await door.getByRole("checkbox", { name: /Watch only/ }).check();
  await door.getByRole("button", { name: "Take your seat" }).click();
  await expect(door.getByText("You watch from the dark")).toBeVisible();
  await expect(door.getByRole("textbox")).toHaveCount(0);
  await expect(jun.page.getByText("1 watching")).toBeVisible();
  await door.context().close();

  await host.getByRole("radio", { name: /grown-ups/ }).click();
  await expect(host.getByRole("status")).toHaveText(/next answer/);
  await host.getByRole("button", { name: "Show Jun out" }).click();
  await host.getByRole("group", { name: "Show Jun out" }).getByRole("button", { name: "Show Jun out" }).click();
  await expect(jun.page.getByText("The host has asked you to leave the table.").first()).toBeVisible();
  await expect(host.getByRole("button", { name: "Show Jun out" })).toHaveCount(0);

  await host.getByRole("button", { name: "End the sitting" }).click();
  await host.getByRole("group", { name: "End the sitting" }).getByRole("button", { name: "End the sitting" }).click();
  await expect(host.getByRole("status")).toHaveText("The sitting is over.");
  await mara.page.keyboard.press("Escape");
  await expect(mara.page.getByText(/The sitting is over/).first()).toBeVisible();
  await table.close();
});

test("the link is a picture for phones, and the minutes are a file to keep", async ({ browser, house, watch }) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  await mara.page.getByRole("button", { name: "Invite" }).click();
  const picture = mara.page.getByRole("img", { name: "The link as a QR code" });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await mara.page.keyboard.press("Escape");

  await mara.asks("Is anyone there?");
  await mara.hearsAnAnswerAfter(0);
  const answer = await mara.readsToTheEnd();
  await mara.page.getByRole("button", { name: "Minutes of the sitting" }).click();
  for (const [name, ending] of [
    ["Markdown", "md"],
    ["Plain text", "txt"],
    ["JSON", "json"],
  ] as const) {
    const [file] = await Promise.all([
      mara.page.waitForEvent("download"),
      mara.page.getByRole("button", { name }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(new RegExp(`^seance-[A-Z]+-\\d+\\.${ending}$`));
    const text = readFileSync(await file.path(), "utf8");
    expect(text).toContain("Is anyone there?");
    expect(text.toUpperCase()).toContain(answer);
  }
  expect(await blemishes(mara.page)).toEqual([]);
  await table.close();
});

test("an answer gets its stars by mouse and by keyboard, from those who play", async ({ browser, house, watch }) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  await mara.asks("Are you there?");
  await mara.hearsAnAnswerAfter(0);
  const stars = mara.page.getByRole("group", { name: "Stars for this answer" });
  await expect(stars).toHaveCount(0);
  await mara.readsToTheEnd();
  await stars.locator(".star").nth(3).click();
  await expect(stars.getByRole("radio", { name: "4 stars" })).toBeChecked();
  await mara.page.keyboard.press("ArrowRight");
  await expect(stars.getByRole("radio", { name: "5 stars" })).toBeChecked();
  expect(await blemishes(mara.page)).toEqual([]);
  await table.close();
});
