import { render } from "@testing-library/react";
import { renderToStaticMarkup } from "react-dom/server";
import { Board } from "./Board";

test.each(["wide", "tall"] as const)("the %s board prints every glyph once and is for the eyes alone", (layout) => {
  const { container } = render(<Board layout={layout} lit={null} />);
  const printed = [...container.querySelectorAll(".board-ink use")].map(
    (use) => use.getAttribute("href")!.split("#")[1]!,
  );
  expect(printed).toHaveLength(new Set(printed).size);
  for (const glyph of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "YES", "NO", "GOODBYE"]) {
    expect(printed).toContain(glyph);
  }
  expect(container.firstElementChild).toHaveAttribute("aria-hidden", "true");
});

test("a glyph lights in its place, and only that one", () => {
  const { container } = render(<Board layout="wide" lit={new Set(["YES"])} />);
  const lit = container.querySelectorAll("[data-lit]");
  expect(lit).toHaveLength(1);
  expect([lit[0]!.getAttribute("cx"), lit[0]!.getAttribute("cy")]).toEqual(["150", "95"]);
});

test("its markup carries no styles: the page's policy forbids them", () => {
  const html = renderToStaticMarkup(<Board layout="tall" lit={new Set(["A"])} />);
  expect(html).not.toMatch(/style=|<style|\son\w+=/);
});
