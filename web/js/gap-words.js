/** Why data is missing, in words, and where a gap lies on a chart. Pure. */

import { date, plural, words } from "./format.js";
import { localDate, seconds } from "./water-year.js";

const CAUSES = {
  before_record: "The record had not begun",
  missing: "Missing in the agency's document",
  missing_days: "Missing in the agency's document",
  outage: "The instrument was down",
  estimated: "Estimated by the agency",
  incomplete: "Incomplete by the agency's own account",
};

/** @param {{ cause: string }} gap */
export function causeWords(gap) {
  return CAUSES[gap.cause] ?? words(gap.cause).replace(/^./, (first) => first.toUpperCase());
}

/**
 * A gap by local dates; its end is the first day after it, and null where it goes on.
 * @param {any} gap @param {string} zone
 */
export function placed(gap, zone) {
  const from = localDate(gap.gap_start, zone);
  const until = gap.gap_end === null ? null : localDate(gap.gap_end, zone);
  return {
    ...gap,
    from,
    until: until === from ? null : until,
    x: { from: seconds(from), to: until === null ? Infinity : seconds(until) },
  };
}

/** "4 Mar 2026 to 12 Mar 2026, 9 days: The instrument was down. Battery failure." */
export function gapWords(gap) {
  const last =
    gap.gap_end === null ? "now" : date(new Date((gap.x.to - 86_400) * 1000).toISOString().slice(0, 10));
  const span = last === date(gap.from) ? last : `${date(gap.from)} to ${last}`;
  const days = gap.missing_days ? `, ${plural(gap.missing_days, "missing day")}` : "";
  return `${span}${days}: ${causeWords(gap)}${gap.notes ? `. ${gap.notes}` : ""}`;
}
