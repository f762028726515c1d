// Where every glyph lies. A score names glyphs, never points, so each shape of board maps them to places of its own:
// `wide` is the board of the table (hands are sent in its units), `tall` is drawn for a phone held upright.
// Lengths are board units (bu); x grows to the right and y downwards from the board's top left corner.

export type Layout = "wide" | "tall";

// prettier-ignore
export const letters = ["A","B","C","D","E","F","G","H","I","J","K","L","M","N","O","P","Q","R","S","T","U","V","W","X","Y","Z"] as const;
export const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"] as const;
export const words = ["YES", "NO", "GOODBYE"] as const;

// A glyph the planchette can visit.
export type Glyph = (typeof letters)[number] | (typeof digits)[number] | (typeof words)[number];
// A place it can be: a glyph, or the middle of the board where it waits.
export type Spot = Glyph | "REST";

// The angle is how far the glyph leans, clockwise.
export interface Place {
  readonly xBu: number;
  readonly yBu: number;
  readonly angleDeg: number;
}

export interface Measures {
  readonly widthBu: number;
  readonly heightBu: number;
  readonly print: number; // how much larger than on the wide board the glyphs are printed
  readonly reachBu: number; // from the middle of the planchette's lens to its tip
}

export const boards: Readonly<Record<Layout, Measures>> = {
  wide: { widthBu: 1000, heightBu: 620, print: 1, reachBu: 73 },
  tall: { widthBu: 620, heightBu: 880, print: 1.1, reachBu: 74.5 },
};

export const places: Readonly<Record<Layout, Readonly<Record<Spot, Place>>>> = { wide: wide(), tall: tall() };

export function isGlyph(text: string): text is Glyph {
  return text !== "REST" && Object.hasOwn(places.wide, text);
}

// The glyph closest to a spot, the named ones left out.
export function neighbour(layout: Layout, spot: Spot, except: readonly Spot[]): Glyph {
  const from = places[layout][spot];
  let best: Glyph = "A";
  let bestBu = Infinity;
  for (const glyph of [...letters, ...digits, ...words]) {
    if (glyph === spot || except.includes(glyph)) continue;
    const place = places[layout][glyph];
    const awayBu = Math.hypot(place.xBu - from.xBu, place.yBu - from.yBu);
    if (awayBu < bestBu) [best, bestBu] = [glyph, awayBu];
  }
  return best;
}

// Two arcs of thirteen letters round (500, 700), from 142 to 38 degrees. Letters lean three quarters of what the
// arc asks: at its ends a letter turned by the whole 52 degrees is slow to read.
function wide(): Record<Spot, Place> {
  const spots = {} as Record<Spot, Place>;
  letters.forEach((letter, i) => {
    const degrees = 142 - ((142 - 38) * (i % 13)) / 12;
    const radiusBu = i < 13 ? 520 : 410;
    const radians = (degrees * Math.PI) / 180;
    spots[letter] = {
      xBu: 500 + radiusBu * Math.cos(radians),
      yBu: 700 - radiusBu * Math.sin(radians),
      angleDeg: (90 - degrees) * 0.75,
    };
  });
  digits.forEach((digit, i) => (spots[digit] = upright(500 + (i - 4.5) * 56, 480)));
  spots.YES = upright(150, 95);
  spots.NO = upright(850, 95);
  spots.GOODBYE = upright(500, 560);
  spots.REST = upright(500, 360);
  return spots;
}

// Rows of 7, 7, 7 and 5 letters, each a shallow arc, and two rows of digits. Letters stand 84 bu apart: 51 px on a
// phone 390 px wide, 44 px on one of 336. Rows stand far enough apart that the planchette's tip ends below the letter
// above it.
function tall(): Record<Spot, Place> {
  const spots = {} as Record<Spot, Place>;
  const arcBu = 1100;
  const step = 84 / arcBu;
  const rows = [letters.slice(0, 7), letters.slice(7, 14), letters.slice(14, 21), letters.slice(21)];
  rows.forEach((row, j) => {
    row.forEach((letter, i) => {
      const radians = (i - (row.length - 1) / 2) * step;
      spots[letter] = {
        xBu: 310 + arcBu * Math.sin(radians),
        yBu: 206 + j * 100 + arcBu * (1 - Math.cos(radians)),
        angleDeg: (radians * 180) / Math.PI,
      };
    });
  });
  digits.forEach((digit, i) => (spots[digit] = upright(310 + ((i % 5) - 2) * 84, i < 5 ? 684 : 748)));
  spots.YES = upright(118, 132);
  spots.NO = upright(502, 132);
  spots.GOODBYE = upright(310, 824);
  spots.REST = upright(310, 582);
  return spots;
}

function upright(xBu: number, yBu: number): Place {
  return { xBu, yBu, angleDeg: 0 };
}
