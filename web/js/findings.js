/** What is out of order, in one list, the worst first. The same judgement as `gaugehouse status` makes. Pure. */

import { duration, plural } from "./format.js";
import { periodOf, scheduleWords } from "./schedule-words.js";

const LONGEST_DUE_SECONDS = 3600; // as the alarm of the template
const MOST_MISSED = 3; // so many scheduled times without a success are too many
const NO_DOCUMENT = "DocumentNotFound"; // many gauges have none, and they are asked for again each month

/**
 * @typedef {{ tone: "silent" | "late", says: string }} Finding
 * @param {{ state: any, jobs: any[], pauses: any[], letters: { messages: number }[], failures: any[] }} known
 *   `failures` are imports that failed for good; there may be more of them
 * @returns {Finding[]}
 */
export function findings({ state, jobs, pauses, letters, failures }, now = Date.now()) {
  const found = [
    ...ofLetters(letters),
    ...ofJobs(jobs, now),
    ...ofDue(state, pauses),
    ...ofFailures(state, failures),
    ...ofData(state),
  ];
  const paused = pauses.map((pause) => ({ tone: "late", says: `${pause.name} is paused: ${pause.reason}` }));
  return [...found, ...paused].sort((one, other) =>
    one.tone === other.tone ? 0 : one.tone === "silent" ? -1 : 1,
  );
}

function ofLetters(letters) {
  const dead = letters.reduce((sum, { messages }) => sum + messages, 0);
  return dead === 0 ? [] : [{ tone: "silent", says: `${plural(dead, "message")} failed every try` }];
}

function ofJobs(jobs, now) {
  const failing = jobs.filter((job) => job.is_failing);
  const overdue = jobs.filter((job) => !job.is_failing && isOverdue(job, now));
  return [
    ...failing.map((job) => ({
      tone: "silent",
      says: `${job.job_name} fails${job.last_run.status === "failed" ? `: ${job.last_run.error_text}` : ""}`,
    })),
    ...overdue.map((job) => ({
      tone: "silent",
      says: `${job.job_name} should run ${scheduleWords(job.schedule)}, and has not succeeded for ${duration(now - Date.parse(job.last_succeeded_at))}`,
    })),
  ];
}

/** Nothing fails where nothing runs. Without a next time its schedule is switched off. */
function isOverdue(job, now) {
  const period = periodOf(job.schedule);
  if (period === null || job.next_run_at === null || job.pause !== null) return false;
  return now - Date.parse(job.last_succeeded_at) >= MOST_MISSED * period;
}

function ofDue(state, pauses) {
  const isPaused = pauses.some((pause) => pause.name === "imports");
  if (state.oldest_due_seconds <= LONGEST_DUE_SECONDS || isPaused) return [];
  return [
    { tone: "silent", says: `An import has been due for ${duration(state.oldest_due_seconds * 1000)}` },
  ];
}

/** By the kind of their error, which its message begins with. */
function ofFailures(state, failures) {
  const kinds = Map.groupBy(failures, ({ error_message: error }) => (error ?? "unknown").split(":")[0]);
  const found = [...kinds].map(([kind, { length }]) =>
    kind === NO_DOCUMENT
      ? { tone: "late", says: `The agency has no document for ${plural(length, "import")}` }
      : { tone: "silent", says: `${plural(length, "import")} failed for good: ${kind}` },
  );
  const untold = state.import_jobs_failed - failures.length;
  return untold > 0 ? [...found, { tone: "late", says: `${plural(untold, "import")} failed for good` }] : found;
}

function ofData(state) {
  const unanswered = state.series_request_failed + state.rain_series_request_failed;
  const silent = state.series_offline + state.rain_series_offline - unanswered;
  const late = state.series_degraded + state.rain_series_degraded;
  return [
    unanswered > 0 && {
      tone: "silent",
      says: `The agency left the last poll of ${plural(unanswered, "series", "series")} unanswered`,
    },
    silent > 0 && {
      tone: "late",
      says: `${plural(silent, "series", "series")} ${silent === 1 ? "sends" : "send"} no data`,
    },
    late > 0 && {
      tone: "late",
      says: `${plural(late, "series", "series")} ${late === 1 ? "is" : "are"} late`,
    },
    state.stale_summaries > 0 && {
      tone: "late",
      says: `${plural(state.stale_summaries, "gauge")} missing from the agency's newest list`,
    },
    state.rejects > 0 && {
      tone: "late",
      says: `${plural(state.rejects, "record")} ${state.rejects === 1 ? "was" : "were"} dropped`,
    },
  ].filter(Boolean);
}
