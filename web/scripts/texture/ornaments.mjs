// The pictures on the board, drawn with the pen of pen.mjs: sun, moon, moth, the moon's phases, eye and wheel, scrolls
// and the frame. Each is centred on 0, 0 and given as SVG elements without a colour of their own.
import {
  arc,
  bezier,
  dash,
  dot,
  lens,
  line,
  mix,
  mixPoint,
  path,
  polar,
  polygon,
  range,
  ring,
  round,
  spark,
  swell,
  thorn,
} from "./pen.mjs";

const mirrored = (id, d) => `<g id="${id}">${path(d)}</g><use href="#${id}" transform="scale(-1 1)"/>`;
const group = (transform, inner) => `<g transform="${transform}">${inner}</g>`;

// 58 bu in radius: sixteen rays, straight and flaming in turn, each engraved on its shaded side; a calm face.
export function sun() {
  let rays = "";
  for (let i = 0; i < 16; i++) {
    const a = i * 22.5;
    if (i % 2 === 0) {
      const [tip, left, right] = [polar(59, a), polar(33, a - 7.5), polar(33, a + 7.5)];
      rays += line([left, tip], 1.3) + line([tip, right], 1.3) + polygon([polar(33, a), tip, right]);
      rays += [0.3, 0.55, 0.8]
        .map((t) => dash(mixPoint(polar(33, a), left, t), mixPoint(polar(33, a), tip, 0.72 - t * 0.6), 1))
        .join("");
    } else {
      const wave = (side) =>
        range(9).map((t) => polar(mix(32, 53, t), a + side * mix(5, 0, t) + 5 * Math.sin(t * Math.PI * 1.75)));
      rays += polygon([...wave(-1), ...wave(1).reverse()]);
      rays += dash(polar(34, a - 8.5), polar(43, a - 6.5), 1.2) + dash(polar(34, a + 8.5), polar(41, a + 10), 1.2);
    }
  }
  let face = ring([0, 0], 31, 29.2) + ring([0, 0], 27.4, 26.7);
  // the shaded cheek: hatching that follows the disc
  for (let i = 0; i < 11; i++) {
    const r = 25.4 - i * 1.35;
    const reach = 46 - i * 3.4;
    face += swell(arc([0, 0], r, 118 - reach, 118 + reach, 12), (t) => 0.95 * Math.sin(Math.PI * t));
  }
  const half =
    lens([3, -7.5], [9, -12.5], [16, -7.2], 1.7) + // brow
    lens([4.2, -2.6], [9.5, -7.2], [15, -2.2], 1.1) + // upper lid
    lens([4.2, -2.6], [9.5, 1.6], [15, -2.2], 0.7) + // lower lid
    dot([9.6, -3], 2) +
    lens([6, 1.8], [10, 3.6], [14, 1.2], 0.4) +
    lens([6.6, 13.2], [9.5, 11.8], [8.6, 9.2], 0.6);
  const middle =
    lens([2.6, -7], [1.2, 0], [3.6, 5.4], 0.7) + // the nose's shaded side
    lens([-3.8, 6], [0, 9.6], [3.8, 6], 1) +
    lens([-7.4, 12.4], [-2, 9.8], [0, 11.6], 0.9) +
    lens([0, 11.6], [2, 9.8], [7.4, 12.4], 0.9) +
    lens([-7.4, 12.4], [0, 14.6], [7.4, 12.4], 0.7) +
    lens([-4.4, 15], [0, 18.6], [4.4, 15], 1.1) +
    lens([-3, 21.4], [0, 22.8], [3, 21.4], 0.6);
  return path(rays) + path(face) + mirrored("sun-half", half) + path(middle);
}

// 46 bu in radius: a waning moon in profile, engraved along its curve, in a ring of beads.
export function moon() {
  const outer = [6, 0];
  // the profile from the upper horn to the lower one
  const profile =
    "M22.6 -35.8C10 -33 3.4 -25.6 2 -16.6C1.6 -13.8 3.4 -12.4 2.6 -10.4C1.4 -7.2 -3.6 -2.6 -4.4 0C-4.9 1.7 -1.4 1.9 -0.6 3C0 4 -2.4 5 -2 6.4C-1.7 7.5 -.1 7.4 .1 8.2C.4 9.2 -1.8 9.6 -1.4 11.4C-.9 13.4 2.2 13 3.6 15.4C5 17.8 3.2 20.2 5.4 24C9 30.2 15.4 34 22.6 35.8";
  const back = "C-3 41.6 -33 26 -33 0C-33 -26 -3 -41.6 22.6 -35.8Z";
  let lines = "";
  for (let i = 0; i < 10; i++) {
    const r = 36.4 - i * 2.25;
    const reach = 62 - i * 4.6;
    lines += swell(arc(outer, r, 262 - reach, 262 + reach, 16), (t) => (1.75 - i * 0.1) * Math.sin(Math.PI * t) ** 0.7);
  }
  const face =
    lens([-12.4, -10.6], [-6.4, -14.6], [-1, -10.8], 1.2) +
    lens([-9.8, -5.6], [-6, -8.4], [-1.8, -5.4], 1) +
    lens([-9.8, -5.6], [-6, -3.4], [-1.8, -5.4], 0.6) +
    dot([-5, -5.7], 1.4) +
    lens([-7, 8.2], [-4, 6.6], [-0.4, 7.8], 1) +
    lens([-5.6, 1.6], [-7, 3.6], [-5.2, 4.6], 0.6);
  const beads = range(41, 0, 360)
    .slice(0, -1)
    .map((a, i) => dot(polar(46, a), i % 5 === 0 ? 1.5 : 0.75))
    .join("");
  const stars =
    spark([20, -13], 8.5, 0.18) +
    spark([29.5, 6.5], 5, 0.2) +
    spark([17, 18], 6, 0.18) +
    dot([12.5, 2], 1) +
    dot([27, -25], 0.9) +
    dot([28, 20], 0.9);
  return `<path fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="${profile}${back}"/>${path(lines + face + beads + stars)}`;
}

// A moth, 200 bu across. Its wings are a mesh: s runs from the root to the margin, t from the leading edge to the
// trailing one, and everything on them - veins, bands, margins - follows it.
export function moth() {
  const fore = wing(
    (t) => [4, mix(-15, -3, t)],
    (t) => [mix(50, 34, t), mix(-58, -2, t)],
    (t) => bezier([101, -45], [103, -14], [66, 11], t),
    2.3,
    7,
  );
  const hind = wing(
    (t) => [4, mix(-1, 11, t)],
    (t) => [mix(40, 9, t), mix(0, 30, t)],
    (t) => bezier([71, 13], [74, 50], [19, 53], t),
    2.6,
    6,
  );
  const half =
    plumage(fore, { eye: [0.56, 0.4, 8.6], hatch: 27, inner: 0.8 }) +
    plumage(hind, { eye: [0.58, 0.46, 6.4], hatch: 22, inner: 0.78 }) +
    antenna();
  return mirrored("moth-half", half) + path(body());
}

function wing(root, control, margin, depth, scallops) {
  return (s, t) => {
    const edge = margin(t);
    const scalloped = mixPoint(edge, root(t), (depth / 100) * Math.abs(Math.sin(Math.PI * scallops * t)));
    return bezier(root(t), control(t), scalloped, s);
  };
}

function plumage(at, { eye: [es, et, er], hatch, inner }) {
  const eye = at(es, et);
  const clear = (p, r) => Math.hypot(p[0] - eye[0], p[1] - eye[1]) > r;
  const along = (s0, s1, t, n = 10) => range(n, s0, s1).map((s) => at(s, t));
  const across = (s, n = 30, t0 = 0, t1 = 1) => range(n, t0, t1).map((t) => at(s, t));
  let d = "";
  // outline: strong along the leading edge, light behind
  d += swell(along(0, 1, 0, 16), (t) => mix(2.2, 1.2, t)) + swell(along(0, 1, 1, 10), () => 1);
  // the margin: a dark band with light beads in it
  const beads = range(9, 0.07, 0.93).map((t) => dot(at(0.942, t), 1.15));
  d += polygon([...across(1, 50), ...across(0.885, 24).reverse()]) + beads.join("");
  d += line(across(0.855, 24), 0.7);
  // a zigzag band
  d += line(
    range(27).map((t, i) => at(i % 2 ? inner - 0.025 : inner + 0.03, t)),
    0.8,
  );
  d += line(across(inner - 0.06, 22), 0.6);
  // veins from the root to the band, broken by the eye spot
  for (const t of range(7, 0.12, 0.9))
    d += unbroken(along(0.04, 0.84, t, 16), (p) => clear(p, er + 1))
      .map((points) => line(points, 0.62))
      .join("");
  // hatching between the veins: long near the body, short under the band
  range(hatch, 0.05, 0.96).forEach((t, i) => {
    const reach = [0.34, 0.46, 0.28][i % 3] + 0.1 * Math.sin(t * 9);
    for (const points of unbroken(along(0.1, reach, t, 5), (p) => clear(p, er + 1.4)))
      d += swell(points, (u) => 1.05 * (1 - u) + 0.15);
    for (const points of unbroken(along(inner - 0.17 - 0.03 * (i % 3), inner - 0.075, t, 5), (p) => clear(p, er + 1.4)))
      d += swell(points, (u) => 0.15 + 0.8 * u);
    if (i % 2) d += thorn(at(0.855, t), at(inner + 0.045, t), 0.9);
  });
  // the eye spot: rings, a pupil that holds a crescent of light, lashes
  d += ring(eye, er, er - 1.3) + ring(eye, er - 2.3, er - 2.9);
  d += dot(eye, er - 3.9) + crescent([eye[0] + 0.6, eye[1] - 0.8], er - 5, 0.9);
  return d;
}

// The stretches of a line that keep clear of something.
function unbroken(points, clear) {
  const runs = [[]];
  for (const p of points) {
    if (clear(p)) runs.at(-1).push(p);
    else if (runs.at(-1).length) runs.push([]);
  }
  return runs.filter((run) => run.length > 1);
}

function crescent(p, r, bite) {
  const outer = arc(p, r, 200, 380, 10);
  const innerCentre = [p[0] + r * 0.45 * bite, p[1] + r * 0.3 * bite];
  return polygon([...outer, ...arc(innerCentre, r * 0.86, 378, 205, 10)]);
}

function antenna() {
  const stem = range(22).map((t) => bezier([2.4, -27], [9, -46], [29, -53], t));
  let d = swell(stem, (t) => mix(1.7, 0.7, t));
  for (let i = 2; i < 21; i++) {
    const [p, q] = [stem[i - 1], stem[i + 1]];
    const length = Math.hypot(q[0] - p[0], q[1] - p[1]);
    const [nx, ny] = [-(q[1] - p[1]) / length, (q[0] - p[0]) / length];
    const reach = 5.4 * Math.sin((Math.PI * (i + 1)) / 23) + 0.8;
    for (const side of [1, -1]) {
      d += thorn(stem[i], [stem[i][0] + side * nx * reach + 1.2, stem[i][1] + side * ny * reach - 0.6], 0.75);
    }
  }
  return d;
}

function body() {
  let d = dot([0, -24.5], 4.2) + dot([-3.9, -25.4], 1.7) + dot([3.9, -25.4], 1.7);
  // the furred thorax, with a crescent left light
  d += polygon(
    range(43, 0, 360).map((a, i) =>
      polar((i % 2 ? 8.3 : 10.4) * (1 + 0.16 * Math.abs(Math.cos((a * Math.PI) / 180))), a, [0, -10.5]),
    ),
  );
  d += crescent([0, -10.5], 5.6, 1.05);
  // the abdomen in rings
  for (let i = 0; i < 9; i++) {
    const [y, w] = [1.6 + i * 4.6, 6.6 * Math.cos((i / 9) * 1.25)];
    d += `M${round(-w)} ${round(y)}Q0 ${round(y + 3.2)} ${round(w)} ${round(y)}L${round(w * 0.96)} ${round(y + 3)}Q0 ${round(y + 6.2)} ${round(-w * 0.96)} ${round(y + 3)}Z`;
  }
  return d + thorn([0, 43], [0, 51], 3);
}

// The eye in its wheel, where the planchette rests. 46 bu in radius.
export function eye() {
  let wheel = ring([0, 0], 46, 44.6) + ring([0, 0], 42.6, 41.9) + ring([0, 0], 34.6, 34);
  for (let i = 0; i < 72; i++) {
    const a = i * 5;
    wheel += line([polar(i % 6 ? 40.2 : 36.2, a), polar(42, a)], i % 6 ? 0.55 : 1.1);
  }
  for (let i = 0; i < 12; i++)
    wheel += i % 3 ? dot(polar(38.3, i * 30 + 15), 0.9) : spark(polar(38.3, i * 30 + 15), 3, 0.3);
  let rays = "";
  for (const [i, a] of range(25, -78, 78).entries())
    rays += thorn(polar(17.5, a * 1.02), polar(i % 2 ? 24.5 : 30.5, a), 1.7);
  for (const [i, a] of range(13, 128, 232).entries()) rays += thorn(polar(15, a), polar(i % 2 ? 19 : 23.5, a), 1.4);
  const lids =
    swell(
      range(24).map((t) => bezier([-27, 0], [0, -25], [27, 0], t)),
      (t) => 0.8 + 2.1 * Math.sin(Math.PI * t),
    ) +
    swell(
      range(24).map((t) => bezier([-27, 0], [0, 23], [27, 0], t)),
      (t) => 0.6 + 1 * Math.sin(Math.PI * t),
    ) +
    swell(
      range(18).map((t) => bezier([-21, -5.4], [0, -21], [21, -5.4], t)),
      (t) => 0.9 * Math.sin(Math.PI * t),
    );
  let iris = ring([0, -0.5], 10, 9) + dot([0, -0.5], 4.4) + crescent([1.2, -2], 2.3, 0.9);
  for (let a = 0; a < 360; a += 12)
    iris += thorn(polar(9.3, a, [0, -0.5]), polar(a % 24 ? 5.6 : 6.6, a, [0, -0.5]), 0.8);
  for (const x of [-16, -18.5, -21, 16, 18.5, 21]) iris += lens([x, -2.6], [x * 0.97, 0], [x, 2.4], 0.45);
  return path(wheel) + path(rays) + path(lids) + path(iris);
}

// The moon's phases, `steps` of them, laid along `places`; the last is nearest to full.
export function phase(lit, r) {
  // lit runs from 0 (new) to 1 (full); the lit limb is on the right
  const edge = r * (1 - 2 * lit);
  const limb = arc([0, 0], r, 0, 180, 18);
  const terminator = range(18, 180, 0).map((a) => [edge * Math.sin((a * Math.PI) / 180), polar(r, a)[1]]);
  return path(ring([0, 0], r + 2.6, r + 1.9) + polygon([...limb, ...terminator]) + ring([0, 0], r + 0.35, r - 0.35));
}

export function star(r) {
  if (r < 3) return path(dot([0, 0], r * 0.4));
  const small = r > 7 ? `<g transform="rotate(45)">${path(spark([0, 0], r * 0.55, 0.3))}</g>` : "";
  return path(spark([0, 0], r, 0.17)) + small;
}

// A scroll that unrolls to the right for `length` bu: stem, two volutes, leaves.
export function scroll(length) {
  const h = Math.min(15, length * 0.16);
  const stem = range(30).map((t) => [
    t * length * 0.84,
    -h * 0.62 * Math.sin(t * Math.PI * 1.5 + 0.25) * (1 - t * 0.25),
  ]);
  const volute = (cx, cy, r, from, turns, sign) =>
    range(28).map((t) => polar(r * (1 - t) ** 0.8 + 0.8, from + sign * turns * 360 * t, [cx, cy]));
  const end = stem.at(-1);
  const curl = volute(end[0] + 0.5, end[1] - h * 0.5, h * 0.5, 180, 1.35, -1);
  const start = volute(stem[0][0] + 1, stem[0][1] + h * 0.42, h * 0.42, 0, 1.2, -1);
  let d =
    swell(stem, (t) => 0.9 + 2.3 * Math.sin(Math.PI * t)) +
    swell(curl, (t) => 2 * (1 - t) + 0.6) +
    swell(start, (t) => 1.6 * (1 - t) + 0.6);
  d += dot(curl.at(-1), 1.7) + dot(start.at(-1), 1.5);
  for (const [t, dx, dy, w] of [
    [0.22, 0.12, 0.95, 2.2],
    [0.36, 0.1, -1.1, 2.4],
    [0.52, 0.13, 0.9, 2.4],
    [0.66, 0.12, -0.9, 2.2],
    [0.8, 0.1, 0.8, 1.8],
  ]) {
    const p = stem[Math.round(t * 29)];
    const q = [p[0] + length * dx, p[1] + h * dy];
    d += lens(p, [p[0] + length * dx * 0.25, p[1] + h * dy * 0.9], q, w * (h / 13));
  }
  return path(d + dot([length * 0.94, end[1] + 1], 1.5) + dot([length, end[1] + 2.2], 1));
}

// A rectangle `at` bu inside the edge, its corners bitten out by circles of radius r: path data.
export function bitten(width, height, at, r) {
  const [h, v] = [width - 2 * (at + r), height - 2 * (at + r)].map(round);
  const a = (x, y) => `a${r} ${r} 0 0 0 ${x * r} ${y * r}`;
  return `M${round(at + r)} ${round(at)}h${h}${a(1, 1)}v${v}${a(-1, 1)}h-${h}${a(-1, -1)}v-${v}${a(1, -1)}Z`;
}

// The measures of the frames. The field of pale wood begins `field` bu from the edge; see wood.mjs.
export const frames = {
  wide: { inset: 11, bite: 36, step: 11.5, field: 33 },
  tall: { inset: 7, bite: 30, step: 10, field: 27 },
};

// The frame: a strong line, a band of scallops with beads in them, a fine line round the field, a star in each corner.
// `inset` is the distance of the strong line from the edge, `bite` the radius of its corners.
export function frame(width, height, { inset, bite, step, field }) {
  const depth = step * 0.5;
  const band = inset + 4.4;
  const start = band + bite + 1.5;
  const fine = (v) => String(Number(v.toFixed(3))); // for what is relative: an error would add up along the side
  // one scallop after another, drawn along each side; beads are dashes of no length with round ends
  const side = (length, run, deep, [x, y]) => {
    const n = Math.round((length - 2 * start) / step);
    const w = (length - 2 * start) / n;
    const to = (along, inwards) =>
      `${fine(run[0] * along + deep[0] * inwards)} ${fine(run[1] * along + deep[1] * inwards)}`;
    const half = `q${to(w * 0.05, depth)} ${to(w / 2, depth)}q${to(w * 0.45, 0)} ${to(w / 2, -depth)}`;
    const beads = (along, inwards) =>
      `M${round(x + run[0] * (w * along) + deep[0] * inwards)} ${round(y + run[1] * (w * along) + deep[1] * inwards)}${run[0] ? "h" : "v"}${fine(w * (n - 1))}`;
    const dashes = `stroke-linecap="round" stroke-dasharray="0 ${fine(w)}"`;
    return (
      `<path stroke-width="1" d="M${round(x)} ${round(y)}${half.repeat(n)}"/>` +
      `<path stroke-width="2.2" ${dashes} d="${beads(0.5, depth * 0.38)}"/><path stroke-width="1.4" ${dashes} d="${beads(1, depth * 1.15)}"/>`
    );
  };
  const sides =
    side(width, [1, 0], [0, 1], [start, band]) +
    side(width, [1, 0], [0, -1], [start, height - band]) +
    side(height, [0, 1], [1, 0], [band, start]) +
    side(height, [0, 1], [-1, 0], [width - band, start]);
  const outline = (width_, at, r) => `<path stroke-width="${width_}" d="${bitten(width, height, at, r)}"/>`;
  const strokes = `<g fill="none" stroke="currentColor">${outline(2.6, inset, bite)}${outline(0.9, band, bite + 1.5)}${sides}${outline(1.2, field - 2.4, bite + 4)}</g>`;
  const corner = inset + bite * 0.24;
  const rosette =
    `<g transform="rotate(45)">${path(spark([0, 0], bite * 0.3, 0.24))}</g>` +
    path(spark([0, 0], bite * 0.46, 0.18)) +
    path([0, 90, 180, 270].map((a) => dot(polar(bite * 0.4, a + 45), 1)).join(""));
  const corners = [
    [corner, corner],
    [width - corner, corner],
    [corner, height - corner],
    [width - corner, height - corner],
  ];
  return strokes + corners.map(([x, y]) => group(`translate(${round(x)} ${round(y)})`, rosette)).join("");
}
