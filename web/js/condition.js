/** How a gauge is doing, in the words of those who watch for floods. Pure. */

import { duration, moment } from "./format.js";

/**
 * @typedef {"reporting" | "late" | "silent" | "none"} Tone how a condition is drawn: with a colour, and a shape of its own
 * @typedef {{ tone: Tone, label: string, words: string, needsLook: boolean }} Condition
 */

const TONES = { active: "reporting", degraded: "late", stale: "late", offline: "silent", unknown: "none" };

/** What a tone is called in legends and filters. @type {Record<Tone, string>} */
export const TONE_LABELS = { reporting: "Reporting", late: "Late", silent: "Silent", none: "No live data" };

/** The order in which trouble is listed. */
export const SEVERITY = { silent: 0, late: 1, none: 2, reporting: 3 };

/**
 * @param {{ status: string, status_reason?: string | null, time_zone: string }} subject a gauge, or one of its series
 * @param {string | null} heard when it was last heard of (ISO 8601)
 * @param {number} [now]
 * @returns {Condition}
 */
export function condition(subject, heard, now = Date.now()) {
  const tone = TONES[subject.status] ?? "none";
  return {
    tone,
    label: TONE_LABELS[tone],
    words: words(subject, tone, heard, now),
    needsLook: tone === "late" || tone === "silent",
  };
}

function words(subject, tone, heard, now) {
  if (tone === "none") return "No live data is polled";
  if (tone === "reporting") return heard === null ? "Reporting" : `Reported ${duration(now - Date.parse(heard))} ago`;
  if (subject.status_reason === "request_failed") {
    return heard === null
      ? "Agency did not answer yet"
      : `Agency did not answer since ${moment(heard, subject.time_zone, now)}`;
  }
  if (subject.status_reason === "not_listed") return "No longer on the agency's list";
  return heard === null ? "No data yet" : `No data for ${duration(now - Date.parse(heard))}`;
}

/**
 * When a gauge was last heard of: its newest reading, else the list that it stood on.
 * @param {{ observed_at?: string | null, latest?: { reading_time: string }[] }} gauge
 * @returns {string | null}
 */
export function lastHeard(gauge) {
  const times = [gauge.observed_at, ...(gauge.latest ?? []).map((each) => each.reading_time)].filter(Boolean);
  return times.length === 0 ? null : times.reduce((one, other) => (Date.parse(other) > Date.parse(one) ? other : one));
}

/** The gauge's own condition. */
export function gaugeCondition(gauge, now = Date.now()) {
  return condition(gauge, lastHeard(gauge), now);
}
