/** @jest-environment node */
import { externalised, leftovers } from "./externalise.mjs";

const page =
  '<html><head><script src="/a.js" async=""></script></head><body><script>one()</script><p title="a &lt;style&gt;">x</p>' +
  '<script id="_R_">two("</p>")</script><script src="/b.js"></script></body></html>';

test("inline scripts become one deferred file, in their order and in the first one's place", () => {
  const kept = [];
  const html = externalised(page, (code) => `/inline-${kept.push(code)}.js`);
  expect(kept).toEqual(['one();\ntwo("</p>")\n']);
  expect(html).toBe(
    '<html><head><script src="/a.js" async=""></script></head><body><script src="/inline-1.js" defer=""></script>' +
      '<p title="a &lt;style&gt;">x</p><script src="/b.js"></script></body></html>',
  );
  expect(leftovers(html)).toEqual([]);
});

test("a page without inline scripts stays as it is", () => {
  expect(externalised("<p>still</p>", () => "/never.js")).toBe("<p>still</p>");
});

test.each([
  ["<script>x()</script>", "an inline script"],
  ["<style>p{}</style>", "a style element"],
  ['<p class="a" style="color:red">', "style="],
  ["<body onload=go()>", "onload="],
])("%s is left over", (html, what) => {
  expect(leftovers(html)).toEqual([expect.stringContaining(what)]);
});

test("words about style are no style", () => {
  expect(leftovers('<p title="an on= and a style= in words" data-style="x" class="on">style="x"</p>')).toEqual([]);
});
