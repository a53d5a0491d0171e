/** The list of gauges: search, what to show, sorting, and a page of rows at a time. It says all that the map says. */

import { card, conditionMark, gaugeAddress, rainCell, scroller, segmented, withRoles } from "./cells.js";
import { gaugeCondition } from "./condition.js";
import { h, icon, put, renew, unseen } from "./dom.js";
import { networkName, plural, reading, unitWords } from "./format.js";
import { COLUMNS, matching, SHOWN, sorted, streamReading } from "./gauge-order.js";
import { rainNow } from "./rain-now.js";

const ROWS = 50;

/** What somebody chose, for when they come back from a gauge's page. */
const chosen = { query: "", shown: "all", by: { id: "rain24", descending: true } };
let first = 0; // of the rows, on the page that was turned to

/**
 * @param {{ onshown: (gauges: any[]) => void, onpoint: (gauge: any | null) => void }} listeners
 *   `onshown` hears which gauges are listed, `onpoint` which row is pointed at
 */
export function gaugeList({ onshown, onpoint }) {
  let gauges = [];
  const body = h("tbody");
  const count = h("p", { class: "note", role: "status" });
  const pager = h("div", { class: "pager" });
  const head = h("tr");

  const change = (what) => {
    first = 0;
    what();
    draw();
  };
  const search = h("input", {
    type: "search",
    placeholder: "Name, id, town …",
    value: chosen.query,
    "aria-label": "Search gauges",
    oninput: (event) => change(() => (chosen.query = event.target.value)),
  });
  const filter = h("div", { class: "list-filter" });

  function drawHead() {
    renew(
      head,
      COLUMNS.map((column) => {
        const { by } = chosen;
        const isSorted = by.id === column.id;
        const order = isSorted ? (by.descending ? "descending" : "ascending") : "none";
        const descending = isSorted ? !by.descending : Boolean(column.numeric);
        return h(
          "th",
          {
            scope: "col",
            "aria-sort": order,
            class: column.numeric ? `numeric column-${column.id}` : `column-${column.id}`,
          },
          h(
            "button",
            { type: "button", class: "sort", onclick: () => sortBy({ id: column.id, descending }) },
            column.heard && unseen(column.heard),
            column.label,
            column.unit && h("small", {}, ` ${column.unit}`),
            h("i", { class: "sort-arrow", "aria-hidden": "true" }),
          ),
        );
      }),
    );
  }

  function sortBy(order) {
    change(() => (chosen.by = order));
  }

  function draw() {
    const listed = sorted(matching(gauges.filter(SHOWN[chosen.shown].holds), chosen.query), chosen.by);
    if (first >= listed.length) first = 0;
    drawHead();
    renew(
      body,
      listed.slice(first, first + ROWS).map((gauge) => row(gauge, onpoint)),
    );
    if (listed.length === 0)
      put(body, h("tr", {}, h("td", { colspan: COLUMNS.length, class: "state" }, emptyWords())));
    const listedWords = plural(listed.length, "gauge");
    const words = listed.length === gauges.length ? listedWords : `${listedWords} of ${gauges.length}`;
    if (count.textContent !== words) put(count, words); // a screen reader says it again whenever it is written
    withRoles(table);
    drawPager(listed.length);
    onshown(listed);
  }

  function emptyWords() {
    if (gauges.length === 0) return "No gauge is known yet: the first poll discovers them.";
    if (chosen.query) return `No gauge matches “${chosen.query}”.`;
    return chosen.shown === "wet"
      ? "No gauge told of rain in the last 24 hours."
      : "Every gauge reports as it should.";
  }

  function drawPager(total) {
    const turn = (to) => () => {
      first = to;
      draw();
    };
    renew(
      pager,
      total > ROWS && [
        h(
          "button",
          { type: "button", class: "button", disabled: first === 0, onclick: turn(first - ROWS) },
          icon("back"),
          "Previous",
        ),
        h("span", { class: "note" }, `${first + 1}–${Math.min(first + ROWS, total)} of ${total}`),
        h(
          "button",
          { type: "button", class: "button", disabled: first + ROWS >= total, onclick: turn(first + ROWS) },
          "Next",
          icon("next"),
        ),
      ],
    );
  }

  function show(value) {
    change(() => (chosen.shown = value));
  }

  function drawFilter() {
    const label = (value) => `${SHOWN[value].label} ${gauges.filter(SHOWN[value].holds).length}`;
    const options = Object.keys(SHOWN).map((value) => ({ value, label: label(value) }));
    renew(
      filter,
      segmented({ legend: "Which gauges", name: "shown", options, value: chosen.shown, onchange: show }),
    );
  }

  const table = h(
    "table",
    { class: "table table-gauges" },
    h("caption", { class: "unseen" }, "Gauges with their newest data"),
    h("thead", {}, head),
    body,
  );
  const element = card(
    { id: "list", title: "Gauges", tools: count, kind: "list" },
    h("div", { class: "list-tools" }, h("div", { class: "search" }, icon("search"), search), filter),
    scroller("Table of gauges", table),
    pager,
  );
  return {
    element,
    /** @param {any[]} all */
    update(all) {
      gauges = all;
      drawFilter();
      draw();
    },
  };
}

function row(gauge, onpoint) {
  const stream = streamReading(gauge);
  const condition = gaugeCondition(gauge);
  return h(
    "tr",
    {
      onpointerenter: () => onpoint(gauge),
      onpointerleave: () => onpoint(null),
      onfocusin: () => onpoint(gauge),
      onfocusout: () => onpoint(null),
    },
    h(
      "th",
      { scope: "row" },
      h("a", { href: gaugeAddress(gauge) }, gauge.name),
      h("small", {}, [gauge.station_id, gauge.city, networkName(gauge.network)].filter(Boolean).join(" · ")),
    ),
    [1, 6, 24].map((hours) =>
      h("td", { class: `numeric column-rain${hours}` }, rainCell(rainNow(gauge, hours))),
    ),
    h(
      "td",
      { class: "numeric column-stream" },
      stream && [reading(stream.value, stream.unit), h("small", {}, ` ${unitWords(stream.unit)}`)],
    ),
    h("td", { class: "column-condition" }, conditionMark(condition, condition.short)),
  );
}
