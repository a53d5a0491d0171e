/** A gauge's daily rain, one water year at a time: the charts, how it compares, the gaps, and what can be taken away. */

import { get, part } from "./api.js";
import { behindChart, card, plainTable } from "./cells.js";
import { downloadButtons } from "./downloads.js";
import { h, icon, put } from "./dom.js";
import { date, inches, percent, plural, words } from "./format.js";
import { gapWords, placed } from "./gap-words.js";
import { rainCharts } from "./rain-charts.js";
import { rainYear } from "./rain-year.js";
import { nothing, filled } from "./states.js";
import { firstDay, lastDay } from "./water-year.js";

const MOST_GAPS = 400; // more than a water year has days

/** @param {any} gauge @param {AbortSignal} signal */
export async function rainSection(gauge, signal) {
  const base = `/gauges/${part(gauge.station_id)}`;
  const [years, normals] = await Promise.all([
    get(`${base}/rainfall`, { interval: "water_year" }, signal),
    get(`${base}/normals`, {}, signal),
  ]);
  const known = years.items.filter((year) => year.days_present > 0).map((year) => year.water_year);
  const heading = { id: "rain", title: "Rain" };
  if (known.length === 0) {
    return card(
      heading,
      nothing("No daily rain is stored", "Its record has not been imported, or the agency has none."),
    );
  }
  const content = h("div");
  const downloads = h("div");
  let leaving = new AbortController();

  async function load(year) {
    leaving.abort();
    leaving = new AbortController();
    put(downloads); // they are of what is shown
    const alive = AbortSignal.any([signal, leaving.signal]);
    const span = { from: firstDay(year), to: lastDay(year) };
    const [days, gaps] = await Promise.all([
      get(`${base}/rainfall`, { interval: "day", ...span }, alive),
      get(`${base}/gaps`, { ...span, limit: MOST_GAPS }, alive),
    ]);
    const shown = rainYear(year, days.items, normals.items);
    const ofYear = gaps.items.map((gap) => placed(gap, gauge.time_zone));
    const charts = rainCharts(shown, ofYear, gauge.name, alive);
    put(
      downloads,
      downloadButtons(`${gauge.station_id}_rain_WY_${year}`, () => fileOf(gauge, year, shown, days.items)),
    );
    return [
      verdict(year, shown, years.items),
      charts.element,
      gapList(ofYear, charts.mark),
      table(year, shown, days.items),
    ];
  }

  const chooser = yearChooser(known.toReversed(), (year) =>
    filled(content, `water year ${year}`, () => load(year)),
  );
  filled(content, "the water year", () => load(known.at(-1)));
  const tools = h("div", { class: "card-tools" }, chooser, downloads);
  return card({ ...heading, tools }, content);
}

/** A list of water years, newest first, with a button to each side. */
function yearChooser(years, choose) {
  const list = h(
    "select",
    { "aria-label": "Water year", onchange: () => go(0) },
    years.map((year) => h("option", { value: year }, `Water year ${year}`)),
  );
  const go = (step) => {
    list.selectedIndex = Math.min(years.length - 1, Math.max(0, list.selectedIndex + step));
    earlier.disabled = list.selectedIndex === years.length - 1;
    later.disabled = list.selectedIndex === 0;
    choose(years[list.selectedIndex]);
  };
  const step = (name, label, by, disabled) =>
    h(
      "button",
      { type: "button", class: "button button-icon", "aria-label": label, disabled, onclick: () => go(by) },
      icon(name),
    );
  const earlier = step("back", "Earlier water year", 1, years.length < 2);
  const later = step("next", "Later water year", -1, true);
  return h("div", { class: "stepper" }, earlier, list, later);
}

/** How the water year stands against the record, and whether its total is whole. */
function verdict(year, shown, years) {
  const total = shown.lastKnown < 0 ? null : (shown.total[shown.lastKnown] ?? shown.atLeast[shown.lastKnown]);
  const median = shown.lastKnown < 0 ? null : shown.median[shown.lastKnown];
  const entry = years.find((each) => each.water_year === year);
  const upTo =
    shown.lastKnown === shown.dates.length - 1
      ? ""
      : ` up to ${date(shown.dates[Math.max(0, shown.lastKnown)])}`;
  return h(
    "p",
    { class: "verdict" },
    h("b", {}, `${shown.missing > 0 ? "At least " : ""}${inches(total)} in`),
    `${upTo}${median > 0 ? `, ${percent(total / median)} of the record's median` : ""}. `,
    entry?.days_missing > 0 && `${plural(entry.days_missing, "day")} missing, so the total is not complete.`,
  );
}

function gapList(gaps, mark) {
  if (gaps.length === 0) return null;
  const item = (gap) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "gap",
          onfocus: () => mark(gap),
          onblur: () => mark(null),
          onpointerenter: () => mark(gap),
          onpointerleave: () => mark(null),
        },
        gapWords(gap),
      ),
    );
  return h(
    "details",
    { class: "fold", open: gaps.length <= 5 },
    h("summary", {}, `${plural(gaps.length, "gap")} in this water year`),
    h("ul", { class: "gaps" }, gaps.map(item)),
  );
}

function table(year, shown, days) {
  const known = new Map(days.map((each) => [each.date, each]));
  const columns = [
    { label: "Day" },
    { label: "Rain, in", numeric: true },
    { label: "Total, in", numeric: true },
    { label: "Quality" },
    { label: "Source" },
  ];
  const row = (day, index) => {
    const told = known.get(day);
    const total = shown.total[index] ?? shown.atLeast[index];
    return [
      date(day),
      shown.rain[index] === null ? "missing" : inches(shown.rain[index], 3),
      inches(total),
      told ? words(told.quality) : "",
      told ? words(told.data_source) : "",
    ];
  };
  const make = () =>
    plainTable(
      `Daily rain of water year ${year}`,
      columns,
      shown.dates.slice(0, shown.lastKnown + 1).map(row),
    );
  return behindChart("The same as a table", make);
}

function fileOf(gauge, year, shown, days) {
  const known = new Map(days.map((each) => [each.date, each]));
  return {
    columns: ["station_id", "date", "rainfall_inches", "quality", "data_source"],
    rows: shown.dates
      .slice(0, shown.lastKnown + 1)
      .map((day, index) => [
        gauge.station_id,
        day,
        shown.rain[index],
        known.get(day)?.quality ?? null,
        known.get(day)?.data_source ?? null,
      ]),
    about: {
      station_id: gauge.station_id,
      name: gauge.name,
      water_year: year,
      time_zone: gauge.time_zone,
      unit: "in",
    },
  };
}
