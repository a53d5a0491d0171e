/** What the map says of the gauge that is pointed at: its rain or its stream, and how it is doing. */

import { conditionMark, gaugeAddress, rainCell } from "./cells.js";
import { gaugeCondition } from "./condition.js";
import { h } from "./dom.js";
import { reading, unitWords } from "./format.js";
import { streamReading } from "./gauge-order.js";
import { measuresRain, rainNow } from "./rain-now.js";

/** @param {any} gauge */
export function mapCard(gauge) {
  const stream = streamReading(gauge);
  const rain = (hours) =>
    h("span", {}, `${hours} h `, rainCell(rainNow(gauge, hours)), rainNow(gauge, hours) !== null && " in");
  return [
    // The list has the same links: here they are for fingers and the mouse.
    h("a", { href: gaugeAddress(gauge), tabindex: "-1" }, gauge.name),
    measuresRain(gauge) && h("span", { class: "map-card-rain" }, rain(1), rain(24)),
    stream &&
      h("span", {}, `${stream.parameter} ${reading(stream.value, stream.unit)} ${unitWords(stream.unit)}`),
    conditionMark(gaugeCondition(gauge)),
  ];
}
