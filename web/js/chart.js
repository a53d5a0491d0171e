/** What all charts share: uPlot, its colours, axes, shading, and moving the cursor by keyboard. */

import uPlot from "../vendor/uplot/uplot.min.js";
import { h } from "./dom.js";
import { clock, day } from "./format.js";
import { colour, onTheme } from "./theme.js";

export { uPlot };

const FONT = "12px 'Public Sans', system-ui, sans-serif";
const DAY = 86_400;
const MONTH = 28 * DAY;
const STYLES = "vendor/uplot/uplot.min.css";

/** @type {Promise<any> | null} */
let styled = null;

/** uPlot's own styles, asked for with the first page that has charts: the page Now does without them. */
export function chartStyles() {
  styled ??= new Promise((done) => {
    // A chart without its styles is better than none.
    const link = h("link", { rel: "stylesheet", href: STYLES, onload: done, onerror: done });
    document.head.prepend(link);
  });
  return styled;
}

/**
 * Draw when a plot can be measured: its place is in the page, and the styles by which its layers lie above each other.
 * @param {AbortSignal} signal @param {() => void} draw
 */
export function whenMeasurable(signal, draw) {
  chartStyles().then(() => requestAnimationFrame(() => !signal.aborted && draw()));
}

/**
 * Words for the ticks of a time axis: the clock within days, else the date; midnight is named by its date.
 * @param {string} zone
 */
export function timeTicks(zone) {
  return (_, times, __, ___, step) =>
    times.map((at) => {
      const time = clock(at * 1000, zone);
      if (step < DAY && time !== "00:00") return time;
      const words = day(at * 1000, zone); // 28 Nov 2026
      return step < MONTH ? words.replace(/ \d+$/, "") : words.replace(/^\d+ /, "");
    });
}

/** A range with some air around what is drawn, also where nothing varies. */
export function airy(_, low, high) {
  if (low === null) return [0, 1];
  const air = Math.max((high - low) * 0.08, Math.abs(high) * 0.02, 0.05);
  return [low >= 0 && low - air < 0 ? 0 : low - air, high + air];
}

/** A time axis is as high as one line of words: uPlot leaves room for two. @param {object} [more] */
export function timeAxis(more = {}) {
  return axis({ size: 34, ...more });
}

/** @param {object} [more] */
export function axis(more = {}) {
  return {
    font: FONT,
    stroke: () => colour("--ink-3"),
    grid: { stroke: () => colour("--chart-grid"), width: 1 },
    ticks: { stroke: () => colour("--chart-grid"), width: 1, size: 4 },
    ...more,
  };
}

/**
 * Shade spans of the x axis behind what is drawn.
 * @param {() => { from: number, to: number, active?: boolean }[]} spans in seconds
 */
export function shading(spans) {
  const draw = (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const span of spans()) {
      const left = Math.max(bbox.left, plot.valToPos(span.from, "x", true));
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(span.to, "x", true));
      if (right <= left) continue;
      ctx.fillStyle = colour(span.active ? "--chart-gap-active" : "--chart-gap");
      ctx.fillRect(left, bbox.top, Math.max(right - left, devicePixelRatio), bbox.height);
    }
    ctx.restore();
  };
  return { hooks: { drawClear: draw } };
}

/**
 * Draw a plot into a place: as wide as it is, again when the colours change, gone with the page. The arrow keys move
 * its cursor from value to value, Home and End to the ends.
 * @param {HTMLElement} place @param {object} options uPlot's, without the width @param {any[]} data
 * @param {{ signal: AbortSignal, label: string }} given
 */
export function plotIn(place, options, data, { signal, label }) {
  const plot = new uPlot({ ...options, width: Math.max(200, place.clientWidth) }, data, place);
  const observer = new ResizeObserver(() => {
    if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: options.height });
  });
  observer.observe(place);
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", `${label}. Arrow keys read its values.`);
  const move = (event) => {
    const last = plot.data[0].length - 1;
    const at = plot.cursor.idx ?? -1;
    const to = { ArrowRight: at + 1, ArrowLeft: at < 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, to));
    plot.setCursor({
      left: plot.valToPos(plot.data[0][index], "x"),
      top: plot.bbox.height / devicePixelRatio / 2,
    });
  };
  place.addEventListener("keydown", move);
  const gone = () => {
    observer.disconnect();
    place.removeEventListener("keydown", move);
    plot.destroy();
  };
  signal.addEventListener("abort", gone, { once: true });
  onTheme(() => plot.redraw(false), signal);
  return { plot, gone };
}
