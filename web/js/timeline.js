/** A lane of runs over time: each a bar as long as it took, but never too short to be seen. */

import { h, s } from "./dom.js";
import { clock, duration } from "./format.js";

const WIDTH = 1000;
const HEIGHT = 22;
const SHORTEST = 4;
const STEP_HOURS = { 6: 1, 24: 4 };

/** @typedef {{ from: number, to: number }} Span milliseconds */

/** @param {any[]} runs newest first @param {Span} span @param {string} zone */
export function lane(runs, span, zone) {
  const at = (stamp) => ((Date.parse(stamp) - span.from) / (span.to - span.from)) * WIDTH;
  const drawing = s("svg", {
    class: "lane",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  drawing.append(s("line", { x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2, class: "lane-line" }));
  // Failures come last, so that nothing lies over them.
  const order = (run) => (run.status === "failed" || run.status === "crashed" ? 1 : 0);
  for (const run of [...runs].sort((one, other) => order(one) - order(other))) {
    const from = at(run.started_at);
    if (from < 0) continue;
    const to = run.completed_at === null ? WIDTH : at(run.completed_at);
    const left = Math.min(from, WIDTH - SHORTEST); // one that began just now is seen, too
    const tall = run.status === "skipped" ? 6 : 16;
    const bar = s("rect", {
      x: left,
      y: (HEIGHT - tall) / 2,
      width: Math.max(SHORTEST, to - from),
      height: tall,
      class: `run-${run.status}`,
    });
    bar.append(s("title", {}, words(run, zone)));
    drawing.append(bar);
  }
  return drawing;
}

/** The clock above the lanes. @param {Span} span @param {string} zone */
export function laneAxis(span, zone) {
  const hours = Math.round((span.to - span.from) / 3_600_000);
  const step = (STEP_HOURS[hours] ?? hours / 6) * 3_600_000;
  const marks = [];
  for (let at = Math.ceil(span.from / step) * step; at < span.to - step / 4; at += step) {
    const mark = h("span", {}, clock(at, zone));
    mark.style.left = `${((at - span.from) / (span.to - span.from)) * 100}%`;
    marks.push(mark);
  }
  return h("div", { class: "lane-axis", "aria-hidden": "true" }, marks);
}

function words(run, zone) {
  const took =
    run.completed_at === null
      ? ""
      : `, took ${duration(Date.parse(run.completed_at) - Date.parse(run.started_at))}`;
  return `${clock(run.started_at, zone)} ${run.status}${took}${run.error_text ? `: ${run.error_text}` : ""}`;
}
