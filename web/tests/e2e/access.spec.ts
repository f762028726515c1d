import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./house";
import { phone, Table } from "./table";

test("axe finds nothing in the lobby, at the table, in its sheets, on desktop and phone", async ({
  browser,
  house,
  watch,
}) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  const ines = await table.joins("Ines", mara, phone);
  const lobby = await (await browser.newContext(phone)).newPage();
  await lobby.goto(house.url);
  await mara.asks("Is anyone there?");
  await mara.hearsAnAnswerAfter(0);
  await mara.seesLetters(1);
  await mara.readsToTheEnd();

  for (const [where, page] of [
    ["lobby", lobby],
    ["desktop", mara.page],
    ["phone", ines.page],
  ] as const) {
    const found = await new AxeBuilder({ page }).analyze();
    expect(
      found.violations.map((v) => `${where}: ${v.id} ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
    ).toEqual([]);
  }
  for (const name of ["Minutes of the sitting", /settings|light and motion|comfort/i, /invite/i]) {
    await mara.page.getByRole("button", { name }).first().click();
    await expect(mara.page.getByRole("dialog")).toBeVisible();
    const found = await new AxeBuilder({ page: mara.page }).analyze();
    expect(
      found.violations.map((v) => `${name}: ${v.id} ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`),
    ).toEqual([]);
    await mara.page.keyboard.press("Escape");
    await expect(mara.page.getByRole("dialog")).toHaveCount(0);
  }
  await lobby.context().close();
  await table.close();
});

test("a sitting is played by keyboard alone", async ({ page, house }) => {
  await page.goto(house.url);
  const name = page.getByRole("form", { name: "Begin a sitting" }).getByLabel("Your name at the table");
  for (let i = 0; i < 10 && !(await name.evaluate((element) => element === document.activeElement)); i++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("Mara");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/s\//);
  const box = page.getByRole("textbox", { name: "Your question to the spirit" });
  await expect(box).toBeVisible();
  for (let i = 0; i < 10 && !(await box.evaluate((element) => element === document.activeElement)); i++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("Are you there?");
  await page.keyboard.press("Enter");
  await expect(page.locator(".answer-letters")).toHaveAttribute("data-shown", "1", { timeout: 20_000 });
  await expect(page.locator(".answer-pen")).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByRole("status")).not.toBeEmpty();
});

test("with reduced motion nothing travels and the answer is read all the same", async ({ browser, house, watch }) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  const ines = await table.joins("Ines", mara, { viewport: { width: 1024, height: 768 }, reducedMotion: "reduce" });
  await mara.asks("Are you alone?");
  await ines.hearsAnAnswerAfter(0);
  await ines.seesLetters(1);
  const moving = await ines.page.evaluate(
    () =>
      document.getAnimations().filter((animation) => {
        const target = animation.effect instanceof KeyframeEffect ? animation.effect.target : null;
        return animation.playState === "running" && target?.closest("[class*=planchette]");
      }).length,
  );
  expect(moving).toBe(0);
  expect(await ines.readsToTheEnd()).toMatch(/^[A-Z0-9 ]+$/);
  await table.close();
});
