/** Which part of the map is looked at first. Pure. */

/** About a degree and a half in the map's units: gauges of one agency are seldom farther apart. */
const CELL = 26;

/** @typedef {{ gauge: any, at: [number, number] }} Placed */

/**
 * The largest group of gauges that are neighbours: those of other states must not make all of it a dot.
 * @param {Placed[]} placed
 * @returns {Placed[]}
 */
export function neighbourhood(placed) {
  const cells = Map.groupBy(placed, ({ at: [x, y] }) => `${Math.floor(x / CELL)},${Math.floor(y / CELL)}`);
  let largest = [];
  while (cells.size > 0) {
    const group = takeGroup(cells, cells.keys().next().value);
    if (group.length > largest.length) largest = group;
  }
  return largest;
}

/** Take a cell and all that hang together with it out of `cells`. */
function takeGroup(cells, first) {
  const found = [];
  const open = [first];
  while (open.length > 0) {
    const name = open.pop();
    if (!cells.has(name)) continue;
    found.push(...cells.get(name));
    cells.delete(name);
    const [x, y] = name.split(",").map(Number);
    for (const right of [-1, 0, 1]) for (const down of [-1, 0, 1]) open.push(`${x + right},${y + down}`);
  }
  return found;
}

/** The smallest box around places. @param {[number, number][]} places @returns {[[number, number], [number, number]]} */
export function boxAround(places) {
  const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const least = (values) => values.reduce((one, other) => Math.min(one, other));
  const most = (values) => values.reduce((one, other) => Math.max(one, other));
  return [
    [least(xs), least(ys)],
    [most(xs), most(ys)],
  ];
}
