/**
 * The colours of rain in the last hour or day: seven classes whose lightness only ever falls (in the dark: rises), so that they
 * stay apart for every kind of colour vision; bigger dots say the same without colour.
 */

/** @type {{ from: number, label: string, token: string, radius: number }[]} inches, smallest first */
export const RAIN_CLASSES = [
  { from: 0, label: "0", token: "--rain-0", radius: 3.5 },
  { from: 0.005, label: "under 0.10", token: "--rain-1", radius: 4.5 },
  { from: 0.1, label: "0.10+", token: "--rain-2", radius: 5.5 },
  { from: 0.25, label: "0.25+", token: "--rain-3", radius: 6.5 },
  { from: 0.5, label: "0.50+", token: "--rain-4", radius: 7.5 },
  { from: 1, label: "1.00+", token: "--rain-5", radius: 8.5 },
  { from: 2, label: "2.00+", token: "--rain-6", radius: 10 },
];

/** The class of an amount; -1 where it is missing. @param {number | null | undefined} rain inches */
export function rainClass(rain) {
  if (rain === null || rain === undefined) return -1;
  return RAIN_CLASSES.findLastIndex((each) => rain >= each.from);
}
