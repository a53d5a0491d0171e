/** Every job with its runs of the last hours on one time line, how the newest one ended, and when the next one is due. */

import { get, part } from "./api.js";
import { act } from "./actions.js";
import { card, conditionMark, scroller, segmented, stacked } from "./cells.js";
import { h, put, unseen } from "./dom.js";
import { ago, clock, duration, plural, utc } from "./format.js";
import { scheduleWords } from "./schedule-words.js";
import { nothing } from "./states.js";
import { lane, laneAxis } from "./timeline.js";

const RUNS = 500; // more than a job that runs every five minutes has in a day
const HOURS = [6, 24];
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const TONES = {
  succeeded: "reporting",
  running: "none",
  skipped: "none",
  failed: "silent",
  crashed: "silent",
};

/** What the page was told last of each job's runs, so that a refresh only asks for jobs that ran again. @type {Map<string, any>} */
const known = new Map();
let hours = HOURS[0];

/** @param {any[]} jobs @param {() => void} refresh @param {AbortSignal} signal */
export function jobsSection(jobs, refresh, signal) {
  if (jobs.length === 0)
    return nothing("No job has run yet", "The schedules begin within their first quarter of an hour.");
  const body = h("tbody");
  const axis = h("div");
  const heads = [
    h("th", { scope: "col" }, "Job"),
    h("th", { scope: "col", class: "column-lane" }, unseen("Runs"), axis),
    h("th", { scope: "col" }, "Newest run"),
    h("th", { scope: "col" }, "Next"),
    h("th", { scope: "col" }, unseen("Actions")),
  ];
  const table = h(
    "table",
    { class: "table table-jobs" },
    h("caption", { class: "unseen" }, "Jobs with their newest run"),
    h("thead", {}, h("tr", {}, heads)),
    body,
  );
  const draw = () => {
    const to = Date.now();
    const span = { from: to - hours * 3_600_000, to };
    put(axis, laneAxis(span, ZONE));
    put(
      body,
      jobs.map((job) => row(job, span, refresh, signal)),
    );
    stacked(table);
  };
  const options = HOURS.map((each) => ({ value: String(each), label: `${each} h` }));
  const choose = (value) => {
    hours = Number(value);
    draw();
  };
  draw();
  return card(
    {
      id: "jobs",
      title: "Jobs",
      tools: h(
        "div",
        { class: "card-tools" },
        h(
          "ul",
          { class: "legend legend-bare" },
          ["succeeded", "failed", "skipped"].map((status) =>
            h("li", {}, h("i", { class: `run-key run-${status}`, "aria-hidden": "true" }), status),
          ),
        ),
        segmented({
          legend: "Time span",
          name: "job-hours",
          options,
          value: String(hours),
          onchange: choose,
        }),
      ),
    },
    scroller("Table of jobs", table),
  );
}

function row(job, span, refresh, signal) {
  const before = known.get(job.job_name)?.runs;
  const place = h("td", { class: "column-lane wide" }, before && lane(before, span, ZONE)); // until there are newer
  runsOf(job, signal).then(
    (runs) => put(place, lane(runs, span, ZONE), unseen(summary(runs, span))),
    (error) =>
      error.name !== "AbortError" &&
      put(place, h("span", { class: "note" }, "Its runs could not be asked for.")),
  );
  const end = newestEnd(job);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, job.job_name, schedule(job)),
    place,
    h(
      "td",
      {},
      conditionMark({ tone: TONES[end.status] }, `${end.status} ${ago(end.at)}`),
      end.note && h("small", { class: "cell-note" }, end.note),
    ),
    h(
      "td",
      { class: "nowrap" },
      job.pause
        ? h("span", { class: "mark mark-late" }, "paused")
        : job.next_run_at
          ? next(job.next_run_at)
          : h("span", { class: "missing" }, "–", unseen("not known")),
    ),
    h("td", { class: "numeric" }, pauseButton(job, refresh)),
  );
}

function schedule(job) {
  if (job.schedule === null) return h("small", {}, "by hand only");
  return h("small", { title: job.schedule }, scheduleWords(job.schedule));
}

/** How its newest run that did something ended: one that was skipped says nothing of the job. */
function newestEnd(job) {
  const run = job.last_run;
  if (run.status !== "skipped")
    return { status: run.status, at: run.completed_at ?? run.started_at, note: run.error_text };
  if (job.is_failing) return { status: "failed", at: job.last_failed_at, note: null };
  if (job.last_succeeded_at !== null) return { status: "succeeded", at: job.last_succeeded_at, note: null };
  return { status: run.status, at: run.started_at, note: run.error_text };
}

function next(stamp) {
  return h(
    "time",
    { datetime: stamp, title: utc(stamp), class: "next" }, // on a phone no head says so
    `${Date.parse(stamp) - Date.now() > 86_400_000 ? `in ${duration(Date.parse(stamp) - Date.now())}` : clock(stamp, ZONE)}`,
  );
}

/** The pause of a job is its source's for a poll, else its task's. */
export function pauseName(job) {
  return job.startsWith("poll:") ? `source:${job.slice(5)}` : `task:${job}`;
}

function pauseButton(job, refresh) {
  const name = pauseName(job.job_name);
  if (job.pause === null) return null;
  const action = {
    method: "DELETE",
    path: `/admin/pauses/${part(name)}`,
    done: () => `${name} goes on.`,
    after: refresh,
  };
  return h(
    "button",
    {
      type: "button",
      class: "button button-small",
      "aria-label": `Resume ${name}`,
      onclick: () => act(action),
    },
    "Resume",
  );
}

async function runsOf(job, signal) {
  const before = known.get(job.job_name);
  const isSame = before && before.newest === job.last_run.id && before.status === job.last_run.status;
  if (isSame) return before.runs;
  const runs = (await get(`/jobs/${part(job.job_name)}`, { limit: RUNS }, signal)).items;
  known.set(job.job_name, { newest: job.last_run.id, status: job.last_run.status, runs });
  return runs;
}

function summary(runs, span) {
  const seen = runs.filter((run) => Date.parse(run.started_at) >= span.from);
  const bad = seen.filter((run) => TONES[run.status] === "silent").length;
  return `${plural(seen.length, "run")} in ${duration(span.to - span.from)}, ${bad} of them failed`;
}
