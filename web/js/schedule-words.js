/** A schedule as people say it; one of another form stays as it is written. Pure. */

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const CRON = /^cron\((\d+) (\d+) (\*|\?|\d+) \* (\*|\?|[A-Z]{3}) \*\)$/;
const DAYS = {
  MON: "Mondays",
  TUE: "Tuesdays",
  WED: "Wednesdays",
  THU: "Thursdays",
  FRI: "Fridays",
  SAT: "Saturdays",
  SUN: "Sundays",
};

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** How long it is from one time to the next, in milliseconds; null where that is not always as long. @param {string | null} schedule */
export function periodOf(schedule) {
  const [, number, unit] = RATE.exec(schedule) ?? [];
  return unit ? Number(number) * UNITS[unit] : null;
}

/** "every 15 minutes", "daily at 05:00 UTC", "Sundays at 04:00 UTC". @param {string} schedule of EventBridge */
export function scheduleWords(schedule) {
  const [, number, unit] = RATE.exec(schedule) ?? [];
  if (unit) return number === "1" ? `every ${unit}` : `every ${number} ${unit}s`;
  const [isCron, minute, hour, day, weekday] = CRON.exec(schedule) ?? [];
  if (!isCron) return schedule;
  const at = `at ${hour.padStart(2, "0")}:${minute.padStart(2, "0")} UTC`;
  if (weekday in DAYS) return `${DAYS[weekday]} ${at}`;
  return /\d/.test(day) ? `day ${day} of each month ${at}` : `daily ${at}`;
}
