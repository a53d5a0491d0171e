/** The page Operations: whether the service does its work, and the few things that one can do about it from here. */

import { FRESH, get } from "./api.js";
import { figure, outdated } from "./cells.js";
import { h, icon, put, renew } from "./dom.js";
import { every } from "./every.js";
import { findings } from "./findings.js";
import { clock, count, duration, percent, plural } from "./format.js";
import { importsSection } from "./imports-section.js";
import { jobsSection } from "./jobs-section.js";
import { pausesSection } from "./pauses-section.js";
import { deadLettersSection, quotaSection, rejectsSection } from "./upstream-sections.js";
import { filled } from "./states.js";

const REFRESH_SECONDS = 30;
const MOST_FAILURES = 500;

/** @type {import("./main.js").Page} */
export function show(place, _, signal) {
  document.title = "Operations · Gaugehouse";
  const asOf = h("p", { class: "note" });
  const [state, jobs, quota, letters, rejects] = Array.from({ length: 5 }, () => h("div"));
  const pauses = pausesSection(refresh);
  const imports = importsSection(refresh, signal);
  const main = h("div", { class: "operations-main" }, jobs, imports.element);
  const side = h("div", { class: "operations-side" }, pauses.element, quota, letters, rejects);
  const lead = h("p", { class: "lead" }, "Is everything doing its work?");
  const head = h("div", { class: "page-head" }, h("div", {}, h("h1", {}, "Operations"), lead), asOf);
  const sections = h("div", { class: "operations" }, main, side);
  put(place, head, state, sections);
  let isAnyKnown = false;
  let toldAt = null;
  let turns = 0;

  async function refresh() {
    turns += 1;
    const turn = turns;
    const items = async (path, query) => (await get(path, query, signal)).items;
    const [jobList, pauseList, letterList] = [items("/jobs"), items("/pauses"), items("/dead-letters")];
    const stateOf = async () => {
      const told = await get("/system/state", {}, signal, FRESH).catch((error) => {
        imports.begin();
        throw error;
      });
      imports.tell(told);
      const letters = await letterList.catch(() => []); // a silent queue keeps no verdict back: its own card tells
      const failures =
        told.import_jobs_failed === 0 ? [] : await items("/imports", { status: "failed", limit: MOST_FAILURES });
      return overview({ state: told, jobs: await jobList, pauses: await pauseList, letters, failures });
    };
    const asked = [
      [state, "the system's state", stateOf()],
      [jobs, "job runs", jobList.then((list) => jobsSection(list, refresh, signal))],
      [pauses.list, "pauses", Promise.all([pauseList, jobList]).then((lists) => pauses.tell(...lists))],
      [quota, "quotas", items("/quota").then(quotaSection)],
      [letters, "dead letters", letterList.then(deadLettersSection)],
      [rejects, "dropped records", items("/rejects", { limit: 20 }).then(rejectsSection)],
    ];
    const ended = Promise.allSettled(asked.map(([, , answer]) => answer)).then((ends) => {
      isAnyKnown ||= ends.some(({ status }) => status === "fulfilled");
      sections.hidden = !isAnyKnown; // one message for all: nothing is there that could be looked at
    });
    const shown = ([section, what, answer]) => {
      const load = () => answer.catch((error) => ended.then(() => Promise.reject(error)));
      return filledOrRenewed(section, what, load, { refresh, turn });
    };
    const done = await Promise.all([...asked.map(shown), imports.refresh()]);
    if (!done.includes(false)) toldAt = clock(Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone);
    // Where nothing is known, the one message says it.
    const old = () => h("span", { role: "alert" }, outdated(toldAt));
    const told = isAnyKnown && (done.includes(false) ? old() : `As of ${toldAt}, your time`);
    // That it is old is said once, not every half minute: a screen reader breaks off for an alert.
    if (!(told instanceof Node) || told.textContent !== asOf.textContent) put(asOf, told);
  }

  refresh();
  every(REFRESH_SECONDS, refresh, signal);
}

/** Which refresh a place shows: after an action the answer to the one before may come late. @type {WeakMap<Element, number>} */
const shownTurns = new WeakMap();

/**
 * Fill a place, or renew what is in it; what was known stays where there is no answer. False where there is none.
 * Sections share answers, so who tries one again asks for all.
 */
async function filledOrRenewed(place, what, load, { refresh, turn }) {
  if (place.childElementCount === 0 || place.querySelector(".state-failure")) {
    await filled(place, what, load, refresh);
    return place.querySelector(".state-failure") === null;
  }
  try {
    const content = await load();
    if (turn < (shownTurns.get(place) ?? 0)) return true;
    shownTurns.set(place, turn);
    renew(place, content);
    return true;
  } catch {
    return false; // told above all sections
  }
}

function overview(known) {
  const found = findings(known);
  const bad = found.filter(({ tone }) => tone === "silent").length;
  const verdict =
    found.length === 0
      ? "All is well"
      : bad === 0
        ? "It works; some things are good to know"
        : `${plural(bad, "thing")} out of order`;
  const item = ({ tone, says }) => h("li", {}, h("span", { class: `mark mark-${tone}` }, says));
  return [
    h(
      "section",
      { class: "card verdict-card", "aria-labelledby": "verdict-title" },
      h(
        "h2",
        { id: "verdict-title", class: bad > 0 ? "bad" : "good" },
        icon(bad > 0 ? "warning" : "check"),
        verdict,
      ),
      found.length > 0 && h("ul", {}, found.map(item)),
    ),
    h("dl", { class: "figures" }, figuresOf(known.state)),
  ];
}

function figuresOf(state) {
  const age = (seconds) => (seconds === null ? "none yet" : `${duration(seconds * 1000)} old`);
  const open = state.import_jobs_pending + state.import_jobs_in_progress;
  return [
    figure("Gauges with a record", count(state.gauges_with_record), `of ${count(state.gauges)}`),
    figure(
      "Daily rainfall",
      state.readings_estimate === 0 && state.gauges_with_record > 0 ? "stored" : count(state.readings_estimate),
      `${state.readings_estimate === 0 ? "days not counted yet" : "days stored, about"}; ${plural(state.gaps, "gap")}`,
    ),
    figure(
      "Stream series",
      count(state.series_active),
      `of ${state.series_active + state.series_degraded + state.series_offline} report; newest ${age(state.newest_reading_seconds)}`,
    ),
    figure(
      "Live rain series",
      count(state.rain_series_active),
      `of ${state.rain_series_active + state.rain_series_degraded + state.rain_series_offline} report; newest ${age(state.newest_rain_seconds)}`,
    ),
    figure(
      "Imports open",
      count(open),
      `${state.import_jobs_waiting} wait for a retry, ${state.import_jobs_failed} failed`,
    ),
    figure(
      "Imports in 7 days",
      percent(state.share_succeeded_7d),
      state.share_succeeded_7d === null ? "there were none" : "succeeded",
    ),
    figure("Failed runs in 24 h", count(state.runs_failed_24h), "of all jobs"),
  ];
}
