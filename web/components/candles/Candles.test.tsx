import { render, screen } from "@testing-library/react";
import type { Sitter } from "@/lib/scene";
import { Candles } from "./Candles";

const sitter = (id: string, name: string, state: Sitter["state"], role: Sitter["role"] = "player"): Sitter => ({
  id,
  name,
  candle: 1,
  role,
  state,
});

const table = [
  sitter("a", "Mara", "typing", "host"),
  sitter("b", "Tobias", "lit"),
  sitter("c", "Ines", "lit", "host"),
  sitter("d", "Jun", "lost"),
  sitter("e", "Wren", "lit"),
];

test("what a flame says stands beside the name as well", () => {
  render(<Candles sitters={table} you="a" askingId="b" side="left" />);
  const read = screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(read).toEqual(["Marayou write", "Tobiasasks", "Ineshost", "Junslipped away", "Wren"]);
});

test("whoever asks stands tall, whoever is lost smokes, even if the question is theirs", () => {
  render(<Candles sitters={table} you="b" askingId="d" side="row" />);
  const states = screen.getAllByRole("listitem").map((item) => item.dataset["state"]);
  expect(states).toEqual(["typing", "lit", "lit", "lost", "lit"]);
  const lost = screen.getAllByRole("listitem")[3]!;
  expect(lost.querySelector(".candle-smoke")).not.toBeNull();
  expect(lost.querySelector(".candle-flame")).toBeNull();
});

test("whose hand is on the planchette is said beside the name", () => {
  const two = [sitter("a", "Mara", "lit"), { ...sitter("b", "Tobias", "lit"), candle: 2 }];
  render(<Candles sitters={two} you="a" askingId={null} touching={new Set([1, 2])} side="left" />);
  const read = screen.getAllByRole("listitem").map((item) => item.textContent);
  expect(read).toEqual(["Marayour hand", "Tobiashand laid on"]);
});

test("the picture of a candle is for the eyes alone", () => {
  const { container } = render(<Candles sitters={table} you={null} askingId={null} side="right" />);
  for (const figure of container.querySelectorAll(".candle-figure")) {
    expect(figure).toHaveAttribute("aria-hidden", "true");
  }
});
