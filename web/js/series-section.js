/** A stream gauge's series: which one, over what time, as a line and as a table. */

import { get, part } from "./api.js";
import { behindChart, card, conditionMark, dropDown, plainTable, segmented, time } from "./cells.js";
import { condition } from "./condition.js";
import { downloadButtons } from "./downloads.js";
import { h, put } from "./dom.js";
import { moment, reading, unitWords, utc, words } from "./format.js";
import { seriesChart } from "./series-chart.js";
import { filled, nothing } from "./states.js";

const HOUR = 3600;
const SPANS = [
  { value: "24h", label: "24 h", seconds: 24 * HOUR },
  { value: "7d", label: "7 d", seconds: 7 * 24 * HOUR },
  { value: "30d", label: "30 d", seconds: 30 * 24 * HOUR },
  { value: "1y", label: "1 y", seconds: 366 * 24 * HOUR },
];
const POINTS = 1500; // more than a screen is wide, so that a line loses nothing that could be seen
const MOST_ROWS = 500;
const MOST_BUTTONS = 3;

/** @param {any} gauge @param {any[]} all its series with values of moments @param {AbortSignal} signal */
export function seriesSection(gauge, all, signal) {
  let series =
    all.find((each) => each.parameter_code === "00065") ??
    all.find(({ latest_reading_time: at }) => at !== null) ??
    all[0];
  let span = SPANS[1].value;
  let leaving = new AbortController();
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
    const end = Date.now() / 1000;
    const shown = zoomed ?? { from: end - SPANS.find(({ value }) => value === span).seconds, to: end };
    const both = AbortSignal.any([signal, leaving.signal]);
    filled(content, "readings", () => drawn(series, shown, both));
  }

  async function drawn(series, shown, alive) {
    const stamp = (at) => new Date(at * 1000).toISOString().slice(0, 19) + "Z";
    const query = {
      parameter: series.parameter_code,
      method: series.method || null,
      from: stamp(shown.from),
      to: stamp(shown.to),
      points: POINTS,
    };
    const answer = await get(`/gauges/${part(gauge.station_id)}/readings`, query, alive);
    put(
      downloads,
      downloadButtons(`${gauge.station_id}_${series.parameter_code}`, () => fileOf(gauge, series, answer)),
    );
    if (answer.items.length === 0) return nothing("No reading in this span", newest(series));
    const onzoom = (from, to) => load({ from, to });
    return [
      seriesChart(answer, {
        label: `${nameOf(series)} of ${gauge.name}`,
        signal: alive,
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
  const tell = () =>
    put(
      latest,
      series.latest_reading_value === null
        ? "No reading is stored yet."
        : [
            h("b", {}, `${reading(series.latest_reading_value, series.unit)} ${unitWords(series.unit)}`),
            " ",
            time(series.latest_reading_time, gauge.time_zone, { relative: true }),
            " ",
          ],
      h(
        "span",
        { class: "verdict-mark" },
        conditionMark(condition({ ...series, time_zone: gauge.time_zone }, series.latest_reading_time)),
      ),
    );
  const choose = (id) => {
    series = all.find((each) => String(each.series_id) === id);
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
  tell();
  load();
  return card(
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
      "Drag over the line to look closer. Of each stretch its least and its greatest value are drawn.",
    ),
  );
}

/** "Stage"; of several series of one parameter also which: "Rainfall, past 24 h". */
function nameOf(series) {
  return series.method ? `${series.parameter}, ${words(series.method)}` : series.parameter;
}

function table(series, answer) {
  const rows = answer.items.slice(-MOST_ROWS).toReversed();
  const columns = [
    { label: "Time" },
    { label: "UTC" },
    { label: `${nameOf(series)}, ${unitWords(answer.unit)}`, numeric: true },
  ];
  return plainTable(
    `Newest ${rows.length} of ${answer.items.length} values shown`,
    columns,
    rows.map((each) => [
      moment(each.reading_time, answer.time_zone),
      utc(each.reading_time),
      reading(each.value, answer.unit),
    ]),
  );
}

function fileOf(gauge, series, answer) {
  return {
    columns: ["station_id", "parameter_code", "method", "reading_time", "value", "unit", "approved"],
    rows: answer.items.map((each) => [
      gauge.station_id,
      series.parameter_code,
      series.method,
      each.reading_time,
      each.value,
      answer.unit,
      each.approved,
    ]),
    about: {
      station_id: gauge.station_id,
      name: gauge.name,
      parameter: series.parameter,
      unit: answer.unit,
      time_zone: answer.time_zone,
      points: answer.points,
    },
  };
}
