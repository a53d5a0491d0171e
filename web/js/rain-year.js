/** One water year of a gauge as the charts draw it: a value for each of its days, the running total and the band. Pure. */

import { daysOf, seconds } from "./water-year.js";

/**
 * @typedef {object} RainYear
 * @property {string[]} dates every day of the water year
 * @property {number[]} x the same in seconds
 * @property {(number | null)[]} rain null is missing, never 0
 * @property {(number | null)[]} total the running total, up to the last day that is known
 * @property {(number | null)[]} atLeast the same from the first missing day on, when it is only a lower bound
 * @property {(number | null)[]} median @property {(number | null)[]} low @property {(number | null)[]} high
 * @property {number} lastKnown index of the last day with a value; -1 if there is none
 * @property {number} missing days without a value before that
 */

/**
 * @param {number} year
 * @param {{ date: string, rainfall_inches: number | null }[]} days
 * @param {{ day_of_water_year: number, median_inches: number, p10_inches: number, p90_inches: number }[]} normals
 * @returns {RainYear}
 */
export function rainYear(year, days, normals) {
  const dates = daysOf(year);
  const known = new Map(days.map((each) => [each.date, each.rainfall_inches]));
  const rain = dates.map((date) => known.get(date) ?? null);
  const lastKnown = rain.findLastIndex((value) => value !== null);
  const firstMissing = rain.findIndex((value, index) => value === null && index < lastKnown);
  let sum = 0;
  const running = rain.map((value, index) => (index > lastKnown ? null : (sum += value ?? 0)));
  const isLowerBound = (index) => firstMissing >= 0 && index >= firstMissing;
  const normal = new Map(normals.map((each) => [each.day_of_water_year, each]));
  const band = (name) => dates.map((_, index) => normal.get(index + 1)?.[name] ?? null);
  return {
    dates,
    x: dates.map(seconds),
    rain,
    total: running.map((value, index) => (isLowerBound(index) ? null : value)),
    atLeast: running.map((value, index) => (isLowerBound(index + 1) ? value : null)),
    median: band("median_inches"),
    low: band("p10_inches"),
    high: band("p90_inches"),
    lastKnown,
    missing: rain.filter((value, index) => value === null && index < lastKnown).length,
  };
}
