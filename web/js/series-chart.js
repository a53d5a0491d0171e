/** One series of a stream gauge as a line. Zooming asks the API again, for the points that the new span deserves. */

import { airy, axis, plotIn, timeAxis, timeTicks, uPlot, whenMeasurable } from "./chart.js";
import { h, put } from "./dom.js";
import { moment, reading, unitWords, utc, zoneName } from "./format.js";
import { colour } from "./theme.js";

const HEIGHT = 250;
const SHORTEST_SILENCE = 6 * 3600; // many gauges speak every few hours only
const SILENT_STEPS = 8; // so many times the usual step without a value: a line over that would be an invention

/**
 * @param {{ unit: string, time_zone: string, items: { reading_time: string, value: number }[] }} answer
 * @param {{ title: string, label: string, signal: AbortSignal, onzoom: (from: number, to: number) => void, span: { from: number, to: number } }} given
 *   times in seconds
 */
export function seriesChart(answer, { title, label, signal, onzoom, span }) {
  const zone = answer.time_zone;
  const readout = h("p", { class: "readout", "aria-live": "polite" });
  const place = h("div", { class: "plot" });
  const data = broken(answer.items);
  const last = answer.items.at(-1);
  const tell = (index) => {
    const at = index === null || index === undefined ? null : data[0][index];
    const value = at === null ? last?.value : data[1][index];
    const stamp = at === null ? last?.reading_time : at * 1000;
    put(
      readout,
      stamp === undefined
        ? "No reading in this span."
        : [
            h("b", { title: utc(stamp) }, `${moment(stamp, zone)} ${zoneName(zone, stamp)}`),
            h("span", { class: "dot", "aria-hidden": "true" }, "·"),
            value === null ? "no data" : `${reading(value, answer.unit)} ${unitWords(answer.unit)}`,
          ],
    );
  };
  const zoomed = (plot) => {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [left, left + width].map((at) => plot.posToVal(at, "x"));
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    onzoom(from, to);
  };
  whenMeasurable(signal, () =>
    plotIn(
      place,
      {
        height: HEIGHT,
        tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1000), zone),
        cursor: { y: false, drag: { x: true, y: false, setScale: false } },
        legend: { show: false },
        hooks: { setCursor: [(plot) => tell(plot.cursor.idx)], setSelect: [zoomed] },
        scales: { x: { time: true, range: () => [span.from, span.to] }, y: { range: airy } },
        axes: [
          timeAxis({ space: 70, values: timeTicks(zone) }),
          axis({ size: 56, values: (_, ticks) => ticks.map(tickWords) }),
        ],
        series: [
          {},
          {
            stroke: () => colour("--chart-line"),
            width: 1.75,
            points: { show: data[0].length < 60, size: 5 },
            spanGaps: false,
          },
        ],
      },
      data,
      { signal, label },
    ),
  );
  tell(null);
  return h("div", { class: "charts" }, readout, h("h3", { class: "plot-title" }, title), place);
}

/** Every digit of it: looked at closely, a lake's 1,043.2 and 1,043.4 ft are two ticks. @param {number} tick */
function tickWords(tick) {
  return tick.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

/** Times in seconds and their values, with a null where the gauge was silent, so that no line hides it. */
export function broken(items) {
  const stamps = items.map(({ reading_time }) => Date.parse(reading_time) / 1000);
  const steps = stamps.slice(1).map((at, index) => at - stamps[index]);
  const usual = Float64Array.from(steps).sort()[steps.length >> 1] ?? 0;
  const silence = Math.max(SHORTEST_SILENCE, SILENT_STEPS * usual);
  const times = [];
  const values = [];
  items.forEach(({ value }, index) => {
    if (steps[index - 1] > silence) {
      times.push(stamps[index - 1] + 1);
      values.push(null);
    }
    times.push(stamps[index]);
    values.push(value);
  });
  return [times, values];
}
