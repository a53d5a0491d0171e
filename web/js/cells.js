/** Small parts that several pages show alike: a time, a condition, an amount of rain, a figure with its name. */

import { h, icon, put, unseen } from "./dom.js";
import { ago, inches, MISSING, moment, utc, zoneName } from "./format.js";
import { rainClass } from "./rain-scale.js";

/** Where a gauge's page is. @param {{ station_id: string }} gauge */
export function gaugeAddress(gauge) {
  return `#/gauge/${encodeURIComponent(gauge.station_id)}`;
}

/** "14:05 MST · 2026-11-30 21:05 UTC", for those who point at a time. @param {string} stamp @param {string} zone */
function fullTime(stamp, zone) {
  return `${moment(stamp, zone)} ${zoneName(zone, stamp)} · ${utc(stamp)}`;
}

/** That what is shown is old, where somebody might take it for now. @param {string | null} told when it was told */
export function outdated(told) {
  const since = told === null ? "the last refresh failed" : `this is as of ${told}`;
  return h("span", { class: "outdated" }, icon("warning"), ` Not up to date: ${since}.`);
}

/** A time in the gauge's zone; UTC shows on hover. @param {string} stamp @param {string} zone */
export function time(stamp, zone, { relative = false } = {}) {
  const title = relative ? fullTime(stamp, zone) : utc(stamp);
  return h("time", { datetime: stamp, title }, relative ? ago(stamp) : moment(stamp, zone));
}

/** @param {import("./condition.js").Condition} condition */
export function conditionMark(condition, words = condition.words) {
  const title = condition.heard && fullTime(condition.heard, condition.zone);
  return h("span", { class: `mark mark-${condition.tone}`, title }, words);
}

/** An amount of rain with the colour that the map gives it. @param {number | null} rain inches */
export function rainCell(rain) {
  if (rain === null || rain === undefined) return h("span", { class: "missing" }, MISSING, unseen("missing"));
  const level = rainClass(rain);
  return h(
    "span",
    { class: level > 0 ? "rain" : "rain rain-none" },
    level > 0 && swatch(level),
    inches(rain),
  );
}

/** @param {number} level of the rain scale */
export function swatch(level) {
  return h("i", { class: `swatch swatch-${level}`, "aria-hidden": "true" });
}

/** One figure with its name and a note. @param {string} name @param {any} value @param {any} [note] */
export function figure(name, value, note = null) {
  return h(
    "div",
    { class: "figure" },
    h("dt", {}, name),
    h("dd", {}, h("b", {}, value), note && h("small", {}, note)),
  );
}

/**
 * A card with its heading, what belongs beside that, and its content.
 * @param {{ id: string, title: string, tools?: any, kind?: string }} given @param {...any} content
 */
export function card({ id, title, tools = null, kind = "" }, ...content) {
  const heading = h("h2", { id: `${id}-title` }, title);
  const head = h("div", { class: "card-head" }, heading, tools);
  return h("section", { class: `card ${kind}`.trim(), "aria-labelledby": `${id}-title` }, head, content);
}

/** What may be wider than its place; the keyboard scrolls it. @param {string} label @param {Node} [content] */
export function scroller(label, content) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);
}

/**
 * A choice of one out of a few, as radio buttons that look like one switch.
 * @param {{ legend: string, name: string, options: { value: string, label: any }[], value: string, onchange: (value: string) => void }} given
 */
export function segmented({ legend, name, options, value, onchange }) {
  return h(
    "fieldset",
    { class: "segmented" },
    h("legend", { class: "unseen" }, legend),
    options.map((option) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name,
          value: option.value,
          checked: option.value === value,
          onchange: () => onchange(option.value),
        }),
        h("span", {}, option.label),
      ),
    ),
  );
}

/** The same choice as a list, where there are too many for a switch. */
export function dropDown({ legend, options, value, onchange }) {
  const option = (each) => h("option", { value: each.value, selected: each.value === value }, each.label);
  return h(
    "select",
    { "aria-label": legend, onchange: (event) => onchange(event.target.value) },
    options.map(option),
  );
}

/** Name the roles of a table's parts, for one that is laid out otherwise on a phone. @param {HTMLElement} table */
export function withRoles(table) {
  const roles = {
    thead: "rowgroup",
    tbody: "rowgroup",
    tr: "row",
    td: "cell",
    "th[scope=col]": "columnheader",
    "th[scope=row]": "rowheader",
  };
  table.setAttribute("role", "table");
  for (const [selector, role] of Object.entries(roles)) {
    for (const part of table.querySelectorAll(selector)) part.setAttribute("role", role);
  }
  return table;
}

/** On a phone each of its rows becomes a block, without the heads. @param {HTMLElement} table */
export function stacked(table) {
  table.classList.add("table-stacked");
  return withRoles(table);
}

/**
 * A table that stands for a chart, for those who would rather read: made when it is opened, since it may be long.
 * @param {string} title @param {() => Node} make
 */
export function behindChart(title, make) {
  const place = scroller(title);
  const fold = h("details", { class: "behind" }, h("summary", {}, title), place);
  fold.addEventListener("toggle", () => {
    if (fold.open) put(place, make());
  });
  return fold;
}

/**
 * @param {string} caption @param {{ label: string, numeric?: boolean }[]} columns @param {any[][]} rows
 */
export function plainTable(caption, columns, rows) {
  const kind = (index) => (columns[index].numeric ? "numeric" : null);
  return h(
    "table",
    { class: "table" },
    h("caption", { class: "unseen" }, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        columns.map((column, index) => h("th", { scope: "col", class: kind(index) }, column.label)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) =>
        h(
          "tr",
          {},
          row.map((cell, index) => h("td", { class: kind(index) }, cell)),
        ),
      ),
    ),
  );
}
