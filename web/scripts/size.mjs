// The budgets of what a first visit loads, as bytes on the line (gzip -9, which is what the binary sends; fonts and
// textures are compressed already). Prints the exact figures and fails above a limit.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { filesBelow } from "./files.mjs";

const dist = join(import.meta.dirname, "..", "dist");
const limits = { js: 180_000, page: 200_000, art: 250_000 };
const read = (name) => readFileSync(join(dist, name));
const gzipped = (name) => gzipSync(read(name), { level: 9 }).length;
const sum = (names, size) => [...new Set(names)].reduce((total, name) => total + size(name), 0);

let failed = false;
function judge(what, bytes, limit) {
  const over = bytes > limit;
  failed ||= over;
  console.log(`${over ? "OVER " : "ok   "} ${what.padEnd(44)} ${String(bytes).padStart(7)} of ${limit} B`);
}

for (const page of ["index.html", "s.html"]) {
  const html = read(page).toString();
  const scripts = [...html.matchAll(/<script[^>]*\ssrc="\/([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/\snomodule/i.test(tag))
    .map(([, name]) => name);
  const preloaded = [...html.matchAll(/<link[^>]*\srel="(?:module)?preload"[^>]*>/g)]
    .map(([tag]) => /\shref="\/([^"]+\.js)"/.exec(tag)?.[1])
    .filter(Boolean);
  // a table, for whoever has a seat; its door is smaller
  const later = page === "s.html" ? [...tableChunks(), ...lineChunks()] : [];
  const styles = [...html.matchAll(/<link[^>]*\shref="\/([^"]+\.css)"[^>]*>/g)].map(([, name]) => name);
  const js = sum([...scripts, ...preloaded, ...later], gzipped);
  const css = sum(styles, gzipped);
  judge(`${page}: JS${later.length > 0 ? ", with the table and its line" : ""}`, js, limits.js);
  judge(`${page}: HTML + CSS + JS`, gzipped(page) + css + js, limits.page);
  judge(`${page}: fonts + the largest texture`, sum(fontsIn(styles), size) + largestTexture(), limits.art);
}
process.exit(failed ? 1 : 0);

// The chunks that the table is imported with, as its loader lists them.
function tableChunks() {
  const table = chunks().find((name) => read(name).includes('"dock-ask"'));
  const loaders = chunks().flatMap((name) => [
    ...read(name)
      .toString()
      .matchAll(/\.v\(\w+=>Promise\.all\(\[([^\]]*)\]/g),
  ]);
  const lists = loaders.map(([, list]) => [...list.matchAll(/"([^"]+\.js)"/g)].map(([, name]) => `_next/${name}`));
  const needed = lists.find((list) => list.includes(table));
  if (!needed) throw new Error("the table has no chunk of its own");
  return needed;
}

// The chunks of the Socket.IO client: the session page imports them as soon as it lives.
function lineChunks() {
  return chunks().filter((name) => read(name).includes("/engine.io"));
}

function chunks() {
  return filesBelow(join(dist, "_next/static/chunks"))
    .map((name) => `_next/static/chunks/${name}`)
    .filter((name) => name.endsWith(".js"));
}

// Fonts for Latin text: a browser loads no other of the faces it is offered.
function fontsIn(styles) {
  const faces = styles.flatMap((name) =>
    [
      ...read(name)
        .toString()
        .matchAll(/@font-face\s*\{[^}]*\}/g),
    ].map(([face]) => face),
  );
  return faces
    .filter((face) => !/unicode-range/i.test(face) || /unicode-range:[^;}]*U\+(0000|0-|00\?\?)/i.test(face))
    .map((face) => /url\(["']?([^)"']+\.woff2)/.exec(face)?.[1])
    .filter(Boolean)
    .map((url) => `_next/static/${url.replace(/^.*\/(media\/)/, "$1")}`);
}

function largestTexture() {
  return Math.max(
    0,
    ...filesBelow(dist)
      .filter((name) => /\.(webp|avif|jpe?g)$/.test(name))
      .map(size),
  );
}

function size(name) {
  return read(name).length;
}
