/** Drawing the map on its canvas: outlines, gauges and the labels that find room. Knows no data but what it is given. */

/** Below this scale the counties' borders would be a smudge. */
const COUNTIES_FROM = 4;
const STATES_NAMED_FROM = 1.2;
const FULL_TURN = 2 * Math.PI;
const LABEL_HEIGHT = 14;
const MOST_LABELLED = 600;
const MOST_ALONE = 1500;
const ALWAYS_LABELLED = 3; // the greatest are what people look for: their words may lie over lesser gauges

/**
 * @typedef {{ x: number, y: number, radius: number, fill: string | null, stroke: string | null, shape: "dot" | "ring" | "cross" | "triangle", label: string, rank: number }} Dot
 * @typedef {{ path: Path2D, kind: string, name: string, at: [number, number] }} Outline
 * @typedef {Record<"land" | "border" | "county" | "place" | "halo" | "ink", string>} Palette
 */

/** @param {CanvasRenderingContext2D} context @param {Outline[]} outlines @param {import("./map-view.js").View} view @param {Palette} palette */
export function drawOutlines(context, outlines, view, palette, ratio) {
  const near = view.scale >= COUNTIES_FROM;
  context.save();
  context.setTransform(view.scale * ratio, 0, 0, view.scale * ratio, view.x * ratio, view.y * ratio);
  for (const { path, kind } of outlines) {
    if (kind === "state") {
      context.fillStyle = palette.land;
      context.fill(path);
    } else if (!near) continue;
    context.strokeStyle = kind === "state" ? palette.border : palette.county;
    context.lineWidth = (kind === "state" ? 1.2 : 0.8) / view.scale;
    context.stroke(path);
  }
  context.restore();
}

/**
 * Those that come later lie above. Where there are very many, neighbours of one look are drawn as one shape.
 * @param {CanvasRenderingContext2D} context @param {Dot[]} dots
 */
export function drawDots(context, dots) {
  const isCrowded = dots.length > MOST_ALONE;
  for (let index = 0; index < dots.length; index += 1) {
    const dot = dots[index];
    const isNew = index === 0 || !isCrowded || look(dots[index - 1]) !== look(dot);
    if (isNew) context.beginPath();
    OUTLINES[dot.shape](context, dot);
    const next = dots[index + 1];
    if (isCrowded && next && look(next) === look(dot)) continue;
    context.lineWidth = dot.shape === "cross" ? 2.5 : 1.5;
    if (dot.fill) {
      context.fillStyle = dot.fill;
      context.fill();
    }
    if (dot.stroke) {
      context.strokeStyle = dot.stroke;
      context.stroke();
    }
  }
}

function look(dot) {
  return `${dot.shape} ${dot.fill} ${dot.stroke}`;
}

const OUTLINES = {
  dot: circle,
  ring: circle,
  cross(context, { x, y, radius }) {
    const arm = radius * 0.8;
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
  },
  triangle(context, { x, y, radius }) {
    context.moveTo(x, y - radius * 1.15);
    context.lineTo(x + radius * 1.1, y + radius * 0.85);
    context.lineTo(x - radius * 1.1, y + radius * 0.85);
    context.closePath();
  },
};

function circle(context, { x, y, radius }) {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, FULL_TURN);
}

/** Where a town's name may stand, from its point: to the right, to the left, above, below. */
const BESIDE = [
  () => [5, 0],
  (width) => [-width - 5, 0],
  (width) => [-width / 2, -11],
  (width) => [-width / 2, 11],
];
const CENTRED = [(width) => [-width / 2, 0]];

/**
 * Write the names of towns, the larger first, and of counties or states, where they have room: above the gauges, but
 * over none that has something to say.
 * @param {{ name: string, at: [number, number] }[]} towns @param {Outline[]} outlines
 * @param {{ view: import("./map-view.js").View, palette: Palette, dots: Dot[] }} given
 * @returns {number[][]} the boxes that they take
 */
export function drawNames(context, towns, outlines, { view, palette, dots }) {
  const taken = [];
  const isNear = view.scale >= COUNTIES_FROM;
  const spared = dots.length > MOST_ALONE ? [] : dots.filter(({ label }) => label).map(around);
  const isFree = (box) => ![taken, spared].some((boxes) => boxes.some((other) => overlap(box, other)));
  const write = (words, [x, y], offsets) => {
    const { width } = context.measureText(words);
    for (const offset of offsets) {
      const [right, down] = offset(width);
      const [left, middle] = [x + view.x + right, y + view.y + down];
      const box = [left - 3, middle - LABEL_HEIGHT / 2, left + width, middle + LABEL_HEIGHT / 2];
      if (!isFree(box)) continue;
      taken.push(box);
      haloed(context, words, left, middle + 4, { halo: palette.land, ink: palette.place });
      return true;
    }
    return false;
  };
  const scaled = (at) => at.map((each) => each * view.scale);
  context.textAlign = "left";
  context.font = "500 12px 'Public Sans', system-ui, sans-serif";
  for (const { name, at } of isNear ? towns : []) {
    const [x, y] = scaled(at);
    if (write(name, [x, y], BESIDE)) context.fillRect(x + view.x - 1.5, y + view.y - 1.5, 3, 3);
  }
  context.font = "500 10.5px 'Public Sans', system-ui, sans-serif";
  const named = outlines.filter(
    ({ kind }) => (kind === "county") === isNear && view.scale > STATES_NAMED_FROM,
  );
  for (const { name, at } of named) write(name.toUpperCase(), scaled(at), CENTRED);
  return taken;
}

/** Write the labels that overlap nothing, the highest rank first; the very highest only avoid other words. @param {Dot[]} dots @param {number[][]} boxes @param {Palette} palette */
export function drawLabels(context, dots, boxes, palette, most = 80) {
  if (dots.length > MOST_LABELLED) return; // so many leave no room for words
  const words = [...boxes];
  const covered = dots.map(around);
  context.font = "600 11.5px 'Public Sans', system-ui, sans-serif";
  context.textAlign = "left";
  let written = 0;
  for (const dot of [...dots].sort((one, other) => other.rank - one.rank)) {
    if (!dot.label || written >= most) continue;
    const left = dot.x + dot.radius + 3;
    const box = [
      left,
      dot.y - LABEL_HEIGHT / 2,
      left + context.measureText(dot.label).width,
      dot.y + LABEL_HEIGHT / 2,
    ];
    const avoided = written < ALWAYS_LABELLED ? [words] : [words, covered];
    if (avoided.some((taken) => taken.some((other) => overlap(box, other)))) continue;
    words.push(box);
    written += 1;
    haloed(context, dot.label, left, dot.y + 4, palette);
  }
}

function haloed(context, words, left, base, { halo, ink }) {
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = halo;
  context.strokeText(words, left, base);
  context.fillStyle = ink;
  context.fillText(words, left, base);
}

function around({ x, y, radius }) {
  return [x - radius, y - radius, x + radius, y + radius];
}

function overlap(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}
