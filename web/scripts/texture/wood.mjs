// Paints the board's wood, lit by candles: public/board/wood-wide.webp and wood-tall.webp.
// Run: node scripts/texture/wood.mjs (after ink.mjs: the letters are pressed a little into the wood).
// Plain-sawn amber wood: a log of wobbling growth rings cut along its length, so that the rings show as long flames;
// over it fibres, pores, the polish of many hands, scratches, and the light of candles that stand left and right.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { bitten, frames } from "./ornaments.mjs";
import { boards, places } from "./places.mjs";
import { blend, blurred, clamp, noiseOf, smooth, withBrowser } from "./raster.mjs";

const pxPerBu = 1.6;
const target = new URL("../../public/board/", import.meta.url);
const ink = readFileSync(new URL("ink.svg", target), "utf8");

// sRGB, from the pale of early wood to the dark of late wood, and the brown of age.
const pale = [222, 146, 64];
const honey = [198, 120, 44];
const late = [150, 82, 26];
const burnt = [46, 17, 6];
// the border's
const walnut = [92, 47, 22];
const ebony = [40, 19, 10];

await withBrowser(async ({ mask, webp }) => {
  for (const layout of ["wide", "tall"]) {
    const { widthBu, heightBu } = boards[layout];
    const [w, h] = [Math.round(widthBu * pxPerBu), Math.round(heightBu * pxPerBu)];
    const printed = await mask(inkOf(layout), w, h);
    const { bite, field } = frames[layout];
    const amber = await mask(drawing(layout, `<path d="${bitten(widthBu, heightBu, field, bite + 4)}"/>`), w, h);
    const pixels = paint(layout, w, h, printed, amber);
    readable(layout, pixels, printed, w, h);
    const file = new URL(`wood-${layout}.webp`, target);
    writeFileSync(file, await webp(pixels, w, h, 0.7));
    const rubbed = new URL(`wear-${layout}.webp`, target);
    writeFileSync(
      rubbed,
      await webp(wear(layout, await mask(inkOf(layout), widthBu, heightBu)), widthBu, heightBu, 0.5),
    );
    for (const painted of [file, rubbed]) console.log(painted.pathname.split("/").at(-1), statSync(painted).size);
  }
});

// Ink on wood: every glyph must reach 4.5:1 against the average of the wood that borders on it, and 4:1 against the
// darkest tenth of that wood.
function readable(layout, pixels, printed, w, h) {
  const [pressed, beside] = [blurred(printed, w, h, 1), blurred(printed, w, h, 5)];
  const luminance = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const contrast = (light) => (light + 0.05) / (luminance([0x15, 0x08, 0x02]) + 0.05);
  const least = { glyph: "", average: Infinity, in: "", darkest: Infinity };
  for (const [glyph, { xBu, yBu }] of Object.entries(places[layout])) {
    if (glyph === "REST") continue;
    const [rx, ry] = glyph.length > 1 ? [glyph === "GOODBYE" ? 95 : 52, 20] : [22, 22];
    const light = [];
    for (let y = Math.round((yBu - ry) * pxPerBu); y < (yBu + ry) * pxPerBu; y++) {
      for (let x = Math.round((xBu - rx) * pxPerBu); x < (xBu + rx) * pxPerBu; x++) {
        const i = y * w + x;
        if (pressed[i] < 0.01 && beside[i] > 0.02) light.push(luminance(pixels.subarray(i * 4, i * 4 + 3)));
      }
    }
    light.sort((a, b) => a - b);
    const average = contrast(light.reduce((a, b) => a + b) / light.length);
    const darkest = contrast(light[Math.floor(light.length / 10)]);
    if (average < least.average) [least.glyph, least.average] = [glyph, average];
    if (darkest < least.darkest) [least.in, least.darkest] = [glyph, darkest];
  }
  console.log(
    `${layout}: ink on wood at least ${least.average.toFixed(2)}:1 (${least.glyph}), ${least.darkest.toFixed(2)}:1 in the darkest tenth (${least.in})`,
  );
  if (least.average < 4.5 || least.darkest < 4) throw new Error("the ink is too weak on this wood");
}

function drawing(layout, content) {
  const { widthBu, heightBu } = boards[layout];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthBu}" height="${heightBu}" viewBox="0 0 ${widthBu} ${heightBu}">${content}</svg>`;
}

function inkOf(layout) {
  const glyphs = Object.entries(places[layout])
    .filter(([spot]) => spot !== "REST")
    .map(
      ([glyph, p]) =>
        `<use href="#${glyph}" transform="translate(${p.xBu} ${p.yBu}) rotate(${p.angleDeg}) scale(${boards[layout].print})"/>`,
    )
    .join("");
  return drawing(layout, `<defs>${ink}</defs><use href="#${layout}-art"/>${glyphs}`);
}

function paint(layout, w, h, printed, amber) {
  const wide = layout === "wide";
  const { noise, fbm, next } = noiseOf(wide ? 4127 : 9303);
  // `a` runs along the grain, `b` across it, both in units of the board's length along the grain
  const [length, breadth] = wide ? [w, h] : [h, w];
  const tone = new Float32Array(w * h); // 0 pale .. 1 late wood
  const height = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i = y * w + x;
      const a = (wide ? x : y) / length;
      const b = (wide ? y : x) / length;
      const wobble = (fbm(a * 1.7, b * 2.6, 3) - 0.5) * 0.2 + (fbm(a * 7, b * 9, 2) - 0.5) * 0.014;
      const across = b - (breadth / length) * 0.54 + wobble;
      const depth =
        0.1 + Math.hypot(a - (wide ? 0.36 : 0.44), 0.05) * 0.3 + (fbm(a * 2.2 + 40, b * 2.2, 2) - 0.5) * 0.1;
      const fibre = noise(a * 22, b * length * 0.33) * 0.55 + noise(a * 70, b * length * 0.8) * 0.45 - 0.5;
      const years = Math.hypot(across * 1.25, depth) * 62 + (fbm(a * 5, b * 120, 2) - 0.5) * 0.34 + fibre * 0.12;
      const year = years - Math.floor(years);
      const strength = 0.3 + 0.7 * noise(Math.floor(years) * 7.31, 3.7);
      const ring = (year < 0.88 ? (year / 0.88) ** 3.2 : 1 - smooth(0.88, 1, year)) * strength;
      const faint = 0.5 + 0.5 * Math.sin(years * 19 + 5 * noise(a * 9, b * 40));
      const patch = fbm(a * 1.3 + 9, b * 2.4 + 5, 3) - 0.5;
      tone[i] = clamp(0.2 + ring * 0.66 + faint * 0.07 + fibre * 0.62 + patch * 0.6);
      height[i] = ring * 0.2 + fibre * 0.3;
    }
  }
  pores(tone, height, { w, h, wide, next, noise });
  scratches(tone, height, { w, h, next });
  press(height, printed, w, h);
  return light(tone, height, { w, h, wide, fbm, noise, amber, near: touched(layout, w, h) });
}

// Short dark dashes along the grain, in drifts.
function pores(tone, height, { w, h, wide, next, noise }) {
  for (let n = 0; n < (w * h) / 150; n++) {
    const [x, y] = [Math.floor(next() * w), Math.floor(next() * h)];
    if (noise(x / 70 + 3, y / 70) < 0.42) continue;
    const reach = 3 + Math.floor(next() * 15);
    const dark = 0.14 + next() * 0.36;
    for (let k = 0; k < reach; k++) {
      const [px, py] = wide
        ? [x + k, y + (k > reach / 2 ? 1 : 0) * (n % 2)]
        : [x + (k > reach / 2 ? 1 : 0) * (n % 2), y + k];
      if (px >= w || py >= h) break;
      const fade = Math.sin((Math.PI * (k + 0.5)) / reach);
      tone[py * w + px] += dark * fade;
      height[py * w + px] -= 0.5 * dark * fade;
    }
  }
}

// Hairlines, most of them sweeping arcs as a planchette's feet leave them.
function scratches(tone, height, { w, h, next }) {
  for (let n = 0; n < 60; n++) {
    const [cx, cy] = [w * (0.5 + (next() - 0.5) * 0.9), h * (1.1 + next() * 0.9)];
    const r = h * (0.5 + next() * 1.1);
    const from = -Math.PI / 2 + (next() - 0.5) * 1.4;
    const sweep = 0.05 + next() * 0.3;
    const deep = (0.1 + next() * 0.22) * (n % 4 === 0 ? -1 : 1);
    const steps = Math.ceil(r * sweep);
    for (let k = 0; k < steps; k++) {
      const angle = from + (sweep * k) / steps;
      const [x, y] = [Math.round(cx + r * Math.cos(angle)), Math.round(cy + r * Math.sin(angle))];
      if (x < 0 || y < 0 || x >= w || y >= h) continue;
      const fade = Math.sin((Math.PI * k) / steps);
      tone[y * w + x] -= deep * fade * 0.5;
      height[y * w + x] -= Math.abs(deep) * fade * 0.8;
    }
  }
}

// Letterpress: the type has bitten into the wood.
function press(height, printed, w, h) {
  const soft = blurred(printed, w, h, 1);
  for (let i = 0; i < height.length; i++) height[i] -= soft[i] * 0.9;
}

// How much fingers have polished the wood by following the letters, 0..1: widely and softly round each glyph.
function touched(layout, w, h) {
  const reach = 52 * pxPerBu;
  const glyphs = Object.entries(places[layout]).flatMap(([spot, { xBu, yBu }]) =>
    (spot === "GOODBYE" ? [-70, 0, 70] : spot.length > 1 ? [-25, 25] : [0]).map((dx) => [
      (xBu + dx) * pxPerBu,
      yBu * pxPerBu,
    ]),
  );
  const field = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      let untouched = 1;
      for (const [gx, gy] of glyphs) {
        const d = (x - gx) ** 2 + (y - gy) ** 2;
        if (d < 9 * reach * reach) untouched *= 1 - 0.92 * Math.exp(-d / (1.4 * reach * reach));
      }
      field[y * w + x] = 1 - untouched;
    }
  }
  return field;
}

// Where ink has gone: specks that pores never took, and a few places rubbed thin. Wood again, to lie over the ink, one
// pixel a bu; a tenth of the ink at most, so that no letter loses its shape. Few steps of alpha keep the file small.
function wear(layout, printed) {
  const { widthBu: w, heightBu: h } = boards[layout];
  const { noise, fbm } = noiseOf(layout === "wide" ? 58 : 59);
  const out = new Uint8ClampedArray(w * h * 4);
  let [gone, all] = [0, 0];
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i = y * w + x;
      all += printed[i];
      if (printed[i] < 0.5) continue;
      const [a, b] = layout === "wide" ? [x, y] : [y, x];
      const rubbed = smooth(0.56, 0.72, fbm(x * 0.03, y * 0.03, 3));
      const speck = smooth(
        0.72 - 0.13 * rubbed,
        0.8 - 0.08 * rubbed,
        noise(x * 0.72, y * 0.72) * 0.5 + noise(x * 0.38 + 9, y * 0.38) * 0.5,
      );
      const pore =
        smooth(0.8 - 0.1 * rubbed, 0.9, noise(a * 0.11, b * 0.8)) * smooth(0.3, 0.8, noise(a * 0.5, b * 0.5));
      const bare = Math.round(clamp(speck * 0.9 + pore * 0.6) * 3) / 3;
      gone += bare;
      out.set(bare > 0 ? [176, 112, 48, Math.round(bare * 230)] : [0, 0, 0, 0], i * 4);
    }
  }
  console.log(`${layout}: ${((100 * gone) / all).toFixed(1)} % of the ink is gone`);
  if (gone > 0.1 * all) throw new Error("too much ink is gone");
  return out;
}

function light(tone, height, { w, h, wide, fbm, noise, amber, near }) {
  const pixels = new Uint8ClampedArray(w * h * 4);
  const edge = 7 * pxPerBu;
  const shade = blurred(amber, w, h, 5); // the inlay's joint gathers shadow
  const dusk = blurred(amber, w, h, wide ? 34 : 20);
  const exposure = wide ? 1 : 1.05; // its letters stand closer to the frame
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const i = y * w + x;
      const [u, v] = [x / w, y / h];
      const field = amber[i];
      const t = clamp(tone[i]);
      // slopes, lit from above
      const left = x > 0 ? height[i - 1] : height[i];
      const up = y > 0 ? height[i - w] : height[i];
      let slope = (height[i] - up) * 0.62 + (height[i] - left) * 0.34;
      const [du, dv] = [Math.abs(u - 0.5) * 2, Math.abs(v - 0.5) * 2];
      const away = (du ** 4 + dv ** 4) ** 0.25;
      const pool = Math.exp(-((u - 0.5) ** 2 + (v - 0.46) ** 2) / 0.1);
      // candlelight: warm and even where there is something to read, falling off towards the frame
      const polished = near[i];
      const soiled = (1 - smooth(0.55, 1, dusk[i] + 0.16 * (fbm(u * 8, v * 8, 3) - 0.5))) * (1 - 0.93 * polished);
      const bright =
        exposure *
        (0.75 + 0.09 * polished - 0.3 * (1 - polished) * smooth(0.86, 1.16, away) + 0.13 * pool) *
        (1 - 0.34 * soiled) *
        blend(0.7, 1, smooth(0.5, 1, shade[i]));
      const grain = t * blend(1, 0.55, polished);
      // the border: walnut, its grain along each side, mitred at the corners
      const fromX = Math.min(x, w - x);
      const fromY = Math.min(y, h - y);
      const [along, over] = fromY < fromX ? [x, y] : [y, x];
      const vein = fbm(along * 0.004 + 60, over * 0.1, 3) * 0.6 + noise(along * 0.03, over * 0.55) * 0.4;
      const mitre = Math.abs(fromX - fromY) < 1 ? 0.8 : 1;
      if (y < edge) slope += 0.5 * (1 - y / edge);
      if (h - y < edge) slope -= 0.6 * (1 - (h - y) / edge);
      if (x < edge) slope += 0.16 * (1 - x / edge);
      if (w - x < edge) slope -= 0.2 * (1 - (w - x) / edge);
      const lip = (shade[i] - (y > 1 ? shade[i - 2 * w] : shade[i])) * 1.1;
      for (let c = 0; c < 3; c++) {
        const wood = grain < 0.5 ? blend(pale[c], honey[c], grain * 2) : blend(honey[c], late[c], grain * 2 - 1);
        const inner = blend(wood, burnt[c], soiled * 0.3) * bright + 9 * pool * (1 - t) * [1, 0.74, 0.36][c];
        const outer =
          blend(walnut[c], ebony[c], clamp(vein * 1.5 - 0.25)) * mitre * (0.72 + 0.5 * pool + 0.25 * (1 - away));
        pixels[i * 4 + c] = blend(outer, inner, field) * (1 + slope * 0.5) + lip * 40 * (1 - field) * [1, 0.6, 0.3][c];
      }
      pixels[i * 4 + 3] = 255;
    }
  }
  return pixels;
}
