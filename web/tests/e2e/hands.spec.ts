import { expect, test } from "./house";
import { type Board, phone, Table } from "./table";

interface Place {
  readonly x: number; // of the board's width
  readonly y: number; // of its height
}

async function planchette({ page }: Board): Promise<Place> {
  return page.evaluate(() => {
    const board = document.querySelector(".board")!.getBoundingClientRect();
    const part = document.querySelector("[data-part=hands]")!.getBoundingClientRect();
    return { x: (part.x - board.x) / board.width, y: (part.y - board.y) / board.height };
  });
}

// How far the planchette is from a place.
async function away(board: Board, from: Place): Promise<number> {
  const is = await planchette(board);
  return Math.hypot(is.x - from.x, is.y - from.y);
}

const slow = { timeout: 20_000 }; // two boards draw on two cores that others may be using

async function taps(board: Board, { x, y }: Place): Promise<void> {
  const pad = board.page.getByRole("application");
  const box = (await pad.boundingBox())!;
  const position = { x: box.width * x, y: box.height * y };
  if (await board.page.evaluate(() => navigator.maxTouchPoints > 0)) await pad.tap({ position });
  else await pad.click({ position });
}

test("two hands between answers move the planchette on both screens alike", async ({ browser, house, watch }) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  const jun = await table.joins("Jun", mara);
  await taps(mara, { x: 0.26, y: 0.36 });
  await taps(jun, { x: 0.3, y: 0.4 });
  for (const board of [mara, jun]) {
    await expect(board.page.locator(".hand-glow[data-there]")).toHaveCount(1);
    await expect(board.page.locator(".hand-yours")).toHaveCount(1);
    await expect(board.page.locator(".candle[data-touching]")).toHaveCount(2);
  }
  const between = { x: 0.28, y: 0.38 };
  for (const board of [mara, jun]) await expect.poll(() => away(board, between), slow).toBeLessThan(0.03);
  await expect.poll(async () => away(mara, await planchette(jun)), slow).toBeLessThan(0.005);

  for (const board of [mara, jun]) await board.page.getByRole("button", { name: "Lift your hand" }).click();
  for (const board of [mara, jun]) await expect(board.page.locator(".candle[data-touching]")).toHaveCount(0);
  // Left alone it stays where it was left.
  for (const board of [mara, jun]) expect(await away(board, between)).toBeLessThan(0.06);

  // A question calls it home, and the answer is spelled as if nobody had touched it.
  await mara.asks("Is anyone there?");
  await jun.hearsAnAnswerAfter(0);
  expect(await mara.readsToTheEnd()).toBe(await jun.readsToTheEnd());
  await table.close();
});

test("Space and the arrows do what a finger does, on a phone too", async ({ browser, house, watch }) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  const jun = await table.joins("Jun", mara, phone);
  await expect(mara.page.getByRole("status")).toHaveText(/Jun sits down/); // not to be heard over what comes
  const [wide, tall] = [await planchette(mara), await planchette(jun)];
  await mara.page.getByRole("application").focus();
  await mara.page.keyboard.press("Space");
  await expect(mara.page.getByRole("status")).toHaveText(/Your hand is on the planchette/);
  for (let i = 0; i < 6; i++) await mara.page.keyboard.press("Shift+ArrowUp");
  await expect.poll(async () => (await planchette(mara)).y, slow).toBeLessThan(wide.y - 0.1);
  await expect.poll(async () => (await planchette(jun)).y, slow).toBeLessThan(tall.y - 0.1);
  await mara.page.keyboard.press("Space");
  await expect(mara.page.getByRole("status")).toHaveText(/lifted/);
  await expect(jun.page.locator(".candle[data-touching]")).toHaveCount(0);

  await taps(jun, { x: 0.5, y: 0.2 });
  await expect(jun.page.getByRole("button", { name: "Lift your hand" })).toBeVisible();
  await expect(mara.page.locator(".hand-glow[data-there]")).toHaveCount(1);
  await taps(jun, { x: 0.5, y: 0.2 });
  await expect(jun.page.getByRole("button", { name: "Lift your hand" })).toHaveCount(0);
  await expect(mara.page.locator(".hand-glow")).toHaveCount(0);
  await table.close();
});

test("a hand on the planchette while it spells changes no letter, and is told of afterwards", async ({
  browser,
  house,
  watch,
}) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  const jun = await table.joins("Jun", mara);
  await mara.asks("Where did you hide the letters?");
  await jun.hearsAnAnswerAfter(0);
  await taps(jun, { x: 0.9, y: 0.5 });
  await jun.seesLetters(1);
  await expect(mara.page.locator(".answer-whose")).toHaveText("Jun leaned into it", { timeout: 40_000 });
  await expect(jun.page.locator(".answer-whose")).toHaveText("You leaned into it");
  await expect(mara.page.locator(".answer-whose")).toHaveCount(0, { timeout: 5_000 });
  expect(await mara.readsToTheEnd()).toBe(await jun.readsToTheEnd());
  await table.close();
});
