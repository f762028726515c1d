// Draws public/board/ink.svg: every glyph of the board as a symbol of its own, the ornaments of each layout as one.
// Run: node scripts/texture/ink.mjs. No colour is given: what uses a symbol says `color`.
import { mkdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { eye, frame, frames, moon, moth, phase, scroll, star, sun } from "./ornaments.mjs";
import { boundsOf, openFont, pathData, setText } from "./outline.mjs";
import { path, polar, polygon, round } from "./pen.mjs";
import { boards, digits, letters, places } from "./places.mjs";

const font = (name) => openFont(new URL(`../../node_modules/@fontsource/${name}.woff`, import.meta.url));
const fell = font("im-fell-french-canon/files/im-fell-french-canon-latin-400-normal");
const modern = font("old-standard-tt/files/old-standard-tt-latin-700-normal");
const fraktur = withReadableY(font("unifrakturcook/files/unifrakturcook-latin-700-normal"));

const use = (id) => `<use href="#${id}"/>`;

// Glyphs are cut for the wide board, in bu; the tall one draws them larger. Letters are fattened a little, as ink is by
// the press; digits are cut bold instead.
const symbols = [];
for (const glyph of letters) symbol(glyph, outlined(fell, glyph, 60), 1.5);
for (const glyph of digits) symbol(glyph, outlined(modern, glyph, 46), 0.5);
symbol("YES", outlined(fraktur, "Yes", 50, 0.02), 0.5);
symbol("NO", outlined(fraktur, "No", 50, 0.02), 0.5);
symbol("GOODBYE", outlined(fraktur, "Good Bye", 43, 0.035), 0.5);
for (const [id, draw] of Object.entries({ sun, moon, moth, eye })) symbol(id, draw());
for (const [i, lit] of [0.12, 0.35, 0.62, 0.86].entries()) symbol(`phase-${i}`, phase(lit, 8));
symbol("scroll", scroll(126));
for (const [layout, { widthBu, heightBu }] of Object.entries(boards))
  symbol(`${layout}-frame`, frame(widthBu, heightBu, frames[layout]));
symbol("wide-art", wideArt());
symbol("tall-art", tallArt());
const brand = setText(fraktur, "Séance", 0.012);
symbol(
  "brand",
  path(
    simplified(
      pathData(brand.contours, (p) => ({ x: p.x * 100, y: p.y * 100 }), 2),
      0.12,
    ),
  ),
);

const svg = `<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">${symbols.join("")}</svg>\n`;
const target = new URL("../../public/board/", import.meta.url);
mkdirSync(target, { recursive: true });
writeFileSync(new URL("ink.svg", target), svg);
console.log(
  `ink.svg ${svg.length} bytes, ${gzipSync(svg).length} gzipped; the name is ${round(brand.width * 100)} wide`,
);

function symbol(id, content, press = 0) {
  const stroke = press ? ` stroke="currentColor" stroke-width="${press}" stroke-linejoin="round"` : "";
  symbols.push(`<g id="${id}"${stroke}>${content}</g>`);
}

// A letter centred on 0, 0 by its outline (without tails that hang below the line), a word by its width and capitals.
function outlined(from, text, size, spacing = 0) {
  const { contours, width } = setText(from, text, spacing);
  const { left, right } = boundsOf(contours);
  const { top, bottom } = boundsOf(from.glyph(text.length > 1 ? "N" : /[QJ]/.test(text) ? "O" : text).contours);
  const middle = text.length > 1 ? width / 2 : (left + right) / 2;
  const d = pathData(contours, (p) => ({ x: (p.x - middle) * size, y: (p.y - (top + bottom) / 2) * size }), 2);
  return path(simplified(d, 0.1));
}

// Flattens curves and drops points that nobody would miss, `tolerance` bu at most.
function simplified(d, tolerance) {
  return d
    .split("Z")
    .filter(Boolean)
    .map((contour) => polygon(thinned(flattened(contour), tolerance)))
    .join("");
}

function flattened(contour) {
  const points = [];
  for (const [, kind, data] of contour.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const v = data
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (kind !== "Q") points.push([v[0], v[1]]);
    else {
      const p = points.at(-1);
      for (let i = 1; i <= 8; i++) {
        const t = i / 8;
        const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
        points.push([a * p[0] + b * v[0] + c * v[2], a * p[1] + b * v[1] + c * v[3]]);
      }
    }
  }
  return points;
}

// Ramer, Douglas and Peucker.
function thinned(points, tolerance) {
  if (points.length < 3) return points;
  const [a, b] = [points[0], points.at(-1)];
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  let [most, at] = [0, 0];
  for (let i = 1; i < points.length - 1; i++) {
    const p = points[i];
    const away = length
      ? Math.abs((b[0] - a[0]) * (a[1] - p[1]) - (a[0] - p[0]) * (b[1] - a[1])) / length
      : Math.hypot(p[0] - a[0], p[1] - a[1]);
    if (away > most) [most, at] = [away, i];
  }
  if (most <= tolerance) return [a, b];
  return [...thinned(points.slice(0, at + 1), tolerance).slice(0, -1), ...thinned(points.slice(at), tolerance)];
}

// The blackletter Y of old prints is read as a U with a tail today. This one is cut from two strokes and a stem.
function withReadableY(from) {
  const d =
    "M30 -640Q66 -682 110 -716Q150 -748 216 -780Q270 -682 346 -566Q386 -622 424 -676Q466 -734 506 -784Q536 -770 560 -760Q626 -730 676 -712L580 -556Q528 -598 486 -614Q456 -572 432 -516Q408 -456 407 -352Q405 -240 420 -176Q434 -128 486 -100Q396 -46 330 16Q268 -46 194 -84Q246 -118 260 -196Q270 -290 261 -366Q250 -430 218 -486Q176 -556 130 -610Q112 -632 86 -636Q60 -640 30 -640Z";
  const contour = [];
  for (const [, kind, data] of d.matchAll(/([MLQ])([^MLQZ]*)/g)) {
    const v = data
      .trim()
      .split(/\s+/)
      .map((n) => Number(n) / 1000);
    if (kind === "Q") contour.push({ x: v[0], y: v[1], on: false });
    contour.push({ x: v.at(-2), y: v.at(-1), on: true });
  }
  return { glyph: (c) => (c === "Y" ? { contours: [contour.slice(0, -1)], advance: 0.63 } : from.glyph(c)) };
}

function at(x, y, inner, turn = 0, scale = 1) {
  const turned = turn ? ` rotate(${round(turn)})` : "";
  return `<g transform="translate(${round(x)} ${round(y)})${turned}${scale === 1 ? "" : ` scale(${scale})`}">${inner}</g>`;
}

function both(width, x, y, inner) {
  return at(x, y, inner) + `<g transform="translate(${round(width - x)} ${round(y)}) scale(-1 1)">${inner}</g>`;
}

function wideArt() {
  const { widthBu: w } = boards.wide;
  const rest = places.wide.REST;
  let art =
    at(150, 192, use("sun"), 0, 1.04) +
    at(850, 192, use("moon"), 0, 1.2) +
    at(500, 100, use("moth"), 0, 0.9) +
    at(rest.xBu, rest.yBu, use("eye"), 0, 0.9);
  // the moon waxes towards the eye and wanes behind it, along an arc inside the letters
  for (let i = 0; i < 4; i++) art += both(w, ...polar(328, -36 + i * 8, [500, 700]), use(`phase-${i}`));
  for (const [x, y, r] of [
    [300, 118, 11],
    [250, 86, 4.5],
    [352, 82, 5.5],
    [262, 150, 3.2],
    [338, 142, 3],
    [226, 128, 2.6],
    [374, 116, 2.4],
    [322, 62, 2.6],
    [284, 72, 2.2],
  ]) {
    art += both(w, x, y, star(r));
  }
  for (const [x, y, r] of [
    [66, 300, 5],
    [86, 266, 2.6],
    [62, 250, 2.4],
    [94, 452, 4],
    [70, 424, 2.4],
    [68, 560, 2.6],
  ])
    art += both(w, x, y, star(r));
  return art + both(w, 84, 520, use("scroll")) + both(w, 222, 564, `<g transform="scale(1.1)">${use("scroll")}</g>`);
}

function tallArt() {
  const { widthBu: w } = boards.tall;
  const rest = places.tall.REST;
  let art =
    at(118, 72, use("sun"), 0, 0.66) +
    at(502, 72, use("moon"), 0, 0.8) +
    at(310, 98, use("moth"), 0, 0.92) +
    at(rest.xBu, rest.yBu, use("eye"));
  for (let i = 0; i < 4; i++) art += both(w, 92 + i * 45, rest.yBu, use(`phase-${i}`));
  for (const [x, y, r] of [
    [192, 58, 5],
    [190, 142, 4],
    [218, 160, 2.4],
    [178, 104, 2.4],
    [244, 164, 2.6],
    [58, 166, 2.6],
    [60, 112, 2.6],
    [70, 684, 5],
    [92, 717, 2.6],
    [70, 748, 4],
  ])
    art += both(w, x, y, star(r));
  return art + both(w, 68, 827, `<g transform="scale(.7)">${use("scroll")}</g>`);
}
