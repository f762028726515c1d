// The engraver's pen: strokes that swell and thin, given as SVG path data. Points are [x, y] in board units, y down.

export const round = (v) => String(Number(v.toFixed(1)));
export const pair = ([x, y]) => `${round(x)} ${round(y)}`;

export const mix = (a, b, t) => a + (b - a) * t;
export const mixPoint = (p, q, t) => [mix(p[0], q[0], t), mix(p[1], q[1], t)];
export const polar = (r, degrees, [cx, cy] = [0, 0]) => {
  const a = (degrees * Math.PI) / 180;
  return [cx + r * Math.sin(a), cy - r * Math.cos(a)]; // 0 is up, clockwise
};
export const bezier = (p, c, q, t) => mixPoint(mixPoint(p, c, t), mixPoint(c, q, t), t);
export const range = (n, from = 0, to = 1) =>
  Array.from({ length: n }, (_, i) => mix(from, to, n > 1 ? i / (n - 1) : 0));

// A stroke along points whose width follows `width(t)`, t from 0 to 1: a closed outline.
export function swell(points, width) {
  const left = [];
  const right = [];
  points.forEach((p, i) => {
    const [a, b] = [points[Math.max(0, i - 1)], points[Math.min(points.length - 1, i + 1)]];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
    const half = width(i / (points.length - 1)) / 2;
    const [nx, ny] = [(-(b[1] - a[1]) / length) * half, ((b[0] - a[0]) / length) * half];
    left.push([p[0] + nx, p[1] + ny]);
    right.unshift([p[0] - nx, p[1] - ny]);
  });
  return polygon([...left, ...right]);
}

// A short stroke, pointed at both ends, that bends by way of `c`.
export function lens(p, c, q, width) {
  const length = Math.hypot(q[0] - p[0], q[1] - p[1]) || 1;
  const [nx, ny] = [(-(q[1] - p[1]) / length) * width, ((q[0] - p[0]) / length) * width];
  return `M${pair(p)}Q${pair([c[0] + nx, c[1] + ny])} ${pair(q)}Q${pair([c[0] - nx, c[1] - ny])} ${pair(p)}Z`;
}

// A straight one.
export const dash = (p, q, width) => lens(p, mixPoint(p, q, 0.5), q, width);

// Pointed at its end only: a ray.
export function thorn(p, q, width) {
  const length = Math.hypot(q[0] - p[0], q[1] - p[1]) || 1;
  const [nx, ny] = [(-(q[1] - p[1]) / length) * (width / 2), ((q[0] - p[0]) / length) * (width / 2)];
  return `M${pair([p[0] + nx, p[1] + ny])}L${pair(q)}L${pair([p[0] - nx, p[1] - ny])}Z`;
}

export const polygon = (points) => `M${points.map(pair).join("L")}Z`;

export function dot([x, y], r) {
  const n = (v) => String(Number(v.toFixed(2))).replace(/^(-?)0\./, "$1.");
  return `M${pair([x - r, y])}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`;
}

// A ring: two circles, to be filled by the even-odd rule.
export const ring = (p, outer, inner) => dot(p, outer) + dot(p, inner);

// A line of constant width.
export const line = (points, width) => swell(points, () => width);

export function spark(p, r, waist = 0.2, rays = 4) {
  return polygon(
    range(rays * 2 + 1, 0, 360)
      .slice(0, -1)
      .map((a, i) => polar(i % 2 ? r * waist : r, a, p)),
  );
}

export const arc = (p, r, from, to, n = 24) => range(n, from, to).map((a) => polar(r, a, p));

// Absolute path data of M, L, Q, C, H, V, a, A and Z with the straight and quadratic parts made relative and cut to
// tenths: about half the bytes.
export function compact(d) {
  let out = "";
  let last = "";
  let [x, y] = [0, 0];
  const tenths = (v) => Math.round(v * 10);
  const text = (v) => String(v / 10).replace(/^(-?)0\./, "$1.");
  const write = (command, numbers) => {
    out += command === last ? (numbers[0] < 0 ? "" : " ") : command;
    out += numbers.map((v, i) => (i === 0 || v < 0 ? "" : " ") + text(v)).join("");
    last = command === "M" ? "" : command;
  };
  for (const [, kind, data] of d.matchAll(/([MLQZaA])([^MLQZaA]*)/g)) {
    const v = (data.match(/-?[\d.]+/g) ?? []).map(Number);
    if (kind === "Z") [out, last] = [`${out}Z`, ""];
    else if (kind === "a") [out, last] = [`${out}a${data}`, ""];
    else if (kind === "M") {
      [x, y] = [tenths(v[0]), tenths(v[1])];
      write("M", [x, y]);
    } else if (kind === "L") {
      const [nx, ny] = [tenths(v[0]), tenths(v[1])];
      if (nx === x && ny === y) continue;
      write("l", [nx - x, ny - y]);
      [x, y] = [nx, ny];
    } else if (kind === "Q") {
      const [cx, cy, nx, ny] = v.map(tenths);
      write("q", [cx - x, cy - y, nx - x, ny - y]);
      [x, y] = [nx, ny];
    } else throw new Error(`cannot shorten ${kind}`);
  }
  return out;
}

export const path = (d) => `<path fill-rule="evenodd" d="${compact(d)}"/>`;
