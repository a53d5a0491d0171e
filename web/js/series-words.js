/** A series of readings in words: its name, its table, and the file that can be taken away. Pure but for the table. */

import { plainTable } from "./cells.js";
import { moment, reading, unitWords, utc, words } from "./format.js";

const MOST_ROWS = 500;

/** "Stage"; of several series of one parameter also which: "Rainfall, past 24 h". @param {any} series */
export function nameOf(series) {
  return series.method ? `${series.parameter}, ${words(series.method)}` : series.parameter;
}

const COMPARED_HOURS = 3;
const NEAR_MILLISECONDS = 20 * 60_000;

/**
 * Whether a stream rises: its newest value against the one about three hours before. Null where there is none so near,
 * or where the answer leaves the newest out, as one of many values may.
 * @param {any} answer of the API @param {string | null} newest when the newest value is of
 * @returns {string | null} "0.35 ft higher than 3 h before"
 */
export function changeWords({ items, unit }, newest) {
  const last = items.at(-1);
  if (last === undefined || Date.parse(last.reading_time) !== Date.parse(newest)) return null;
  const wanted = Date.parse(last.reading_time) - COMPARED_HOURS * 3_600_000;
  const away = (item) => Math.abs(Date.parse(item.reading_time) - wanted);
  const before = items.reduce((one, other) => (away(other) < away(one) ? other : one));
  if (away(before) > NEAR_MILLISECONDS) return null;
  const change = last.value - before.value;
  const amount = reading(Math.abs(change), unit);
  if (amount === reading(0, unit)) return `the same as ${COMPARED_HOURS} h before`;
  return `${amount} ${unitWords(unit)} ${change > 0 ? "higher" : "lower"} than ${COMPARED_HOURS} h before`;
}

/** The newest readings, newest first. @param {any} series @param {any} answer of the API */
export function table(series, answer) {
  const rows = answer.items.slice(-MOST_ROWS).toReversed();
  const columns = [
    { label: "Time" },
    { label: "UTC" },
    { label: `${nameOf(series)}, ${unitWords(answer.unit)}`, numeric: true },
  ];
  return plainTable(
    `Newest ${rows.length} of ${answer.items.length} values shown`,
    columns,
    rows.map((each) => [
      moment(each.reading_time, answer.time_zone),
      utc(each.reading_time),
      reading(each.value, answer.unit),
    ]),
  );
}

/** What the download buttons save. @param {any} gauge @param {any} series @param {any} answer of the API */
export function fileOf(gauge, series, answer) {
  return {
    columns: ["station_id", "parameter_code", "method", "reading_time", "value", "unit", "approved"],
    rows: answer.items.map((each) => [
      gauge.station_id,
      series.parameter_code,
      series.method,
      each.reading_time,
      each.value,
      answer.unit,
      each.approved,
    ]),
    about: {
      station_id: gauge.station_id,
      name: gauge.name,
      parameter: series.parameter,
      unit: answer.unit,
      time_zone: answer.time_zone,
      points: answer.points,
    },
  };
}
