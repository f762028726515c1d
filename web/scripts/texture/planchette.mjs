// Paints the planchette: public/board/planchette.webp, a rosewood heart with brass inlay and a ring of brass round its
// lens. Inside the ring it is clear but for the glints on the glass: the board draws the enlarged letter beneath.
// Run: node scripts/texture/planchette.mjs
import { statSync, writeFileSync } from "node:fs";
import { arc, dot, polygon, spark } from "./pen.mjs";
import { blend, blurred, clamp, noiseOf, smooth, withBrowser } from "./raster.mjs";

const pxPerBu = 2.5;
const [left, top, right, bottom] = [-72, -82, 72, 90]; // bu round the middle of the lens
const [w, h] = [(right - left) * pxPerBu, (bottom - top) * pxPerBu];
const glass = 34;
const band = { middle: 39, half: 5 }; // the brass ring
const candles = [
  [-0.5, -0.62, 0.6],
  [0.64, -0.3, 0.7],
];

// The heart: its tip ends 73 bu above the lens's middle, below whatever letter stands in the row above.
const half = (s) =>
  `C${s * 3} -61 ${s * 11} -52 ${s * 22} -46C${s * 46} -36 ${s * 65} -12 ${s * 66} 18C${s * 66} 58 ${s * 40} 86 ${s * 20} 79C${s * 9} 76 ${s * 3} 69 0 64`;
const back = "C-3 69 -9 76 -20 79C-40 86 -66 58 -66 18C-65 -12 -46 -36 -22 -46C-11 -52 -3 -61 0 -73Z";
const heart = `M0 -73${half(1)}${back}`;
const moonAt = ([x, y], r, turn) => {
  const outer = arc([0, 0], r, 190, 350, 16);
  const inner = arc([r * 0.42, 0], r * 0.86, 345, 195, 16);
  const a = (turn * Math.PI) / 180;
  return polygon(
    [...outer, ...inner].map(([px, py]) => [
      x + px * Math.cos(a) - py * Math.sin(a),
      y + px * Math.sin(a) + py * Math.cos(a),
    ]),
  );
};
const inlay =
  `<path d="${spark([0, -53], 7.5, 0.2)}"/>` +
  `<path d="${moonAt([-44, 44], 8.5, 20)}${moonAt([44, 44], 8.5, 160)}"/>` +
  `<path d="${dot([0, 51.5], 2.6)}${dot([-8, 53.5], 1.4)}${dot([8, 53.5], 1.4)}${dot([-14.5, 57], 1)}${dot([14.5, 57], 1)}"/>` +
  `<path d="${[-1, 1].map((s) => spark([s * 27, 62], 4.4, 0.22) + spark([s * 54, 20], 3.4, 0.22)).join("")}"/>` +
  `<path d="${heart}" fill="none" stroke="#000" stroke-width="1.5" transform="translate(0 .6) scale(.9)"/><path d="${heart}" fill="none" stroke="#000" stroke-width=".6" transform="translate(0 .8) scale(.865)"/>`;

await withBrowser(async ({ mask, webp }) => {
  const drawn = (content) =>
    mask(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="${left} ${top} ${right - left} ${bottom - top}">${content}</svg>`,
      w,
      h,
    );
  const pixels = paint(await drawn(`<path d="${heart}"/>`), await drawn(inlay));
  const file = new URL("../../public/board/planchette.webp", import.meta.url);
  writeFileSync(file, await webp(pixels, w, h, 0.82));
  console.log("planchette.webp", w, h, statSync(file).size);
  // its shadow: the same heart, blurred, 18 bu wider on every side
  const [sw, sh] = [180, 208];
  const cast = await mask(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sw}" height="${sh}" viewBox="${left - 18} ${top - 18} ${sw} ${sh}"><path d="${heart}"/></svg>`,
    sw,
    sh,
  );
  const dark = new Uint8ClampedArray(sw * sh * 4);
  blurred(cast, sw, sh, 4).forEach((alpha, i) => dark.set([14, 5, 1, Math.round(alpha * 15) * 16], i * 4));
  const shade = new URL("../../public/board/shadow.webp", import.meta.url);
  writeFileSync(shade, await webp(dark, sw, sh, 0.3));
  console.log("shadow.webp", statSync(shade).size);
});

function paint(body, inlaid) {
  const { noise, fbm } = noiseOf(771);
  const dome = blurred(body, w, h, 5);
  const soft = blurred(body, w, h, 2);
  const brassy = blurred(inlaid, w, h, 1);
  const pixels = new Uint8ClampedArray(w * h * 4);
  const at = (field, x, y) => field[clamp(y, 0, h - 1) * w + clamp(x, 0, w - 1)];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i = y * w + x;
      const [bx, by] = [left + (x + 0.5) / pxPerBu, top + (y + 0.5) / pxPerBu];
      const r = Math.hypot(bx, by);
      let colour;
      let alpha;
      if (r < glass) [colour, alpha] = glassAt(bx, by, r);
      else if (r < band.middle + band.half) {
        const [c, a] = ringAt(bx, by, r);
        const edge = smooth(glass, glass + 0.5, r);
        const [g, ga] = glassAt(bx, by, glass - 0.01);
        colour = c.map((v, k) => blend(g[k], v, edge));
        alpha = blend(ga, a, edge);
      } else {
        const slope = (field, k, s) => [
          (at(field, x + k, y) - at(field, x - k, y)) * s,
          (at(field, x, y + k) - at(field, x, y - k)) * s,
        ];
        const [dx, dy] = slope(dome, 2, 6);
        const [ex, ey] = slope(soft, 1, 1.5);
        const [ix, iy] = slope(brassy, 1, 0.9);
        const grain = fbm(bx * 0.05 + 8, by * 0.006, 3) * 14 + fbm(bx * 0.32, by * 0.02, 3) * 2.4;
        const n = unit([-(dx + ex), -(dy + ey), 1]);
        const nb = unit([-(dx + ex) + ix, -(dy + ey) + iy, 1]);
        const wood = rosewood(grain, fbm(bx * 0.9, by * 0.03, 2), noise(bx * 2.6, by * 0.12), n, bx, by);
        // the ring's own shadow on the wood
        const shadow =
          1 - 0.55 * (1 - smooth(band.middle + band.half, band.middle + band.half + 7, Math.hypot(bx - 1.2, by - 2.6)));
        const gold = brass(nb, 0.86);
        colour = wood.map((v, k) => blend(v * shadow, gold[k], inlaid[i]));
        alpha = body[i];
      }
      for (let c = 0; c < 3; c++) pixels[i * 4 + c] = colour[c];
      pixels[i * 4 + 3] = alpha * 255;
    }
  }
  return pixels;
}

function rosewood(grain, streak, pore, n, bx, by) {
  const g = grain - Math.floor(grain);
  const line = smooth(0.1, 0.9, g) - smooth(0.9, 1, g);
  const t = clamp(0.3 + line * 0.45 + (streak - 0.5) * 0.8);
  const dark = pore > 0.78 ? 0.72 : 1;
  const diffuse = 0.34 + 0.8 * Math.max(0, dot3(n, unit([-0.3, -0.75, 0.75])));
  const varnish = candles.reduce((sum, c) => sum + Math.max(0, dot3(n, unit([c[0], c[1], c[2] + 1]))) ** 48, 0);
  const pool = Math.exp(-(((bx + 24) / 40) ** 2) - ((by + 42) / 36) ** 2);
  return [
    [126, 40],
    [56, 15],
    [32, 8],
  ].map(([light, deep], k) => blend(light, deep, t) * dark * diffuse + (varnish * 26 + pool * 20) * [1, 0.72, 0.5][k]);
}

// The ring is half a torus, milled at its outer side.
function ringAt(bx, by, r) {
  const u = clamp((r - band.middle) / band.half, -1, 1);
  const angle = Math.atan2(by, bx);
  const milled = u > 0.42 ? 0.3 * Math.sin(angle * 96) * smooth(0.42, 0.6, u) : 0;
  const groove = Math.abs(u + 0.52) < 0.08 ? 0.7 : 1;
  const z = Math.sqrt(Math.max(0.04, 1 - u * u * 0.92));
  const [cx, cy] = [Math.cos(angle), Math.sin(angle)];
  const n = unit([u * cx - milled * cy, u * cy + milled * cx, z]);
  return [brass(n, groove * (0.55 + 0.45 * smooth(-1, -0.8, u)) * (1 - 0.5 * smooth(0.86, 1, u))), 1];
}

// Brass mirrors a dark room with candles in it.
function brass(n, shade) {
  const r = [2 * n[2] * n[0], 2 * n[2] * n[1], 2 * n[2] * n[2] - 1];
  const room = 0.36 + 0.46 * smooth(-0.5, 0.9, -r[1]) + 0.2 * Math.sin(r[0] * 4.2 + r[1] * 2.6);
  const glint = candles.reduce((sum, c) => sum + Math.max(0, dot3(r, unit(c))) ** 9, 0);
  return [
    [255, 70],
    [205, 36],
    [112, 8],
  ].map(([light, deep], k) => (blend(deep, light, clamp(room)) + glint * [150, 136, 104][k]) * shade);
}

// Glass: darker towards the rim, one large soft glint above left and a small one below right.
function glassAt(bx, by, r) {
  const rim = smooth(glass * 0.8, glass, r);
  const along = (Math.atan2(by, bx) * 180) / Math.PI;
  const band1 =
    smooth(25.5, 27, r) * (1 - smooth(29, 30.5, r)) * smooth(-172, -155, along) * (1 - smooth(-112, -92, along));
  const band2 = smooth(27, 28, r) * (1 - smooth(29, 30, r)) * smooth(28, 38, along) * (1 - smooth(52, 64, along));
  const glint = Math.max(band1 * 0.62, band2 * 0.32);
  const dark = rim * 0.62;
  const alpha = glint + dark * (1 - glint);
  const share = alpha > 0 ? glint / alpha : 0;
  return [[blend(34, 255, share), blend(13, 248, share), blend(3, 228, share)], alpha];
}

function unit([x, y, z]) {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

function dot3(a, b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
