/** The page of one gauge: where it is and how it does, its rain, its stream, and what its record is worth. */

import { get, part } from "./api.js";
import { conditionMark, figure, time } from "./cells.js";
import { condition, gaugeCondition } from "./condition.js";
import { h, icon } from "./dom.js";
import { count, date, inches, reading } from "./format.js";
import { rainSection } from "./rain-section.js";
import { recordSection } from "./record-section.js";
import { seriesSection } from "./series-section.js";
import { filled } from "./states.js";

/** @type {import("./main.js").Page} */
export function show(place, stationId, signal) {
  document.title = `${stationId} · Gaugehouse`;
  filled(place, "the gauge", async () => {
    const gauge = await get(`/gauges/${part(stationId)}`, {}, signal);
    document.title = `${gauge.name} · Gaugehouse`;
    const rain = h("div");
    const record = h("div");
    const isRain = gauge.record !== null || gauge.series.length === 0 || gauge.rainfall_past_24h_inches !== null;
    if (isRain) filled(rain, "daily rain", () => rainSection(gauge, signal));
    filled(record, "the record's proof", () => recordSection(gauge, signal));
    return [
      heading(gauge),
      h("dl", { class: "figures" }, figuresOf(gauge)),
      h(
        "div",
        { class: "gauge" },
        h("div", { class: "gauge-main" }, isRain && rain, gauge.series.length > 0 && seriesSection(gauge, signal)),
        h("div", { class: "gauge-side" }, about(gauge), record),
      ),
    ];
  });
}

function heading(gauge) {
  const place = [gauge.city, gauge.county && `${gauge.county} County`, gauge.state].filter(Boolean).join(", ");
  return h(
    "div",
    { class: "page-head" },
    h(
      "div",
      {},
      h("a", { href: "#/", class: "crumb" }, icon("back"), "All gauges"),
      h("h1", {}, gauge.name),
      h("p", { class: "lead" }, [gauge.station_id, gauge.network, place].filter(Boolean).join(" · ")),
    ),
    h("p", { class: "lead" }, conditionMark(gaugeCondition(gauge))),
  );
}

function figuresOf(gauge) {
  const rain = (name, value) =>
    figure(name, value === null ? h("span", { class: "missing" }, "missing") : [inches(value), h("span", { class: "unit" }, " in")], gauge.observed_at && time(gauge.observed_at, gauge.time_zone, { relative: true }));
  const ofSeries = (series) => {
    const value = series.latest_reading_value;
    if (value === null) return figure(series.parameter, "no reading", "none is stored yet");
    const state = condition({ ...series, time_zone: gauge.time_zone }, series.latest_reading_time);
    return figure(
      series.parameter,
      [reading(value), h("span", { class: "unit" }, ` ${series.unit}`)],
      state.tone === "reporting" ? time(series.latest_reading_time, gauge.time_zone, { relative: true }) : conditionMark(state),
    );
  };
  const { record } = gauge;
  return [
    gauge.observed_at !== null && [rain("Rain in 6 h", gauge.rainfall_past_6h_inches), rain("Rain in 24 h", gauge.rainfall_past_24h_inches)],
    gauge.series.slice(0, 3).map(ofSeries),
    record && figure("Record", count(record.days), `days, ${date(record.first_date)} to ${date(record.last_date)}`),
    record && figure("Missing", count(record.missing_days), `${record.missing_days === 1 ? "day" : "days"} within it`),
  ]
    .flat(2)
    .filter(Boolean);
}

function about(gauge) {
  const facts = {
    "Agency's id": [gauge.station_id, gauge.previous_ids.length > 0 && ` (formerly ${gauge.previous_ids.join(", ")})`],
    Network: [gauge.network, gauge.gauge_type && `, ${gauge.gauge_type}`],
    Place: gauge.location,
    Position: gauge.latitude !== null && `${gauge.latitude.toFixed(5)}, ${gauge.longitude.toFixed(5)}`,
    Elevation: gauge.elevation_ft !== null && `${count(Math.round(gauge.elevation_ft))} ft`,
    "Data begins": gauge.data_begins && `${date(gauge.data_begins)}, as the agency says`,
    "Time zone": gauge.time_zone,
    Remarks: gauge.remarks,
  };
  const known = Object.entries(facts).filter(([, value]) => value);
  return h(
    "section",
    { class: "card", "aria-labelledby": "about-title" },
    h("div", { class: "card-head" }, h("h2", { id: "about-title" }, "About this gauge")),
    h("dl", { class: "facts" }, known.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  );
}
