// Draws the house's icon, a planchette with its lens alight, in every size a device asks for: public/icon.svg,
// icon-192.png, icon-512.png, icon-maskable.png, apple-touch-icon.png and favicon.ico.
// Run: node scripts/texture/icons.mjs
import { writeFileSync } from "node:fs";
import { withBrowser } from "./raster.mjs";

const target = new URL("../../public/", import.meta.url);
const heart =
  "M0 -73C3 -61 11 -52 22 -46C46 -36 65 -12 66 18C66 58 40 86 20 79C9 76 3 69 0 64C-3 69 -9 76 -20 79C-40 86 -66 58 -66 18C-65 -12 -46 -36 -22 -46C-11 -52 -3 -61 0 -73Z";
const eye =
  '<path d="M-27 0Q0 -25 27 0Q0 23 -27 0Z" fill="#fff0c4" stroke="#2a1206" stroke-width="4" stroke-linejoin="round"/><circle r="9.5" fill="#2a1206"/><circle cx="2.6" cy="-3" r="2.8" fill="#fff0c4"/>';

// `inset` is how much of the ground stays free round the planchette, `corner` how round the ground is.
function icon(inset, corner) {
  const half = 92 + inset;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-half} ${-half + 3} ${2 * half} ${2 * half}"><defs><radialGradient id="l"><stop offset="0" stop-color="#fff0c4"/><stop offset=".6" stop-color="#ffd083"/><stop offset="1" stop-color="#d98a35"/></radialGradient><linearGradient id="b" x2="1" y2="1"><stop offset="0" stop-color="#fbe3a4"/><stop offset=".5" stop-color="#c08b3c"/><stop offset="1" stop-color="#7d521d"/></linearGradient></defs><rect x="${-half}" y="${-half + 3}" width="${2 * half}" height="${2 * half}" rx="${corner}" fill="#1a100a"/><path d="${heart}" fill="#5a2412" stroke="#c08b3c" stroke-width="4"/><circle r="39" fill="url(#l)" stroke="url(#b)" stroke-width="9"/>${eye}</svg>\n`;
}

// An ICO file that holds one PNG.
function ico(png, size) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.writeUInt8(size, 6);
  head.writeUInt8(size, 7);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(22, 18);
  return Buffer.concat([head, png]);
}

await withBrowser(async ({ picture }) => {
  const png = (inset, corner, size) => picture(icon(inset, corner), size, size, 1, "image/png");
  const files = {
    "icon.svg": icon(0, 36),
    "icon-192.png": await png(0, 36, 192),
    "icon-512.png": await png(0, 36, 512),
    "icon-maskable.png": await png(34, 0, 512),
    "apple-touch-icon.png": await png(12, 0, 180),
    "favicon.ico": ico(await png(-6, 30, 48), 48),
  };
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(new URL(name, target), bytes);
    console.log(name, bytes.length);
  }
});
