/** Water years: N runs from 1 October N-1 to 30 September N. Dates are local, written YYYY-MM-DD. Pure. */

export const DAY_SECONDS = 86_400;

/** Seconds of a date as if it were in UTC: the charts' x axis. @param {string} date */
export function seconds(date) {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}

/** @param {number} stamp seconds @returns {string} YYYY-MM-DD */
function dateOf(stamp) {
  return new Date(stamp * 1000).toISOString().slice(0, 10);
}

/** @param {number} year */
export function firstDay(year) {
  return `${year - 1}-10-01`;
}

/** @param {number} year */
export function lastDay(year) {
  return `${year}-09-30`;
}

/** Every date of a water year, in order. @param {number} year */
export function daysOf(year) {
  const days = [];
  for (let at = seconds(firstDay(year)); at <= seconds(lastDay(year)); at += DAY_SECONDS)
    days.push(dateOf(at));
  return days;
}

/** The local date of a moment. @param {string | number} stamp @param {string} zone */
export function localDate(stamp, zone) {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date(stamp));
}
