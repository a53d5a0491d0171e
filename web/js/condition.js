/** How a gauge is doing, in the words of those who watch for floods. Pure. */

import { ago, duration, moment } from "./format.js";

/**
 * @typedef {"reporting" | "late" | "silent" | "none"} Tone how a condition is drawn: with a colour, and a shape of its own
 * @typedef {{ tone: Tone, label: string, words: string, short: string, heard: string | null, zone: string, needsLook: boolean }} Condition `short` has no verb, `heard` is when it was last heard of
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
    short: tone === "reporting" && heard !== null ? ago(heard, now) : words(subject, tone, heard, now),
    heard,
    zone: subject.time_zone,
    needsLook: tone === "late" || tone === "silent",
  };
}

function words(subject, tone, heard, now) {
  if (tone === "none") return "No live data is polled";
  if (tone === "reporting") return heard === null ? "Reporting" : `Reported ${ago(heard, now)}`;
  if (subject.status_reason === "not_polled") {
    return heard === null ? "Not polled any more" : `Not polled any more, heard ${ago(heard, now)}`;
  }
  if (subject.status === "stale") {
    return heard === null
      ? "No news on the agency's list"
      : `No news on the agency's list for ${duration(now - Date.parse(heard))}`;
  }
  if (subject.status_reason === "request_failed") {
    return heard === null
      ? "Agency did not answer yet"
      : `Agency did not answer since ${moment(heard, subject.time_zone, now)}`;
  }
  return heard === null ? "No data yet" : `No data for ${duration(now - Date.parse(heard))}`;
}

/**
 * When a gauge was last heard of: its newest reading, or the list that it stood on with an amount of rain.
 * @param {{ observed_at?: string | null, rainfall_past_6h_inches?: number | null, rainfall_past_24h_inches?: number | null, latest?: { reading_time: string }[] }} gauge
 * @returns {string | null}
 */
export function lastHeard(gauge) {
  const isBlank = gauge.rainfall_past_6h_inches === null && gauge.rainfall_past_24h_inches === null;
  const listed = isBlank ? null : gauge.observed_at;
  const times = [listed, ...(gauge.latest ?? []).map((each) => each.reading_time)].filter(Boolean);
  return times.length === 0
    ? null
    : times.reduce((one, other) => (Date.parse(other) > Date.parse(one) ? other : one));
}

/** The gauge's own condition. Where some of its series report and some do not, it is told which is the worst. */
export function gaugeCondition(gauge, now = Date.now()) {
  const whole = condition(gauge, lastHeard(gauge), now);
  if (gauge.status !== "degraded") return whole;
  const trouble = (gauge.latest ?? []).filter(
    (each) => each.status === "offline" || each.status === "degraded",
  );
  const worst = trouble.find((each) => each.status === "offline") ?? trouble[0];
  if (worst === undefined) return whole;
  const said = condition({ ...worst, time_zone: gauge.time_zone }, worst.reading_time, now).words;
  const words = `${worst.parameter}: ${said.replace(/^./, (first) => first.toLowerCase())}`;
  return { ...whole, words, short: words };
}
