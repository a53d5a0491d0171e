/** The page of one gauge: where it is and how it does, its rain, its stream, and what its record is worth. */

import { FRESH, get, part } from "./api.js";
import { card, conditionMark, figure, outdated, time } from "./cells.js";
import { chartStyles } from "./chart.js";
import { condition, gaugeCondition } from "./condition.js";
import { h, icon, renew } from "./dom.js";
import { every } from "./every.js";
import { clock, count, date, inches, networkName, reading, unitWords } from "./format.js";
import { measuresRain, rainKnown, rainNow } from "./rain-now.js";
import { rainSection } from "./rain-section.js";
import { recordSection } from "./record-section.js";
import { seriesSection } from "./series-section.js";
import { filled } from "./states.js";

const REFRESH_SECONDS = 60;
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const INSTANTANEOUS = "00011"; // USGS's code of a value of one moment; the others are statistics of days

/** @type {import("./main.js").Page} */
export function show(place, stationId, signal) {
  document.title = `${stationId} · Gaugehouse`;
  chartStyles(); // beside the gauge's data, not after it
  const ask = () => get(`/gauges/${part(stationId)}`, {}, signal, FRESH);
  filled(place, "the gauge", async () => {
    const gauge = await ask();
    document.title = `${gauge.name} · Gaugehouse`;
    const rain = h("div");
    const record = h("div");
    const polled = gauge.series.filter((series) => series.statistic === INSTANTANEOUS);
    const isRain = gauge.record !== null || gauge.series.length === 0 || measuresRain(gauge);
    if (isRain) filled(rain, "daily rain", () => rainSection(gauge, signal));
    if (isRain) filled(record, "the record's proof", () => recordSection(gauge, signal));
    const top = h("div", {}, topOf(gauge));
    const stream = polled.length > 0 ? seriesSection(gauge, polled, signal) : null;
    let [known, toldAt, isOld] = [gauge, Date.now(), false];
    const refresh = async () => {
      try {
        [known, toldAt, isOld] = [await ask(), Date.now(), false];
        renew(top, topOf(known));
        stream?.update(known.series);
      } catch (error) {
        if (error.name === "AbortError") return;
        const told = outdated(`${clock(toldAt, ZONE)}, your time`);
        // The ages go on. That they do is said once: a screen reader breaks off for an alert.
        renew(top, topOf(known, h("p", { class: "note", role: isOld ? null : "alert" }, told)));
        isOld = true;
      }
    };
    every(REFRESH_SECONDS, refresh, signal);
    return [
      top,
      h(
        "div",
        { class: "gauge" },
        h(
          "div",
          { class: "gauge-main" },
          isRain && rain,
          stream?.element,
        ),
        h("div", { class: "gauge-side" }, about(gauge), isRain && record),
      ),
    ];
  });
}

/** What is renewed while somebody looks. @param {Node | null} [warning] */
function topOf(gauge, warning = null) {
  return [heading(gauge, warning), h("dl", { class: "figures" }, figuresOf(gauge))];
}

function heading(gauge, warning) {
  const place = [
    gauge.city,
    gauge.county &&
      (/ (County|Parish|Borough)$/.test(gauge.county) ? gauge.county : `${gauge.county} County`),
    gauge.state,
  ]
    .filter(Boolean)
    .join(", ");
  return h(
    "div",
    { class: "page-head" },
    h(
      "div",
      {},
      h("a", { href: "#/", class: "crumb" }, icon("back"), "All gauges"),
      h("h1", {}, gauge.name),
      h(
        "p",
        { class: "lead" },
        [gauge.station_id, networkName(gauge.network), place].filter(Boolean).join(" · "),
      ),
    ),
    h(
      "div",
      {},
      h("p", { class: "lead" }, conditionMark(gaugeCondition(gauge))),
      warning,
    ),
  );
}

function figuresOf(gauge) {
  const rain = (hours) => {
    const known = rainKnown(gauge, hours);
    const age = known.at === null ? null : time(known.at, gauge.time_zone, { relative: true });
    const isOld = known.inches !== null && rainNow(gauge, hours) === null;
    const value =
      known.inches === null || isOld
        ? h("span", { class: "missing" }, isOld ? "not known now" : "missing")
        : [inches(known.inches), h("span", { class: "unit" }, " in")];
    return figure(`Rain in ${hours} h`, value, isOld ? [`${inches(known.inches)} in, `, age] : age);
  };
  const ofSeries = (series) => {
    const value = series.latest_reading_value;
    if (value === null) return figure(series.parameter, "no reading", "none is stored yet");
    const state = condition({ ...series, time_zone: gauge.time_zone }, series.latest_reading_time);
    return figure(
      series.parameter,
      [reading(value, series.unit), h("span", { class: "unit" }, ` ${unitWords(series.unit)}`)],
      state.tone === "reporting"
        ? time(series.latest_reading_time, gauge.time_zone, { relative: true })
        : conditionMark(state),
    );
  };
  const { record } = gauge;
  return [
    measuresRain(gauge) && (rainKnown(gauge, 1).at === null ? [6, 24] : [1, 6, 24]).map(rain),
    gauge.series.filter(isStream).slice(0, 3).map(ofSeries),
    record &&
      figure("Record", count(record.days), `days, ${date(record.first_date)} to ${date(record.last_date)}`),
    record &&
      figure(
        "Missing",
        count(record.missing_days),
        `${record.missing_days === 1 ? "day" : "days"} within it`,
      ),
  ]
    .flat(2)
    .filter(Boolean);
}

function isStream(series) {
  return series.statistic === INSTANTANEOUS && series.parameter_code !== "00045" && series.status !== null;
}

function about(gauge) {
  const facts = {
    "Agency's id": [
      gauge.station_id,
      gauge.previous_ids.length > 0 && ` (formerly ${gauge.previous_ids.join(", ")})`,
    ],
    Network: [networkName(gauge.network), gauge.gauge_type && `, ${gauge.gauge_type}`],
    Place: gauge.location,
    Position: gauge.latitude !== null && `${gauge.latitude.toFixed(5)}, ${gauge.longitude.toFixed(5)}`,
    Elevation: gauge.elevation_ft !== null && `${count(Math.round(gauge.elevation_ft))} ft`,
    "Data begins": gauge.data_begins && `${date(gauge.data_begins)}, as the agency says`,
    "Time zone": gauge.time_zone,
    Remarks: gauge.remarks,
  };
  const known = Object.entries(facts).filter(([, value]) => value);
  return card(
    { id: "about", title: "About this gauge" },
    h(
      "dl",
      { class: "facts" },
      known.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
    ),
  );
}
