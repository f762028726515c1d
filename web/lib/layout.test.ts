import { boards, digits, isGlyph, letters, neighbour, places, words, type Layout } from "./layout";

const layouts: Layout[] = ["wide", "tall"];
const glyphs = [...letters, ...digits, ...words];

test("the wide board is the one the protocol measures in", () => {
  const { wide } = places;
  expect(boards.wide).toMatchObject({ widthBu: 1000, heightBu: 620 });
  expect(wide.YES).toMatchObject({ xBu: 150, yBu: 95 });
  expect(wide.NO).toMatchObject({ xBu: 850, yBu: 95 });
  expect(wide.GOODBYE).toMatchObject({ xBu: 500, yBu: 560 });
  expect(wide.REST).toMatchObject({ xBu: 500, yBu: 360 });
  expect(wide["1"]).toMatchObject({ xBu: 248, yBu: 480 });
  expect(wide["0"]).toMatchObject({ xBu: 752, yBu: 480 });
  expect(wide.G.xBu).toBeCloseTo(500);
  expect(wide.G.yBu).toBeCloseTo(180);
  expect(wide.T.yBu).toBeCloseTo(290);
  expect(wide.A.xBu).toBeCloseTo(500 + 520 * Math.cos((142 * Math.PI) / 180));
  expect(wide.Z.yBu).toBeCloseTo(700 - 410 * Math.sin((38 * Math.PI) / 180));
});

test.each(layouts)("on the %s board letters and digits stand at least 56 bu apart, words clear of them", (layout) => {
  const close: string[] = [];
  for (const a of glyphs) {
    for (const b of glyphs) {
      if (a >= b) continue;
      const [p, q] = [places[layout][a], places[layout][b]];
      const least = a.length > 1 || b.length > 1 ? 75 : 55.999;
      if (Math.hypot(p.xBu - q.xBu, p.yBu - q.yBu) < least) close.push(a + b);
    }
  }
  expect(close).toEqual([]);
});

test.each(layouts)("every spot of the %s board lies on it, 40 bu from the edge", (layout) => {
  const { widthBu, heightBu } = boards[layout];
  for (const { xBu, yBu } of Object.values(places[layout])) {
    expect(Math.min(xBu, widthBu - xBu, yBu, heightBu - yBu)).toBeGreaterThanOrEqual(40);
  }
});

test("a phone 390 px wide has letters at least 44 px apart, with 4 px beside the board", () => {
  const pxPerBu = (390 - 8) / boards.tall.widthBu;
  const { tall } = places;
  for (let i = 0; i + 1 < letters.length; i++) {
    const [a, b] = [tall[letters[i]!], tall[letters[i + 1]!]];
    expect(Math.hypot(a.xBu - b.xBu, a.yBu - b.yBu) * pxPerBu).toBeGreaterThanOrEqual(44);
  }
});

test("only what stands on the board is a glyph", () => {
  expect(["A", "7", "YES", "GOODBYE"].filter(isGlyph)).toHaveLength(4);
  expect(["REST", "a", "", "HELLO", "toString"].filter(isGlyph)).toEqual([]);
});

test("a neighbour is the nearest glyph that is not left out", () => {
  expect(neighbour("wide", "G", [])).toMatch(/^[FH]$/);
  expect(neighbour("wide", "G", ["F"])).toBe("H");
});
