// The board runs under `script-src 'self'; style-src 'self'`, but Next puts inline scripts into each page it exports.

const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;
const tag = /<[a-zA-Z][^>]*>/g;
const attribute = /\s([a-zA-Z-]+)=(?:"[^"]*"|'[^']*'|[^\s>]+)/g;

// externalised moves a page's inline scripts into one file: joined in their order, with a deferred script in place of
// the first. Deferred scripts run before DOMContentLoaded, which is what hydration waits for. `keep` stores the joined
// code and gives the address it will have.
export function externalised(html, keep) {
  const code = [...html.matchAll(inlineScript)].map(([, body]) => body).filter((body) => body.trim() !== "");
  if (code.length === 0) return html;
  const address = keep(code.join(";\n") + "\n");
  let first = true;
  return html.replace(inlineScript, () => {
    const script = first ? `<script src="${address}" defer=""></script>` : "";
    first = false;
    return script;
  });
}

// leftovers lists what the page's policy would refuse.
export function leftovers(html) {
  const found = [...html.matchAll(inlineScript)].map(() => "an inline script");
  for (const [whole] of html.matchAll(tag)) {
    if (/^<style[\s>]/i.test(whole)) found.push("a style element");
    for (const [, name] of whole.matchAll(attribute)) {
      if (/^(style|on[a-z]+)$/i.test(name)) found.push(`${name}= in ${whole.slice(0, 80)}`);
    }
  }
  return found;
}
