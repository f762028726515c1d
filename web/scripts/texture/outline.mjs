// Letters as outlines. Reads the glyf table of a WOFF file, so that the board's letters need no font at all and look
// the same everywhere. Only what these fonts use: format 4 character maps, simple and compound glyphs.
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";

// Opens a WOFF (version 1) file. `glyph(character)` gives its path in em units with y downwards and the baseline at 0,
// and how far it advances.
export function openFont(file) {
  const tables = unpack(readFileSync(file));
  const head = tables.get("head");
  const em = head.readUInt16BE(18);
  const long = head.readInt16BE(50) === 1;
  const loca = tables.get("loca");
  const glyf = tables.get("glyf");
  const hmtx = tables.get("hmtx");
  const metrics = tables.get("hhea").readUInt16BE(34);
  const indexOf = characterMap(tables.get("cmap"));
  const offset = (i) => (long ? loca.readUInt32BE(i * 4) : loca.readUInt16BE(i * 2) * 2);

  function contours(index) {
    const start = offset(index);
    if (start === offset(index + 1)) return [];
    const data = glyf.subarray(start);
    return data.readInt16BE(0) >= 0 ? simple(data) : compound(data);
  }

  function compound(data) {
    const all = [];
    let at = 10;
    for (let more = true; more;) {
      const flags = data.readUInt16BE(at);
      const index = data.readUInt16BE(at + 2);
      const wide = flags & 1;
      const dx = wide ? data.readInt16BE(at + 4) : data.readInt8(at + 4);
      const dy = wide ? data.readInt16BE(at + 6) : data.readInt8(at + 5);
      if (!(flags & 2) || flags & (8 | 64 | 128)) throw new Error("a compound glyph with a scale or matched points");
      at += wide ? 8 : 6;
      for (const contour of contours(index)) all.push(contour.map((p) => ({ ...p, x: p.x + dx, y: p.y + dy })));
      more = Boolean(flags & 32);
    }
    return all;
  }

  return {
    glyph(character) {
      const index = indexOf(character.codePointAt(0));
      const advance = hmtx.readUInt16BE(Math.min(index, metrics - 1) * 4) / em;
      return { contours: contours(index).map((c) => c.map((p) => ({ ...p, x: p.x / em, y: -p.y / em }))), advance };
    },
  };
}

// A line of text, set from x = 0: its contours and width in em. `spacing` is added between letters.
export function setText(font, text, spacing = 0) {
  const contours = [];
  let width = 0;
  for (const character of text) {
    const { contours: own, advance } = font.glyph(character);
    const at = width;
    for (const contour of own) contours.push(contour.map((p) => ({ ...p, x: p.x + at })));
    width += advance + spacing;
  }
  return { contours, width: width - spacing };
}

// Contours of quadratic curves as path data, after `place` has moved each point.
export function pathData(contours, place, decimals = 1) {
  const n = (v) => String(Number(v.toFixed(decimals)));
  let d = "";
  for (const contour of contours) {
    const points = contour.map((p) => ({ ...place(p), on: p.on }));
    const middle = (p, q) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, on: true });
    const first = points.findIndex((p) => p.on);
    const ring =
      first < 0 ? [middle(points.at(-1), points[0]), ...points] : [...points.slice(first), ...points.slice(0, first)];
    d += `M${n(ring[0].x)} ${n(ring[0].y)}`;
    for (let i = 1; i <= ring.length; i++) {
      const p = ring[i % ring.length];
      if (p.on) {
        if (i < ring.length) d += `L${n(p.x)} ${n(p.y)}`;
        continue;
      }
      const next = ring[(i + 1) % ring.length];
      const end = next.on ? next : middle(p, next);
      d += `Q${n(p.x)} ${n(p.y)} ${n(end.x)} ${n(end.y)}`;
      if (next.on) i++;
    }
    d += "Z";
  }
  return d;
}

export function boundsOf(contours) {
  const all = contours.flat();
  const xs = all.map((p) => p.x);
  const ys = all.map((p) => p.y);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function unpack(woff) {
  if (woff.toString("latin1", 0, 4) !== "wOFF") throw new Error("not a WOFF file");
  const tables = new Map();
  for (let i = 0; i < woff.readUInt16BE(12); i++) {
    const at = 44 + 20 * i;
    const [start, packed, length] = [4, 8, 12].map((o) => woff.readUInt32BE(at + o));
    const bytes = woff.subarray(start, start + packed);
    tables.set(woff.toString("latin1", at, at + 4), packed < length ? inflateSync(bytes) : bytes);
  }
  return tables;
}

function characterMap(cmap) {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + 8 * i + 4));
    if (table.readUInt16BE(0) !== 4) continue;
    const segments = table.readUInt16BE(6) / 2;
    const column = (k) => 14 + k * segments * 2 + (k > 0 ? 2 : 0); // after the end codes lies a padding word
    return (code) => {
      for (let s = 0; s < segments; s++) {
        if (code > table.readUInt16BE(column(0) + 2 * s)) continue;
        const start = table.readUInt16BE(column(1) + 2 * s);
        if (code < start) break;
        const rangeAt = column(3) + 2 * s;
        const range = table.readUInt16BE(rangeAt);
        const delta = table.readUInt16BE(column(2) + 2 * s);
        if (range === 0) return (code + delta) & 0xffff;
        const index = table.readUInt16BE(rangeAt + range + 2 * (code - start));
        if (index !== 0) return (index + delta) & 0xffff;
      }
      throw new Error(`the font has no ${String.fromCodePoint(code)}`);
    };
  }
  throw new Error("no character map of format 4");
}

function simple(data) {
  const count = data.readInt16BE(0);
  const ends = Array.from({ length: count }, (_, i) => data.readUInt16BE(10 + 2 * i));
  const total = ends.at(-1) + 1;
  let at = 10 + 2 * count;
  at += 2 + data.readUInt16BE(at); // instructions
  const flags = [];
  while (flags.length < total) {
    const flag = data[at++];
    const times = flag & 8 ? data[at++] : 0;
    for (let i = 0; i <= times; i++) flags.push(flag);
  }
  const read = (short, same) => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += (flag & same ? 1 : -1) * data[at++];
      else if (!(flag & same)) {
        value += data.readInt16BE(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = read(2, 16);
  const ys = read(4, 32);
  let from = 0;
  return ends.map((end) => {
    const contour = [];
    for (let i = from; i <= end; i++) contour.push({ x: xs[i], y: ys[i], on: Boolean(flags[i] & 1) });
    from = end + 1;
    return contour;
  });
}
