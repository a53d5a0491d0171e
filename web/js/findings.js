/** What is out of order, in one list, the worst first. The same judgement as `gaugehouse status` makes. Pure. */

import { duration, plural } from "./format.js";

const LONGEST_DUE_SECONDS = 3600; // as the alarm of the template

/**
 * @typedef {{ tone: "silent" | "late", says: string }} Finding
 * @param {any} state @param {any[]} jobs @param {any[]} pauses @param {{ messages: number }[]} letters
 * @returns {Finding[]}
 */
export function findings(state, jobs, pauses, letters) {
  const found = [...ofLetters(letters), ...ofJobs(jobs), ...ofImports(state, pauses), ...ofData(state)];
  const paused = pauses.map((pause) => ({ tone: "late", says: `${pause.name} is paused: ${pause.reason}` }));
  return [...found, ...paused].sort((one, other) =>
    one.tone === other.tone ? 0 : one.tone === "silent" ? -1 : 1,
  );
}

function ofLetters(letters) {
  const dead = letters.reduce((sum, { messages }) => sum + messages, 0);
  return dead === 0 ? [] : [{ tone: "silent", says: `${plural(dead, "message")} failed every try` }];
}

function ofJobs(jobs) {
  return jobs
    .filter((job) => job.is_failing)
    .map((job) => ({
      tone: "silent",
      says: `${job.job_name} fails${job.last_run.status === "failed" ? `: ${job.last_run.error_text}` : ""}`,
    }));
}

function ofImports(state, pauses) {
  const found = [];
  const isPaused = pauses.some((pause) => pause.name === "imports");
  if (state.oldest_due_seconds > LONGEST_DUE_SECONDS && !isPaused) {
    found.push({
      tone: "silent",
      says: `An import has been due for ${duration(state.oldest_due_seconds * 1000)}`,
    });
  }
  if (state.import_jobs_failed > 0) {
    found.push({ tone: "late", says: `${plural(state.import_jobs_failed, "import")} failed for good` });
  }
  return found;
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
