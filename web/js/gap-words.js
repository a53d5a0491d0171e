/** Why data is missing, in words, and where a gap lies on a chart. Pure. */

import { date, plural, words } from "./format.js";
import { DAY_SECONDS, localDate, seconds } from "./water-year.js";

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
 * A gap by the local days that it touches: an outage may begin and end within a day. `last` is null where it goes on.
 * @param {any} gap @param {string} zone
 */
export function placed(gap, zone) {
  const from = localDate(gap.gap_start, zone);
  const begins = Date.parse(gap.gap_start);
  // Its end is the first moment after it: midnight is of the day before.
  const last = gap.gap_end === null ? null : localDate(Math.max(begins, Date.parse(gap.gap_end) - 1), zone);
  return {
    ...gap,
    from,
    last,
    x: { from: seconds(from), to: last === null ? Infinity : seconds(last) + DAY_SECONDS },
  };
}

/** "4 Mar 2026 to 12 Mar 2026, 9 missing days: The instrument was down. Battery failure." */
export function gapWords(gap) {
  const last = gap.last === null ? "now" : date(gap.last);
  const span = gap.last === gap.from ? last : `${date(gap.from)} to ${last}`;
  const days = gap.missing_days ? `, ${plural(gap.missing_days, "missing day")}` : "";
  return `${span}${days}: ${causeWords(gap)}${gap.notes ? `. ${gap.notes}` : ""}`;
}
