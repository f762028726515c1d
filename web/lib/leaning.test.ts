/** @jest-environment node */
import { jun, mara } from "../tests/sitting";
import { leaningOf } from "./leaning";

const people = [mara, jun, ...["Ines", "Tobias", "Wren"].map((name, i) => ({ ...jun, id: name, name, candle: i + 3 }))];
const table = { people: people.map((person) => ({ ...person, lost: false })), you: jun };

test.each([
  ["Mara leaned into it", [[1, 1]]],
  ["You leaned into it", [[2, 0.9], [1, 0.1]]], // prettier-ignore
  ["Mara and you leaned into it", [[2, 0.375], [1, 0.625]]], // prettier-ignore
  ["Mara, you and Ines leaned into it", [[1, 0.4], [2, 0.35], [3, 0.25]]], // prettier-ignore
  ["Many hands leaned into it", [[1, 0.25], [2, 0.25], [3, 0.25], [4, 0.25]]], // prettier-ignore
  [null, [[1, 0.1], [2, 0.1], [3, 0.1]]], // prettier-ignore
  [null, [[77, 1]]],
] as const)("%s", (sentence, shares) => {
  expect(leaningOf(shares, table)).toBe(sentence);
});
