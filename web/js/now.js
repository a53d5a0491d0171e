/** The page Now: where it rains, and which gauges are not to be trusted at the moment. */

import { eachPage } from "./api.js";
import { figure, gaugeAddress, outdated } from "./cells.js";
import { gaugeCondition } from "./condition.js";
import { h, put, renew } from "./dom.js";
import { every } from "./every.js";
import { clock, count, inches, plural } from "./format.js";
import { gaugeList } from "./gauge-list.js";
import { gaugeMap } from "./map.js";
import { measuresRain, rainNow } from "./rain-now.js";
import { failure, loading } from "./states.js";
import { troubleCard } from "./trouble.js";

const REFRESH_SECONDS = 60;
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How far down the page was when it was left, for those who come back from a gauge. */
let leftAt = 0;

/** @type {import("./main.js").Page} */
export function show(place, _, signal, from) {
  document.title = "Now · Gaugehouse";
  const summary = h("p", { class: "lead" }, "Loading gauges …");
  const asOf = h("p", { class: "note" });
  const figures = h("dl", { class: "figures" });
  const unanswered = h("div"); // above all else: what stands below it is old, or not there
  const trouble = h("div");
  const map = gaugeMap(signal);
  const list = gaugeList({ onshown: (gauges) => map.update(gauges), onpoint: (gauge) => map.point(gauge) });
  const content = h(
    "div",
    { class: "now" },
    h("div", { class: "now-map" }, map.element),
    h("div", { class: "now-side" }, trouble, list.element),
  );
  put(
    place,
    h("div", { class: "page-head" }, h("div", {}, h("h1", {}, "Now"), summary), asOf),
    unanswered,
    figures,
    content,
  );
  put(trouble, loading("gauges"));

  let known = null;
  let toldAt = "";
  let asking = false;
  let returnsFrom = from?.startsWith("#/gauge/") ? from : null;
  signal.addEventListener("abort", () => (leftAt = scrollY));

  async function refresh() {
    if (asking) return; // a slow answer must not come after a newer one
    asking = true;
    try {
      const gauges = [];
      await eachPage("/gauges", {}, (items) => gauges.push(...items), signal);
      [known, toldAt] = [gauges, `${clock(Date.now(), ZONE)}, your time`];
      put(asOf, `As of ${toldAt}`);
      renew(unanswered);
      draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (known === null) {
        put(summary, "It is not known how the gauges do.");
        put(trouble);
      } else {
        put(asOf, outdated(toldAt));
        draw(); // what is known grows older: its ages go on, and rain that is too old is missing
      }
      const told = failure(error, again);
      // Said once, not every minute: a screen reader breaks off for an alert.
      if (told.textContent !== unanswered.textContent) renew(unanswered, told);
    } finally {
      content.hidden = known === null;
      asking = false;
    }
  }

  function again() {
    renew(unanswered, loading("gauges"));
    refresh();
  }

  function draw() {
    put(summary, sentence(known));
    renew(figures, figuresOf(known));
    renew(trouble, troubleCard(known));
    list.update(known);
    if (returnsFrom) goBackTo(returnsFrom);
    returnsFrom = null;
  }

  /** Go on where the gauge was opened, by eye and by keyboard. @param {string} address */
  function goBackTo(address) {
    scrollTo(0, leftAt);
    const opened = (root) =>
      [...root.querySelectorAll("a")].find((link) => link.getAttribute("href") === address);
    (opened(list.element) ?? opened(place))?.focus({ preventScroll: true });
  }

  refresh();
  every(REFRESH_SECONDS, refresh, signal);
}

/** What a flood-watch officer would say first. */
function sentence(gauges) {
  const wet = (hours) => gauges.filter((gauge) => rainNow(gauge, hours) > 0).length;
  const measuring = gauges.filter(measuresRain);
  const untold = measuring.filter((gauge) => rainNow(gauge, 24) === null);
  if (gauges.length === 0) return "No gauge is known yet. The first poll of an agency's list discovers them.";
  if (untold.length === measuring.length) return "No gauge has told of its rain in the last hours.";
  const isHourTold = measuring.some((gauge) => rainNow(gauge, 1) !== null);
  const lately = isHourTold ? `, ${wet(1) === 0 ? "at none" : `at ${count(wet(1))}`} in the last hour` : "";
  const rain =
    wet(24) === 0
      ? "No gauge had rain in the last 24 hours"
      : `Rain at ${plural(wet(24), "gauge")} in the last 24 hours${lately}`;
  const unheard = untold.length === 0 ? "" : `; of ${plural(untold.length, "rain gauge")} it is not known`;
  return `${rain}${unheard}.`;
}

function figuresOf(gauges) {
  const wettest = (name, hours) => {
    const told = gauges.filter((each) => rainNow(each, hours) !== null);
    const [gauge] = told.sort((one, other) => rainNow(other, hours) - rainNow(one, hours));
    if (gauge === undefined)
      return figure(name, h("span", { class: "missing" }, "not known"), "no gauge told");
    const most = rainNow(gauge, hours);
    return figure(
      name,
      [inches(most), h("span", { class: "unit" }, " in")],
      most > 0 ? h("a", { href: gaugeAddress(gauge) }, gauge.name) : `dry at ${plural(told.length, "gauge")}`,
    );
  };
  const counted = (tone) => gauges.filter((gauge) => gaugeCondition(gauge).tone === tone).length;
  return [
    wettest("Most in 1 h", 1),
    wettest("Most in 24 h", 24),
    figure("Reporting", counted("reporting"), `of ${plural(gauges.length, "gauge")}`),
    figure(
      "Late or silent",
      counted("late") + counted("silent"),
      `${counted("late")} late, ${counted("silent")} silent`,
    ),
  ];
}
