import { expect, test } from "./house";

test("the lobby opens, a sitting begins, a question is answered on the board", async ({ page, house }) => {
  await page.goto(house.url);
  await expect(page.getByRole("heading", { name: "Séance", level: 1 })).toBeVisible();
  await expect(page.getByText(/played with an AI/)).toBeVisible();

  const begin = page.getByRole("form", { name: "Begin a sitting" });
  await begin.getByLabel("Your name at the table").fill("Mara");
  await begin.getByRole("button", { name: "Light the candle" }).click();
  await expect(page).toHaveURL(/\/s\/[A-Z]+-\d+$/);

  const box = page.getByRole("textbox", { name: "Your question to the spirit" });
  await box.fill("Is anyone there?");
  await box.press("Enter");
  await expect(page.getByRole("figure")).toContainText("Is anyone there?");

  const letters = page.locator(".answer-letters");
  await expect(letters).toHaveAttribute("data-shown", "1", { timeout: 20_000 });
  const status = page.getByRole("status");
  await expect(status).toContainText(/The spirit says: |It whispers: |^\w/, { timeout: 40_000 });
  await expect(page.locator(".answer-letter[data-newest]")).toHaveCount(0, { timeout: 40_000 }); // it has been spelled
  const spelled = (await letters.innerText()).replace(/\s+/g, " ").trim();
  expect(spelled).toMatch(/^[A-Z0-9 ]+$/);

  await page.getByRole("button", { name: "Minutes of the sitting" }).click();
  const minutes = page.getByRole("dialog", { name: "Minutes of the sitting" });
  await expect(minutes).toContainText("Is anyone there?");
  await expect(
    minutes.getByText(spelled.replaceAll(" ", ""), { exact: false }).or(minutes.getByText(spelled)),
  ).toBeVisible();
});

test("a reload comes back to the same candle with everything that was said", async ({ page, house }) => {
  await page.goto(house.url);
  await page.getByRole("form", { name: "Begin a sitting" }).getByLabel("Your name at the table").fill("Mara");
  await page.getByRole("button", { name: "Light the candle" }).click();
  const box = page.getByRole("textbox", { name: "Your question to the spirit" });
  await box.fill("Do you know me?");
  await box.press("Enter");
  await expect(page.getByRole("figure")).toContainText("Do you know me?");
  await page.reload();
  await expect(page.getByRole("figure")).toContainText("Do you know me?");
  await expect(page.getByRole("region", { name: "At the table" }).getByText("Mara")).toHaveCount(1);
});
