// After `next build`: moves the inline scripts of every page in out/ into files, and fails on anything that the
// Content-Security-Policy would refuse.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { externalised, leftovers } from "./externalise.mjs";
import { filesBelow } from "./files.mjs";

const out = join(import.meta.dirname, "..", "out");
const folder = "_next/static/inline";
mkdirSync(join(out, folder), { recursive: true });

let failed = false;
for (const name of filesBelow(out).filter((file) => file.endsWith(".html"))) {
  const html = externalised(readFileSync(join(out, name), "utf8"), (code) => {
    const file = `${folder}/${createHash("sha256").update(code).digest("hex").slice(0, 16)}.js`;
    writeFileSync(join(out, file), code);
    return `/${file}`;
  });
  writeFileSync(join(out, name), html);
  for (const left of leftovers(html)) {
    failed = true;
    console.error(`${name}: ${left}`);
  }
}
if (failed) {
  console.error("The policy of the board forbids these. See scripts/externalise-inline.mjs.");
  process.exit(1);
}
