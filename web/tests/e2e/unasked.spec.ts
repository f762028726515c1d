import { expect, test } from "./house";
import { apart, percentile, phone, Table } from "./table";

test.use({
  hooks: [
    {
      name: "lull",
      trigger: "SilenceFell",
      after: 15,
      action: { type: "agent", prompt: "Nobody has asked for a while. Say that it is cold here." },
    },
  ],
});

test("a spirit that speaks unasked is seen and heard on two boards, and then waits to be asked", async ({
  browser,
  house,
  watch,
}) => {
  const table = new Table(browser, house.url, watch.troubles);
  const mara = await table.begins("Mara");
  const jun = await table.joins("Jun", mara, phone);
  const boards = [mara, jun];

  await Promise.all(
    boards.map(({ page }) =>
      expect(page.getByRole("status")).toContainText("The spirit speaks unasked.", { timeout: 40_000 }),
    ),
  );
  for (const { page } of boards) {
    await expect(page.locator(".answer[data-unasked]")).toBeVisible();
    await expect(page.locator(".answer-lead")).toContainText("speaks unasked");
    await expect(page.locator(".asked")).toBeEmpty();
  }
  const [here, there] = await Promise.all(boards.map((board) => board.readsToTheEnd()));
  expect(here).toMatch(/^[A-Z0-9 ]+$/);
  expect(there).toBe(here);
  expect(await mara.answerSeq()).toBe(await jun.answerSeq());
  const gaps = apart(await mara.reveals(), await jun.reveals());
  expect(gaps.length).toBeGreaterThan(0);
  console.log(`letters apart: p50 ${percentile(gaps, 0.5).toFixed(0)} ms, most ${gaps.at(-1)!.toFixed(0)} ms`);
  await expect(mara.page.locator(".answer-lead")).toContainText(", unasked");
  expect(await jun.minutes()).toMatch(/Unasked, /);

  const unasked = await mara.answerSeq();
  await jun.asks("Who speaks?");
  await mara.hearsAnAnswerAfter(unasked);
  await expect(mara.page.locator(".answer[data-unasked]")).toHaveCount(0);
  await expect(mara.page.locator(".asked")).toContainText("Jun asked");
  await table.close();
});
