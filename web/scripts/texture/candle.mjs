// Paints the candles' parts into public/board: wax.webp (a tall candle, cut to any height by what shows it), flame.webp
// and holder.webp. Run: node scripts/texture/candle.mjs
import { statSync, writeFileSync } from "node:fs";
import { blend, clamp, noiseOf, smooth, withBrowser } from "./raster.mjs";

const target = new URL("../../public/board/", import.meta.url);

await withBrowser(async ({ webp, picture }) => {
  const save = (name, bytes) => {
    writeFileSync(new URL(name, target), bytes);
    console.log(name, statSync(new URL(name, target)).size);
  };
  save("wax.webp", await webp(halved(wax(200, 880), 200, 880), 100, 440, 0.8));
  save("flame.webp", await webp(flame(80, 170), 80, 170, 0.8));
  save("holder.webp", await picture(holder(), 208, 84, 0.82));
});

// The column stands on its lower edge; its pool is 34 px from the top, the wick above it.
function wax(w, h) {
  const { fbm, noise } = noiseOf(31);
  const fine = 2; // it is painted at twice its size and halved
  const pixels = new Uint8ClampedArray(w * h * 4);
  const [middle, radius, rim, pool] = [50, 34, 34, 8.5];
  const drips = [
    { x: -30, r: 6.5, length: 128 },
    { x: -20, r: 4, length: 64 },
    { x: 8, r: 5.5, length: 96 },
    { x: 18, r: 3.6, length: 44 },
    { x: 31.5, r: 6, length: 74 },
    { x: -7, r: 3.4, length: 40 },
  ];
  for (let row = 0; row < h; row++) {
    for (let column = 0; column < w; column++) {
      const [x, y] = [column / fine, row / fine];
      const dx = x + 0.25 - middle;
      const down = y - rim;
      const i = (row * w + column) * 4;
      const inPool = (dx / radius) ** 2 + (down / pool) ** 2;
      // how far the surface stands out, and which way it faces
      let [out, facing] = [0, 0];
      const top = rim - pool * Math.sqrt(Math.max(0, 1 - (dx / radius) ** 2)) * -0.2;
      if (Math.abs(dx) < radius && y > top) [out, facing] = [Math.sqrt(1 - (dx / radius) ** 2), dx / radius];
      for (const drip of drips) {
        const sway = 1.6 * (noise(drip.x + 20, y * 0.03) - 0.5) * 2;
        const lip = rim + pool * Math.sqrt(Math.max(0, 1 - clamp(Math.abs(drip.x) / radius) ** 2)) * 0.8 - 3;
        const along = (y - lip) / drip.length;
        if (along < 0 || along > 1.08) continue;
        const thick =
          drip.r * (0.62 + 0.38 * smooth(0, 0.15, 1 - along) * (1 - along) + 0.42 * smooth(0.7, 0.95, along));
        const end = along > 1 ? Math.sqrt(Math.max(0, 1 - ((along - 1) * drip.length) ** 2 / thick ** 2)) : 1;
        const off = (dx - drip.x - sway) / (thick * end || 1);
        if (Math.abs(off) >= 1) continue;
        const bulge = Math.sqrt(1 - off * off);
        if (bulge * 0.5 + 0.5 > out * 0.7 || Math.abs(dx) > radius * 0.92)
          [out, facing] = [0.55 + 0.45 * bulge, off * 0.8 + (dx / radius) * 0.35];
      }
      if (out === 0 && inPool > 1) {
        // the wick
        const bend = middle + 1.5 * Math.sin((rim - y) / 9);
        const away = Math.abs(x + 0.25 - bend);
        if (y > 13 && y < rim && away < 2) set(pixels, i, [38, 22, 12], clamp(2 - away) * smooth(13, 15, y));
        continue;
      }
      // light shines through the upper wax; the lower is lit by the room
      const through = Math.exp(-Math.max(0, down) / 74) * (0.55 + 0.45 * out);
      const side = 0.62 + 0.3 * out - 0.26 * facing;
      const mottle = 0.95 + 0.1 * fbm(x * 0.06, y * 0.02, 3);
      let colour = [blend(196, 255, through), blend(158, 210, through), blend(104, 136, through)].map(
        (c) => c * mottle * blend(side, 1, through * 0.55),
      );
      const fall = 1 - 0.62 * smooth(110, 420, y);
      colour = colour.map((c, k) => c * blend(fall, 1, [0.16, 0.05, 0][k]));
      if (inPool <= 1) {
        const hot = 1 - inPool;
        const lip = smooth(0.72, 1, inPool);
        colour = [blend(255, 240, lip), blend(blend(196, 224, hot), 214, lip), blend(blend(96, 150, hot), 150, lip)];
      }
      const bend = middle + 1.5 * Math.sin((rim - y) / 9);
      const wick = clamp(2.2 - Math.abs(x + 0.25 - bend)) * (y > 13 && y < rim + 2 ? 1 : 0);
      const edge = clamp((radius + 7 - Math.abs(dx)) / 1.2);
      set(
        pixels,
        i,
        colour.map((c, k) => blend(c, [38, 22, 12][k], wick)),
        edge * (Math.abs(dx) > radius - 1 && out < 0.2 ? clamp((radius - Math.abs(dx)) / 1.2) : 1),
      );
    }
  }
  return pixels;
}

function halved(pixels, w, h) {
  const out = new Uint8ClampedArray(w * h);
  for (let y = 0; y < h / 2; y++) {
    for (let x = 0; x < w / 2; x++) {
      const four = [0, 4, w * 4, w * 4 + 4].map((o) => (2 * y * w + 2 * x) * 4 + o);
      const alpha = four.reduce((sum, i) => sum + pixels[i + 3], 0);
      for (let c = 0; c < 3; c++)
        out[(y * (w / 2) + x) * 4 + c] = alpha
          ? four.reduce((sum, i) => sum + pixels[i + c] * pixels[i + 3], 0) / alpha
          : 0;
      out[(y * (w / 2) + x) * 4 + 3] = alpha / 4;
    }
  }
  return out;
}

// A flame whose wick is at its foot: blue below, a pale heart, amber round it, its edge soft.
function flame(w, h) {
  const pixels = new Uint8ClampedArray(w * h * 4);
  const [middle, foot, tip] = [w / 2, h - 12, 8];
  for (let y = 0; y < h; y++) {
    const t = (foot - y) / (foot - tip); // 0 at the foot, 1 at the tip
    for (let x = 0; x < w; x++) {
      const i = (y * w + x) * 4;
      const body =
        t < -0.04 || t > 1 ? 0 : 22 * Math.sin(Math.PI * Math.min(1, clamp(t + 0.04) ** 0.62)) ** 0.9 * (1 - 0.22 * t);
      const off = body > 0 ? Math.abs(x + 0.5 - middle - 1.4 * Math.sin(t * 3)) / body : 9;
      const inside = 1 - smooth(0.5, 1.08, off);
      if (inside <= 0) continue;
      const heart = (1 - smooth(0.16, 0.72, off)) * smooth(-0.02, 0.16, t) * (1 - smooth(0.42, 0.86, t));
      const high = smooth(0, 0.5, t);
      let colour = [255, blend(142, 190, high), blend(34, 78, high)];
      colour = colour.map((c, k) => blend(c, [255, 246, 214][k], heart));
      const blue = (1 - smooth(0, 0.13, t)) * 0.6;
      colour = colour.map((c, k) => blend(c, [70, 96, 190][k], blue));
      const dark = (1 - smooth(0, 0.2, off + Math.abs(t - 0.06) * 2)) * 0.45; // the cool cone round the wick
      colour = colour.map((c) => c * (1 - dark));
      set(pixels, i, colour, inside * blend(0.62, 1, smooth(0, 0.14, t)) * (1 - 0.35 * smooth(0.72, 1, t)));
    }
  }
  return pixels;
}

// A chamberstick: dish, cup and a ring to carry it by.
function holder() {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="208" height="84" viewBox="0 0 208 84">
<defs><linearGradient id="b" x1="0" x2="1"><stop offset="0" stop-color="#4a2c0c"/><stop offset=".18" stop-color="#c58f3f"/><stop offset=".36" stop-color="#fbe2a0"/><stop offset=".5" stop-color="#b98237"/><stop offset=".7" stop-color="#6b430f"/><stop offset=".88" stop-color="#d3a354"/><stop offset="1" stop-color="#3c2208"/></linearGradient>
<linearGradient id="d" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#6d4715"/><stop offset=".45" stop-color="#a87530"/><stop offset="1" stop-color="#5a370d"/></linearGradient>
<radialGradient id="i" cx=".5" cy=".2" r=".8"><stop offset="0" stop-color="#f0c878"/><stop offset=".5" stop-color="#8a5a1e"/><stop offset="1" stop-color="#2f1a06"/></radialGradient></defs>
<path d="M176 44c10-9 27-7 28 4s-13 16-26 8" fill="none" stroke="#4a2c0c" stroke-width="7"/><path d="M176 43c10-9 26-7 27 4s-12 15-25 8" fill="none" stroke="#c58f3f" stroke-width="4"/><path d="M178 41c9-7 21-6 23 2" fill="none" stroke="#fbe2a0" stroke-width="1.5"/>
<path d="M12 46c0 20 42 32 90 32s90-12 90-32z" fill="url(#b)"/><path d="M14 50c4 18 42 26 88 26s84-8 88-26c-2 20-40 30-88 30S16 70 14 50z" fill="#2c1706" opacity=".75"/>
<ellipse cx="102" cy="46" rx="90" ry="21" fill="url(#b)"/><ellipse cx="102" cy="47" rx="84" ry="17.5" fill="url(#i)"/><ellipse cx="102" cy="48.5" rx="83" ry="16" fill="none" stroke="#2c1706" stroke-opacity=".6" stroke-width="2"/>
<path d="M54 26c0 18 10 26 10 26 8 8 68 8 76 0 0 0 10-8 10-26z" fill="url(#b)"/><path d="M58 40c6 6 82 6 88 0l-2 5c-10 6-74 6-84 0z" fill="#3c2208" opacity=".55"/>
<ellipse cx="102" cy="26" rx="48" ry="11" fill="url(#b)"/><ellipse cx="102" cy="27" rx="43" ry="8.5" fill="#241206"/></svg>`;
}

function set(pixels, i, colour, alpha) {
  for (let c = 0; c < 3; c++) pixels[i + c] = colour[c];
  pixels[i + 3] = alpha * 255;
}
