// Pixels: noise to paint with, and a browser that turns SVG into pixels and pixels into WebP.
import { chromium } from "@playwright/test";

// Smooth noise in 0..1 over the plane, repeatable by seed. `fbm` sums octaves of it.
export function noiseOf(seed) {
  const table = new Uint8Array(512);
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let i = 0; i < 256; i++) table[i] = i;
  for (let i = 255; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [table[i], table[j]] = [table[j], table[i]];
  }
  table.copyWithin(256, 0, 256);
  const fade = (t) => t * t * (3 - 2 * t);
  function noise(x, y) {
    const [fx, fy] = [Math.floor(x), Math.floor(y)];
    const [X, Y] = [fx & 255, fy & 255];
    const [u, v] = [fade(x - fx), fade(y - fy)];
    const row = table[X] + Y;
    const beside = table[(X + 1) & 255] + Y;
    const [a, b, c, d] = [table[row & 511], table[beside & 511], table[(row + 1) & 511], table[(beside + 1) & 511]];
    const top = a + (b - a) * u;
    return (top + (c + (d - c) * u - top) * v) / 255;
  }
  function fbm(x, y, octaves) {
    let [sum, size, total] = [0, 1, 0];
    for (let i = 0; i < octaves; i++) {
      sum += size * noise(x, y);
      total += size;
      [x, y, size] = [x * 2.03 + 17, y * 2.03 + 31, size * 0.5];
    }
    return sum / total;
  }
  return { noise, fbm, next };
}

export const clamp = (v, low = 0, high = 1) => Math.min(high, Math.max(low, v));
export const smooth = (from, to, v) => {
  const t = clamp((v - from) / (to - from));
  return t * t * (3 - 2 * t);
};
export const blend = (a, b, t) => a + (b - a) * t;

// A box blur, thrice: close to a Gaussian.
export function blurred(field, width, height, radius) {
  const once = (from, step, lines, lineStep, length) => {
    const to = new Float32Array(from.length);
    for (let l = 0; l < lines; l++) {
      const at = (i) => from[l * lineStep + clamp(i, 0, length - 1) * step];
      let sum = 0;
      for (let i = -radius; i <= radius; i++) sum += at(i);
      for (let i = 0; i < length; i++) {
        to[l * lineStep + i * step] = sum / (2 * radius + 1);
        sum += at(i + radius + 1) - at(i - radius);
      }
    }
    return to;
  };
  let result = field;
  for (let pass = 0; pass < 3; pass++) {
    result = once(result, 1, height, width, width);
    result = once(result, width, width, 1, height);
  }
  return result;
}

// Opens a browser for the time of `work`, which gets `mask` (SVG to alpha), `picture` (SVG to the bytes of a WebP or other file) and
// `webp` (pixels to such bytes).
export async function withBrowser(work) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    return await work({
      async mask(svg, width, height) {
        const encoded = await page.evaluate(
          async ([text, w, h]) => {
            const image = new Image();
            image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
            await image.decode();
            const canvas = new OffscreenCanvas(w, h);
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0, w, h);
            const { data } = context.getImageData(0, 0, w, h);
            let out = "";
            for (let i = 3; i < data.length; i += 4) out += String.fromCharCode(data[i]);
            return btoa(out);
          },
          [svg, width, height],
        );
        return Float32Array.from(Buffer.from(encoded, "base64"), (v) => v / 255);
      },
      async picture(svg, width, height, quality, type = "image/webp") {
        const encoded = await page.evaluate(
          async ([text, w, h, q, mime]) => {
            const image = new Image();
            image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
            await image.decode();
            const canvas = new OffscreenCanvas(w, h);
            canvas.getContext("2d").drawImage(image, 0, 0, w, h);
            const file = new Uint8Array(await (await canvas.convertToBlob({ type: mime, quality: q })).arrayBuffer());
            let out = "";
            for (const byte of file) out += String.fromCharCode(byte);
            return btoa(out);
          },
          [svg, width, height, quality, type],
        );
        return Buffer.from(encoded, "base64");
      },
      async webp(pixels, width, height, quality) {
        const encoded = await page.evaluate(
          async ([text, w, h, q]) => {
            const bytes = Uint8ClampedArray.from(atob(text), (c) => c.charCodeAt(0));
            const canvas = new OffscreenCanvas(w, h);
            canvas.getContext("2d").putImageData(new ImageData(bytes, w, h), 0, 0);
            const blob = await canvas.convertToBlob({ type: "image/webp", quality: q });
            const file = new Uint8Array(await blob.arrayBuffer());
            let out = "";
            for (const byte of file) out += String.fromCharCode(byte);
            return btoa(out);
          },
          [Buffer.from(pixels.buffer).toString("base64"), width, height, quality],
        );
        return Buffer.from(encoded, "base64");
      },
    });
  } finally {
    await browser.close();
  }
}
