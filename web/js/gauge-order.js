/** Which gauges are listed, and in which order. Pure. */

import { gaugeCondition, lastHeard, SEVERITY } from "./condition.js";
import { rainNow } from "./rain-now.js";

const STREAM_CODES = ["00065", "00060"]; // stage, discharge

/** What a row is sorted by; a missing value is always last. Groups stay apart: feet are not compared with ft³/s. */
export const COLUMNS = [
  { id: "name", label: "Gauge", of: (gauge) => gauge.name.toLowerCase() },
  rainColumn(1),
  rainColumn(6),
  rainColumn(24),
  {
    id: "stream",
    label: "Stream",
    numeric: true,
    of: (gauge) => streamReading(gauge)?.value,
    group: (gauge) => STREAM_CODES.indexOf(streamReading(gauge)?.parameter_code),
  },
  {
    id: "condition",
    label: "Condition",
    of: (gauge) => SEVERITY[gaugeCondition(gauge).tone] * 1e15 + age(gauge),
  },
];

/** `heard` is what a screen reader says before the label, which stands beside the others of rain. */
function rainColumn(hours) {
  const label = `${hours} h`;
  const of = (gauge) => rainNow(gauge, hours);
  return { id: `rain${hours}`, heard: "Rain in ", label, unit: "in", numeric: true, of };
}

/** Which gauges can be listed. */
export const SHOWN = {
  all: { label: "All", holds: () => true },
  wet: { label: "Rain in 24 h", holds: (gauge) => rainNow(gauge, 24) > 0 },
  look: { label: "Needs a look", holds: (gauge) => gaugeCondition(gauge).needsLook },
};

function age(gauge) {
  const heard = lastHeard(gauge);
  return heard === null ? 0 : Date.parse(heard); // the longest silence first
}

/** Stage where there is one, else discharge, else anything that is not rain. */
export function streamReading(gauge) {
  const readings = gauge.latest ?? [];
  const others = readings.filter((each) => each.parameter_code !== "00045" && each.value !== null);
  return (
    STREAM_CODES.map((code) => others.find((each) => each.parameter_code === code)).find(Boolean) ??
    others[0]
  );
}

/** @param {any[]} gauges @param {string} query */
export function matching(gauges, query) {
  const asked = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length === 0) return gauges;
  return gauges.filter((gauge) => {
    const text = [gauge.name, gauge.station_id, gauge.city, gauge.county, gauge.network]
      .join(" ")
      .toLowerCase();
    return asked.every((word) => text.includes(word));
  });
}

/** What is of no group comes after all of them. @param {number} index */
const rank = (index) => (index < 0 ? Infinity : index);

/** @param {any[]} gauges @param {{ id: string, descending: boolean }} by */
export function sorted(gauges, by) {
  const { of, group = () => 0 } = COLUMNS.find((column) => column.id === by.id);
  const sign = by.descending ? -1 : 1;
  const absent = (value) => value === null || value === undefined;
  return gauges
    .map((gauge) => ({ gauge, value: of(gauge), place: rank(group(gauge)) }))
    .sort((one, other) => {
      if (absent(one.value) || absent(other.value)) return absent(one.value) - absent(other.value);
      if (one.place !== other.place) return one.place - other.place;
      if (one.value !== other.value) return (one.value < other.value ? -1 : 1) * sign;
      return one.gauge.station_id < other.gauge.station_id ? -1 : 1;
    })
    .map(({ gauge }) => gauge);
}
