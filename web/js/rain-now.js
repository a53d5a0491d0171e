/**
 * The rain of the last hours, by whichever source is newer: the agency's list (hourly) or its live report, which alone
 * tells of the last hour. What is too old to be of now counts as missing here: yesterday's rain on the map of now would
 * mislead. Pure.
 */

const RAINFALL = "00045";
const HOUR = 3_600_000;
const OLDEST_MILLISECONDS = { 1: HOUR, 6: 3 * HOUR, 24: 3 * HOUR }; // the report comes every quarter, the list every hour
const LISTED = { 6: "rainfall_past_6h_inches", 24: "rainfall_past_24h_inches" };

/**
 * @typedef {{ inches: number | null, at: string | null }} Rain `at` is when the hours end
 * @param {any} gauge @param {1 | 6 | 24} hours
 * @returns {Rain} the newest that is known, however old
 */
export function rainKnown(gauge, hours) {
  const isListed = hours in LISTED;
  const listed = { inches: isListed ? gauge[LISTED[hours]] : null, at: isListed ? gauge.observed_at : null };
  const live = (gauge.latest ?? []).find(
    (each) => each.parameter_code === RAINFALL && each.method === `past_${hours}_h`,
  );
  const isNewer =
    live?.reading_time && (listed.at === null || Date.parse(live.reading_time) > Date.parse(listed.at));
  return isNewer ? { inches: live.value, at: live.reading_time } : listed;
}

/** The rain of the hours that end now, inches; null is missing. @param {any} gauge @param {1 | 6 | 24} hours */
export function rainNow(gauge, hours, now = Date.now()) {
  const { inches, at } = rainKnown(gauge, hours);
  return at === null || now - Date.parse(at) > OLDEST_MILLISECONDS[hours] ? null : inches;
}

/** Whether anything tells of this gauge's rain, however old. @param {any} gauge */
export function measuresRain(gauge) {
  return rainKnown(gauge, 24).at !== null;
}
