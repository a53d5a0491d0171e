/** The page Operations: whether the service does its work, and the few things that one can do about it from here. */

import { get } from "./api.js";
import { figure } from "./cells.js";
import { h, icon, put } from "./dom.js";
import { every } from "./every.js";
import { findings } from "./findings.js";
import { count, duration, percent, plural } from "./format.js";
import { importsSection } from "./imports-section.js";
import { jobsSection } from "./jobs-section.js";
import { pausesSection } from "./pauses-section.js";
import { quotaSection, rejectsSection } from "./upstream-sections.js";
import { filled } from "./states.js";

const REFRESH_SECONDS = 30;

/** @type {import("./main.js").Page} */
export function show(place, _, signal) {
  document.title = "Operations · Gaugehouse";
  const state = h("div");
  const jobs = h("div");
  const pauses = h("div");
  const quota = h("div");
  const rejects = h("div");
  const imports = importsSection(signal);
  put(
    place,
    h("div", { class: "page-head" }, h("div", {}, h("h1", {}, "Operations"), h("p", { class: "lead" }, "Is everything doing its work?"))),
    state,
    h("div", { class: "operations" }, h("div", { class: "operations-main" }, jobs, imports.element), h("div", { class: "operations-side" }, pauses, quota, rejects)),
  );

  async function refresh({ isFirst = false } = {}) {
    const [jobList, pauseList] = [get("/jobs", {}, signal), get("/pauses", {}, signal)];
    const fill = (where, what, load) => (isFirst || where.querySelector(".state-failure") ? filled(where, what, load) : again(where, load));
    await Promise.all([
      fill(state, "the system's state", async () => {
        const told = await get("/system/state", {}, signal);
        imports.tell(told);
        return overview(told, (await jobList).items, (await pauseList).items);
      }),
      fill(jobs, "job runs", async () => jobsSection((await jobList).items, refresh, signal)),
      fill(pauses, "pauses", async () => pausesSection((await pauseList).items, (await jobList).items, refresh)),
      fill(quota, "quotas", async () => quotaSection((await get("/quota", {}, signal)).items)),
      fill(rejects, "dropped records", async () => rejectsSection((await get("/rejects", { limit: 20 }, signal)).items)),
    ]);
  }

  refresh({ isFirst: true });
  every(REFRESH_SECONDS, refresh, signal);
  every(REFRESH_SECONDS, imports.refresh, signal);
}

/** Replace what is shown once the new is there, unless somebody is in it: a form must not vanish under their hands. */
async function again(place, load) {
  const fresh = await load().catch(() => null);
  if (fresh !== null && !place.contains(document.activeElement)) put(place, fresh);
}

function overview(state, jobs, pauses) {
  const found = findings(state, jobs, pauses);
  const bad = found.filter(({ tone }) => tone === "silent").length;
  const verdict = found.length === 0 ? "All is well" : bad === 0 ? "It works; some things are good to know" : `${plural(bad, "thing")} out of order`;
  const item = ({ tone, says }) => h("li", {}, h("span", { class: `mark mark-${tone}` }, says));
  return [
    h(
      "section",
      { class: "card verdict-card", "aria-labelledby": "verdict-title" },
      h("h2", { id: "verdict-title", class: bad > 0 ? "bad" : "good" }, icon(bad > 0 ? "warning" : "check"), verdict),
      found.length > 0 && h("ul", {}, found.map(item)),
    ),
    h("dl", { class: "figures" }, figuresOf(state)),
  ];
}

function figuresOf(state) {
  const age = (seconds) => (seconds === null ? "none yet" : `${duration(seconds * 1000)} old`);
  const open = state.import_jobs_pending + state.import_jobs_in_progress;
  return [
    figure("Gauges with a record", count(state.gauges_with_record), `of ${count(state.gauges)}`),
    figure("Daily rainfall", count(state.readings_estimate), `days stored, about; ${plural(state.gaps, "gap")}`),
    figure("Stream series", count(state.series_active), `of ${state.series_active + state.series_degraded + state.series_offline} report; newest ${age(state.newest_reading_seconds)}`),
    figure("Live rain series", count(state.rain_series_active), `of ${state.rain_series_active + state.rain_series_degraded + state.rain_series_offline} report; newest ${age(state.newest_rain_seconds)}`),
    figure("Imports open", count(open), `${state.import_jobs_waiting} wait for a retry, ${state.import_jobs_failed} failed`),
    figure("Imports in 7 days", percent(state.share_succeeded_7d), state.share_succeeded_7d === null ? "there were none" : "succeeded"),
    figure("Failed runs in 24 h", count(state.runs_failed_24h), "of all jobs"),
  ];
}
