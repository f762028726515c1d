// out/ -> dist/, which the binary embeds. dist/.keep stays: it lets a fresh clone compile without Node.

import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const web = join(import.meta.dirname, "..");
const dist = join(web, "dist");
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) {
  if (name !== ".keep") rmSync(join(dist, name), { recursive: true });
}
cpSync(join(web, "out"), dist, { recursive: true });
