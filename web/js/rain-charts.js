/** Two charts of one water year that share their days: daily rain as bars, and the running total beside what is normal. */

import { axis, plotIn, shading, timeAxis, uPlot, whenMeasurable } from "./chart.js";
import { h, put } from "./dom.js";
import { date, inches } from "./format.js";
import { gapWords } from "./gap-words.js";
import { colour } from "./theme.js";

const BARS_HEIGHT = 160;
const TOTAL_HEIGHT = 220;
const LEFT_AXIS = 46;
const DAY = 86_400;

/**
 * @param {import("./rain-year.js").RainYear} year
 * @param {any[]} gaps placed by their local dates
 * @param {string} name of the gauge @param {AbortSignal} signal
 */
export function rainCharts(year, gaps, name, signal) {
  let active = null;
  const spans = () => gaps.map((gap) => ({ ...gap.x, active: gap === active }));
  const readout = h("p", { class: "readout", "aria-live": "polite" });
  const bars = h("div", { class: "plot" });
  const totals = h("div", { class: "plot" });
  const element = h(
    "div",
    { class: "charts" },
    readout,
    h("h3", { class: "plot-title" }, "Daily rain, inches"),
    bars,
    h("h3", { class: "plot-title" }, "Running total since 1 October, inches"),
    totals,
    key(year, gaps),
  );
  const plots = [];

  /** Where no day is pointed at, also when a plot has just been drawn, the chosen gap is told. */
  function tell(index) {
    const isDay = index !== null && index !== undefined;
    put(readout, isDay ? ofDay(year, gaps, index) : active ? gapWords(active) : resting(year));
  }

  const shared = {
    cursor: { sync: { key: "rain-year" }, y: false, points: { size: 7 }, drag: { x: false, y: false } },
    legend: { show: false },
    hooks: { setCursor: [(plot) => tell(plot.cursor.idx)] },
    plugins: [shading(spans)],
  };
  const x = timeAxis({ values: (_, times) => times.map(monthOf), space: 40 });
  // The bar of the last day ends with that day.
  const time = { x: { time: true, range: () => [year.x[0], year.x.at(-1) + DAY] } };
  const tzDate = (stamp) => uPlot.tzDate(new Date(stamp * 1000), "Etc/UTC");
  const y = (least) => ({ range: (_, low, high) => [0, Math.max(least, (high ?? 0) * 1.08)] });

  function draw() {
    const line = (token, more) => ({
      stroke: () => colour(token),
      width: 2,
      points: { show: false },
      ...more,
    });
    const faint = { stroke: "transparent", width: 0, points: { show: false } };
    plots.push(
      plotIn(
        bars,
        {
          ...shared,
          height: BARS_HEIGHT,
          tzDate,
          scales: { ...time, y: y(0.5) },
          axes: [x, axis({ size: LEFT_AXIS })],
          series: [
            {},
            line("--chart-rain", {
              fill: () => colour("--chart-rain"),
              width: 0,
              paths: uPlot.paths.bars({ size: [0.8, 14, 1], align: 1 }),
            }),
          ],
        },
        [year.x, year.rain],
        { signal, label: `Daily rain of ${name}` },
      ),
      plotIn(
        totals,
        {
          ...shared,
          height: TOTAL_HEIGHT,
          tzDate,
          scales: { ...time, y: y(1) },
          axes: [x, axis({ size: LEFT_AXIS })],
          bands: [{ series: [2, 1], fill: () => colour("--chart-band") }],
          series: [
            {},
            faint,
            faint,
            line("--chart-median", { width: 1.5, dash: [5, 4] }),
            line("--chart-rain"),
            line("--chart-rain", { dash: [2, 3] }),
          ],
        },
        [year.x, year.low, year.high, year.median, year.total, year.atLeast],
        { signal, label: `Running total of ${name} beside what is normal` },
      ),
    );
  }

  tell(null);
  whenMeasurable(signal, draw);
  return {
    element,
    /** Show one gap as chosen. @param {any | null} gap */
    mark(gap) {
      active = gap;
      for (const { plot } of plots) plot.redraw(false);
      tell(null);
    },
  };
}

function monthOf(stamp) {
  return new Date(stamp * 1000).toLocaleString("en-US", { month: "short", timeZone: "UTC" });
}

function resting(year) {
  if (year.lastKnown < 0) return "No daily rain is stored for this water year.";
  return ofDay(year, [], year.lastKnown);
}

/** One day in a line: its rain, the total up to it, what is normal, and why it is missing. */
function ofDay(year, gaps, index) {
  const gap = gaps.find(({ x }) => year.x[index] >= x.from && year.x[index] + DAY <= x.to);
  const rain = year.rain[index];
  const total = year.total[index] ?? year.atLeast[index];
  const atLeast = year.total[index] === null ? "at least " : "";
  const median = year.median[index];
  return [
    h("b", {}, date(year.dates[index])),
    rain === null ? (index > year.lastKnown ? "not known yet" : "missing") : `${inches(rain)} in`,
    total !== null && `total ${atLeast}${inches(total)} in`,
    median !== null &&
      `normal ${inches(median)} in (${inches(year.low[index])} to ${inches(year.high[index])})`,
    gap && gapWords(gap),
  ]
    .filter(Boolean)
    .flatMap((part, place) =>
      place === 0 ? [part] : [h("span", { class: "dot", "aria-hidden": "true" }, "·"), h("span", {}, part)],
    );
}

function key(year, gaps) {
  const hasBand = year.median.some((value) => value !== null);
  const item = (kind, label) =>
    h("li", {}, h("i", { class: `key key-${kind}`, "aria-hidden": "true" }), label);
  return h(
    "ul",
    { class: "legend" },
    item("line", "this water year"),
    year.missing > 0 && item("dots", "at least, after a missing day"),
    hasBand && item("dash", "median of the record"),
    hasBand && item("band", "10 to 90 % of its years"),
    gaps.length > 0 && item("gap", "gap"),
  );
}
