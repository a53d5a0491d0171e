/** Towns by which people find their way on the map of Arizona, the larger first: longitude and latitude in degrees. */

/** @type {[string, number, number][]} */
export const PLACES = [
  ["Phoenix", -112.07, 33.45],
  ["Tucson", -110.97, 32.22],
  ["Flagstaff", -111.65, 35.2],
  ["Yuma", -114.62, 32.69],
  ["Prescott", -112.47, 34.54],
  ["Mesa", -111.83, 33.42],
  ["Buckeye", -112.58, 33.37],
  ["Casa Grande", -111.76, 32.88],
  ["Wickenburg", -112.73, 33.97],
  ["Gila Bend", -112.72, 32.95],
  ["Cave Creek", -111.95, 33.83],
  ["Apache Junction", -111.55, 33.42],
  ["Payson", -111.33, 34.23],
  ["Globe", -110.79, 33.39],
  ["Kingman", -114.05, 35.19],
  ["Show Low", -110.03, 34.25],
  ["Sierra Vista", -110.3, 31.55],
];
