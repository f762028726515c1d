// What people do at boards, in their own words.

import { type Browser, type BrowserContext, devices, type Page } from "@playwright/test";
import type { Reveal } from "../../lib/measure";
import { expect, watchPages } from "./house";

export type { Reveal };

const desktop = { viewport: { width: 1440, height: 900 } };
const pixel = devices["Pixel 7"];
// One dot a pixel: two boards share two cores without a GPU here, and what they draw is not what is measured.
export const phone = { ...pixel, viewport: { width: 390, height: 844 }, deviceScaleFactor: 1 };

// Each person has a browser of their own, which is closed with the test.
export class Table {
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly url: string,
    private readonly troubles: string[],
  ) {}

  async begins(name: string): Promise<Board> {
    const page = await this.open(desktop);
    await page.goto(this.url);
    const form = page.getByRole("form", { name: "Begin a sitting" });
    await form.getByLabel("Your name at the table").fill(name);
    await form.getByRole("button", { name: "Light the candle" }).click();
    await page.waitForURL(/\/s\/[A-Z]+-\d+$/);
    await page.goto(`${page.url()}?measure`);
    const board = new Board(page);
    await board.isSeated();
    return board;
  }

  async joins(name: string, host: Board, options: object = desktop, url = this.url): Promise<Board> {
    const page = await this.open(options);
    await page.goto(`${url}${new URL(host.page.url()).pathname}?measure`);
    await page.getByLabel("Your name at the table").fill(name);
    await page.getByRole("button", { name: "Take your seat" }).click();
    const board = new Board(page);
    await board.isSeated();
    return board;
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
  }

  private async open(options: object): Promise<Page> {
    const context = await this.browser.newContext(options);
    watchPages(context, this.troubles);
    this.contexts.push(context);
    return context.newPage();
  }
}

export class Board {
  constructor(readonly page: Page) {}

  async isSeated(): Promise<void> {
    await expect(this.page.getByRole("textbox", { name: "Your question to the spirit" })).toBeVisible();
  }

  async asks(question: string): Promise<void> {
    const box = this.page.getByRole("textbox", { name: "Your question to the spirit" });
    await box.fill(question);
    await box.press("Enter");
  }

  // seq of the answer that is shown, 0 if there is none.
  async answerSeq(): Promise<number> {
    const letters = this.page.locator(".answer-letters");
    return (await letters.count()) ? Number(await letters.getAttribute("data-seq")) : 0;
  }

  // Waits for the next answer to be announced and returns its seq.
  async hearsAnAnswerAfter(seq: number): Promise<number> {
    await expect.poll(() => this.answerSeq(), { timeout: 30_000 }).toBeGreaterThan(seq);
    return this.answerSeq();
  }

  async readsToTheEnd(): Promise<string> {
    await expect(this.page.locator(".answer-pen")).toHaveCount(0, { timeout: 40_000 });
    return this.spelled();
  }

  // Until so many letters of the present answer are shown.
  async seesLetters(n: number): Promise<void> {
    const letters = this.page.locator(".answer-letters");
    await expect
      .poll(async () => Number(await letters.getAttribute("data-shown")), { timeout: 30_000 })
      .toBeGreaterThanOrEqual(n);
  }

  async spelled(): Promise<string> {
    return (await this.page.locator(".answer-letters").innerText()).replace(/\s+/g, " ").trim();
  }

  reveals(): Promise<Reveal[]> {
    return this.page.evaluate(() => window.__seance?.reveals.slice() ?? []);
  }

  // The questions and answers that the minutes list, in order.
  async minutes(): Promise<string> {
    await this.page.getByRole("button", { name: "Minutes of the sitting" }).click();
    const dialog = this.page.getByRole("dialog", { name: "Minutes of the sitting" });
    await expect(dialog).toBeVisible();
    const text = await dialog.innerText();
    await this.page.keyboard.press("Escape");
    return text;
  }
}

// How far apart in time two boards showed the same letters, in ms, sorted.
export function apart(one: readonly Reveal[], other: readonly Reveal[]): number[] {
  const when = new Map(one.map((reveal) => [`${reveal.seq}:${reveal.index}`, reveal.localMs]));
  return other
    .flatMap((reveal) => {
      const first = when.get(`${reveal.seq}:${reveal.index}`);
      return first === undefined ? [] : [Math.abs(reveal.localMs - first)];
    })
    .sort((a, b) => a - b);
}

export function percentile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
