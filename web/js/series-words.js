/** A series of readings in words: its name, its table, and the file that can be taken away. Pure but for the table. */

import { plainTable } from "./cells.js";
import { moment, reading, unitWords, utc, words } from "./format.js";

const MOST_ROWS = 500;

/** "Stage"; of several series of one parameter also which: "Rainfall, past 24 h". @param {any} series */
export function nameOf(series) {
  return series.method ? `${series.parameter}, ${words(series.method)}` : series.parameter;
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
