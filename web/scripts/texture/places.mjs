// The board's geometry, read from lib/layout.ts itself, so that art and play can never disagree.
import { readFileSync } from "node:fs";
import ts from "typescript";

const source = readFileSync(new URL("../../lib/layout.ts", import.meta.url), "utf8");
const { outputText } = ts.transpileModule(source, {
  compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
});
export const { boards, places, letters, digits, words } = await import(
  `data:text/javascript,${encodeURIComponent(outputText)}`
);
