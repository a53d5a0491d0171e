/** Numbers, ages and times as people read them. Pure; every time zone is named by the caller. */

export const MISSING = "–";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Inches of rain. Missing is a dash and never 0; what is above 0 but rounds to it says so.
 * @param {number | null | undefined} value @param {number} [decimals]
 */
export function inches(value, decimals = 2) {
  if (value === null || value === undefined) return MISSING;
  const least = 10 ** -decimals;
  return value > 0 && value < least / 2 ? `<${least}` : value.toFixed(decimals);
}

const TWO_DECIMALS = ["ft", "in"]; // as stages and rain are given

/**
 * A reading: of feet and inches two decimals; else four significant digits, 1,240 or 3.41.
 * @param {number | null | undefined} value @param {string} [unit]
 */
export function reading(value, unit = "") {
  if (value === null || value === undefined) return MISSING;
  if (TWO_DECIMALS.includes(unit))
    return value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}

/** The agency's unit as people write it: "ft^3/s" → "ft³/s". @param {string} unit */
export function unitWords(unit) {
  return unit
    .replace("^3", "³")
    .replace("^2", "²")
    .replace("ft3", "ft³")
    .replace(/^deg([CF])$/, "°$1");
}

/** A network is written as its agency writes itself. @param {string} network */
export function networkName(network) {
  return network.toUpperCase();
}

/** @param {number | null | undefined} value */
export function count(value) {
  return value === null || value === undefined ? MISSING : value.toLocaleString("en-US");
}

/** "1 gauge", "3 gauges". @param {number} number @param {string} one @param {string} [many] */
export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** @param {number | null | undefined} share between 0 and 1 */
export function percent(share) {
  return share === null || share === undefined ? MISSING : `${Math.round(share * 100)} %`;
}

/**
 * How long something took or has lasted, in its two largest units: "3 h 20 min", "12 d 4 h".
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  if (milliseconds < MINUTE) return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
  const units = [
    [365 * DAY, "y"],
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
  ];
  const first = units.findIndex(([size]) => milliseconds >= size);
  const [size, name] = units[first];
  const whole = Math.floor(milliseconds / size);
  const next = units[first + 1];
  const rest = next ? Math.floor((milliseconds - whole * size) / next[0]) : 0;
  return rest > 0 && whole < 30 ? `${whole} ${name} ${rest} ${next[1]}` : `${whole} ${name}`;
}

/** "just now" or "3 h 20 min ago". @param {string} stamp ISO 8601 @param {number} now */
export function ago(stamp, now = Date.now()) {
  const age = now - Date.parse(stamp);
  return age < MINUTE ? "just now" : `${duration(age)} ago`;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const FORMATS = new Map();

function formatted(stamp, zone, options) {
  const name = `${zone} ${JSON.stringify(options)}`;
  if (!FORMATS.has(name)) {
    FORMATS.set(name, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  }
  return FORMATS.get(name).format(new Date(stamp)).replace("Sept", "Sep"); // as the other months, three letters
}

/** "14:05". @param {string | number} stamp @param {string} zone */
export function clock(stamp, zone) {
  return formatted(stamp, zone, { hour: "2-digit", minute: "2-digit" });
}

/** "28 Nov 2026". @param {string | number} stamp @param {string} zone */
export function day(stamp, zone) {
  return formatted(stamp, zone, { day: "numeric", month: "short", year: "numeric" });
}

/** The shortest that is clear: "14:05" today, "28 Nov 14:05" this year, else with the year. */
export function moment(stamp, zone, now = Date.now()) {
  if (day(stamp, zone) === day(now, zone)) return clock(stamp, zone);
  const thisYear = formatted(stamp, zone, { year: "numeric" }) === formatted(now, zone, { year: "numeric" });
  const date = thisYear ? formatted(stamp, zone, { day: "numeric", month: "short" }) : day(stamp, zone);
  return `${date} ${clock(stamp, zone)}`;
}

/** "2026-11-30 21:05 UTC". @param {string | number} stamp */
export function utc(stamp) {
  return `${new Date(stamp).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A local date that carries no time: "28 Nov 2026". @param {string} date YYYY-MM-DD */
export function date(date) {
  return day(`${date}T00:00:00Z`, "UTC");
}

/** The name of a code for people: `excel_WY_2023` → "excel WY 2023". @param {string} code */
export function words(code) {
  return code.replaceAll("_", " ");
}

/** The zone's own name at a time: "MST", "GMT-7". @param {string} zone @param {string | number} stamp */
export function zoneName(zone, stamp = Date.now()) {
  const name = `${zone} name`;
  if (!FORMATS.has(name)) {
    FORMATS.set(name, new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }));
  }
  const parts = FORMATS.get(name).formatToParts(new Date(stamp));
  return parts.find((part) => part.type === "timeZoneName").value;
}
