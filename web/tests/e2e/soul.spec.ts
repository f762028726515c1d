import type { Page } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./house";
import { phone, Table } from "./table";

async function accessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

test("Mara agrees to be known, comes back, reads what is remembered, and is forgotten", async ({
  browser,
  house,
  watch,
}) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  await expect(mara.page.getByRole("region", { name: /know you next time/ })).toHaveCount(0);
  await mara.asks("Where is the silver thimble?");
  await mara.hearsAnAnswerAfter(0);
  await mara.readsToTheEnd();
  const asked = mara.page.getByRole("region", { name: "Shall the spirit know you next time?" });
  await expect(asked).toBeVisible();
  await accessible(mara.page);
  const small = await table.joins("Phia", mara, phone);
  await small.asks("And who are you?");
  await small.hearsAnAnswerAfter(2);
  await small.readsToTheEnd();
  await expect(small.page.getByRole("region", { name: /know you next time/ })).toBeVisible();
  await small.page.getByRole("button", { name: "No, thank you" }).tap();
  await expect(small.page.getByText("Then you stay a stranger.")).toBeVisible();
  await small.page.getByRole("button", { name: "Good" }).tap();

  await asked.getByRole("button", { name: "Yes, know me" }).focus();
  await mara.page.keyboard.press("Enter");
  await expect(mara.page.getByText(/It will know you, Mara/)).toBeVisible();
  const storageState = await mara.page.context().storageState();

  // Another evening, in the same browser: the door knows her.
  const bob = await table.begins("Bob");
  const again = await browser.newContext({ ...phone, storageState });
  const door = await again.newPage();
  await door.goto(new URL(bob.page.url()).href.split("?")[0]!);
  await expect(door.getByText("The spirit will know you, Mara.")).toBeVisible();
  await door.getByRole("button", { name: "I am somebody else" }).tap();
  await expect(door.getByText("You come as a stranger.")).toBeVisible();
  await door.getByRole("button", { name: "I am Mara after all" }).tap();
  await door.getByLabel("Your name at the table").fill("Mara");
  await door.getByRole("button", { name: "Take your seat" }).tap();
  await expect(door.getByRole("textbox", { name: "Your question to the spirit" })).toBeVisible();
  await door.getByRole("button", { name: "Settings" }).tap();
  await door.getByRole("button", { name: "What the spirit remembers of you…" }).tap();
  const sheet = door.getByRole("dialog", { name: "What the spirit remembers of you" });
  await expect(sheet.getByText(/It has known you as Mara since/)).toBeVisible();
  await expect(sheet.getByText("Where is the silver thimble?", { exact: true })).toBeVisible();
  await expect(sheet.getByRole("listitem").filter({ hasText: "A sitting with" })).toHaveCount(2);
  await accessible(door);
  await sheet.getByRole("button", { name: "Forget me" }).tap();
  await sheet.getByRole("button", { name: "Not now" }).tap();
  await sheet.getByRole("button", { name: "Forget me" }).tap();
  await sheet.getByRole("button", { name: "Forget me" }).tap();
  await expect(sheet.getByText(/It is done/)).toBeVisible();
  expect(await door.evaluate(() => localStorage.getItem("seance.soul"))).toBeNull();

  // At the first table, on the boards that were open all the while, her words and her name are gone.
  await expect(small.page.getByRole("list").getByText("Somebody").first()).toBeVisible({ timeout: 5_000 });
  const minutes = await small.minutes();
  expect(minutes).not.toContain("thimble");
  expect(minutes).not.toContain("Mara");
  expect(minutes).toContain("These words were erased.");
  await mara.page.getByRole("button", { name: "Settings" }).click();
  await mara.page.getByRole("button", { name: "What the spirit remembers of you…" }).click();
  await expect(mara.page.getByText(/You are a stranger to it/)).toBeVisible();
  // This browser still had the secret: it is nobody's any more, and goes.
  await expect.poll(() => mara.page.evaluate(() => localStorage.getItem("seance.soul"))).toBeNull();
  await expect(mara.page.getByText(/It will know you/)).toHaveCount(0);
  watch.troubles.length = 0; // the house said 401, as it should
  await again.close();
  await table.close();
});
