// Writes out/sw.js: the service worker with the list of what it keeps. That is the two pages, everything they can load
// from /_next/static, and no textures: the worker keeps the one that a board has drawn.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./files.mjs";

const out = join(import.meta.dirname, "..", "out");
const assets = filesBelow(join(out, "_next/static")).filter((name) => /\.(js|css|woff2)$/.test(name));
const shell = ["/", "/s", ...assets.map((name) => `/_next/static/${name}`)];

const hash = createHash("sha256").update(JSON.stringify(shell));
for (const page of ["index.html", "s.html"]) hash.update(readFileSync(join(out, page)));
const worker = readFileSync(join(import.meta.dirname, "sw.js"), "utf8")
  .replace("__VERSION__", hash.digest("hex").slice(0, 12))
  .replace("__SHELL__", JSON.stringify(shell, null, 2));
writeFileSync(join(out, "sw.js"), worker);
