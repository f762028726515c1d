// Paints the table under everything: public/board/table.webp, dark oak planks that fade into the night.
// Run: node scripts/texture/table.mjs
import { statSync, writeFileSync } from "node:fs";
import { blend, clamp, noiseOf, smooth, withBrowser } from "./raster.mjs";

const [w, h] = [1120, 700];
const planks = 5;

await withBrowser(async ({ webp }) => {
  const file = new URL("../../public/board/table.webp", import.meta.url);
  writeFileSync(file, await webp(paint(), w, h, 0.42));
  console.log("table.webp", statSync(file).size);
});

function paint() {
  const { fbm, noise } = noiseOf(2207);
  const pixels = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [u, v] = [x / w, y / h];
      const plank = Math.floor(v * planks);
      const within = v * planks - plank;
      const shift = plank * 37.7;
      const warp = (fbm(u * 2.4 + shift, v * 5, 3) - 0.5) * 0.5;
      const ring = 0.5 + 0.5 * Math.sin((within + warp + 0.12 * noise(u * 3 + shift, 4)) * 26);
      const fibre = noise(u * 30 + shift, v * h * 0.5) * 0.6 + noise(u * 90, v * h) * 0.4;
      const tone = clamp(
        0.32 + 0.3 * ring * noise(u * 2 + shift, v * 6) + 0.34 * (fibre - 0.5) + 0.2 * (noise(shift, 1.5) - 0.5),
      );
      const joint = 1 - 0.7 * (1 - smooth(0, 0.018, Math.min(within, 1 - within)));
      const light = blend(0.34, 1, Math.exp(-(((u - 0.5) / 0.42) ** 2) - ((v - 0.5) / 0.5) ** 2)) * joint;
      const i = (y * w + x) * 4;
      [58, 33, 20].forEach((c, k) => (pixels[i + k] = (blend([16, 9, 5][k], c, tone) + 4) * light));
      pixels[i + 3] = 255;
    }
  }
  return pixels;
}
