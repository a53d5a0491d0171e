/** A stream gauge's series: which one, over what time, as a line and as a table. */

import { get, part } from "./api.js";
import { behindChart, card, conditionMark, dropDown, segmented, time } from "./cells.js";
import { condition } from "./condition.js";
import { downloadButtons } from "./downloads.js";
import { h, put, renew } from "./dom.js";
import { moment, reading, unitWords } from "./format.js";
import { seriesChart } from "./series-chart.js";
import { changeWords, fileOf, nameOf, table } from "./series-words.js";
import { filled, nothing } from "./states.js";

const HOUR = 3600;
const SPANS = [
  { value: "24h", label: "24 h", seconds: 24 * HOUR },
  { value: "7d", label: "7 d", seconds: 7 * 24 * HOUR },
  { value: "30d", label: "30 d", seconds: 30 * 24 * HOUR },
  { value: "1y", label: "1 y", seconds: 366 * 24 * HOUR },
];
const POINTS = 1500; // more than a screen is wide, so that a line loses nothing that could be seen
const MOST_BUTTONS = 3;
const OLDEST_CHART_MILLISECONDS = 15 * 60_000; // its right edge is now: the line of a silent gauge must leave it

/** @param {any} gauge @param {any[]} all its series with values of moments @param {AbortSignal} signal */
export function seriesSection(gauge, all, signal) {
  let series =
    all.find((each) => each.parameter_code === "00065") ??
    all.find(({ latest_reading_time: at }) => at !== null) ??
    all[0];
  let span = SPANS[1].value;
  let leaving = new AbortController();
  let drawing = new AbortController();
  let drawn = { newest: null, at: 0 }; // the newest reading that the chart knows, and when it was asked for
  const content = h("div");
  const downloads = h("div");
  const whole = h(
    "button",
    { type: "button", class: "button button-small", hidden: true, onclick: () => load() },
    "Whole span",
  );

  /** @param {{ from: number, to: number } | null} zoomed seconds */
  function load(zoomed = null) {
    leaving.abort();
    leaving = new AbortController();
    put(downloads);
    whole.hidden = zoomed === null;
    const shown = zoomed ?? spanNow();
    const both = AbortSignal.any([signal, leaving.signal]);
    filled(content, "readings", () => chartOf(series, shown, both));
  }

  function spanNow() {
    const end = Date.now() / 1000;
    return { from: end - SPANS.find(({ value }) => value === span).seconds, to: end };
  }

  async function chartOf(series, shown, alive) {
    const stamp = (at) => new Date(at * 1000).toISOString().slice(0, 19) + "Z";
    const query = {
      parameter: series.parameter_code,
      method: series.method || null,
      from: stamp(shown.from),
      to: stamp(shown.to),
      points: POINTS,
    };
    const answer = await get(`/gauges/${part(gauge.station_id)}/readings`, query, alive);
    drawing.abort(); // of what this takes the place of
    drawing = new AbortController();
    drawn = { newest: series.latest_reading_time, at: Date.now() };
    put(
      downloads,
      downloadButtons(`${gauge.station_id}_${series.parameter_code}`, () => fileOf(gauge, series, answer)),
    );
    put(change, isRain(series) ? null : changeWords(answer, series.latest_reading_time));
    if (answer.items.length === 0) return nothing("No reading in this span", newest(series));
    const onzoom = (from, to) => load({ from, to });
    return [
      seriesChart(answer, {
        title: `${nameOf(series)} (${unitWords(answer.unit)})`,
        label: `${nameOf(series)} of ${gauge.name}`,
        signal: AbortSignal.any([alive, drawing.signal]),
        onzoom,
        span: shown,
      }),
      behindChart("The same as a table", () => table(series, answer)),
    ];
  }

  const newest = (of) =>
    of.latest_reading_time
      ? `Its newest is of ${moment(of.latest_reading_time, gauge.time_zone)}.`
      : "None is stored yet.";
  const latest = h("p", { class: "verdict" });
  const change = h("span", { class: "verdict-change" });
  const tell = () => {
    const state = condition({ ...series, time_zone: gauge.time_zone }, series.latest_reading_time);
    const value = series.latest_reading_value;
    put(
      latest,
      value === null
        ? "No reading is stored yet."
        : [h("b", {}, `${reading(value, series.unit)} ${unitWords(series.unit)}`), change],
      // What nobody polls has no condition, but an age.
      h("span", { class: "verdict-mark" }, isPolled(series) ? conditionMark(state) : age(value)),
    );
  };
  const age = (value) =>
    value === null ? null : time(series.latest_reading_time, gauge.time_zone, { relative: true });
  const choose = (id) => {
    series = all.find((each) => String(each.series_id) === id);
    put(change);
    tell();
    load();
  };
  const options = all.map((each) => ({ value: String(each.series_id), label: nameOf(each) }));
  const chooser = {
    legend: "What is measured",
    name: "series",
    options,
    value: String(series.series_id),
    onchange: choose,
  };
  /** Go on with what is newer; a chart that somebody looks into stays. @param {any[]} newer the gauge's series */
  function update(newer) {
    const before = series.latest_reading_time;
    all = all.map((one) => newer.find((other) => other.series_id === one.series_id) ?? one);
    series = all.find((each) => each.series_id === series.series_id);
    if (series.latest_reading_time !== before) put(change); // it was of another value
    tell();
    const isLookedInto = !whole.hidden || content.matches(":hover, :focus-within");
    const isNew = series.latest_reading_time === drawn.newest && Date.now() - drawn.at < OLDEST_CHART_MILLISECONDS;
    if (isNew || isLookedInto || content.querySelector(".state-loading")) return;
    chartOf(series, spanNow(), AbortSignal.any([signal, leaving.signal])).then(
      (found) => renew(content, found),
      () => {}, // the next one may succeed; the gauge's own refresh tells when the API is not reached
    );
  }

  tell();
  load();
  const element = card(
    {
      id: "series",
      title: "Readings",
      tools: h(
        "div",
        { class: "card-tools" },
        options.length > 1 && (options.length <= MOST_BUTTONS ? segmented(chooser) : dropDown(chooser)),
        segmented({
          legend: "Time span",
          name: "span",
          options: SPANS,
          value: span,
          onchange: (value) => {
            span = value;
            load();
          },
        }),
        whole,
        downloads,
      ),
    },
    latest,
    content,
    h(
      "p",
      { class: "note card-body" },
      h("span", { class: "for-mouse" }, "Drag over the line to look closer. "),
      "Of each stretch of time the least and the greatest value are drawn.",
    ),
  );
  return { element, update };
}

function isRain(series) {
  return series.parameter_code === "00045";
}

function isPolled(series) {
  return series.status !== null;
}
