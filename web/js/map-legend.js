/** What the colours and shapes of the map mean. */

import { swatch } from "./cells.js";
import { TONE_LABELS } from "./condition.js";
import { h } from "./dom.js";
import { RAIN_CLASSES } from "./rain-scale.js";

/** @param {import("./map-frame.js").ColouredBy} by */
export function legendOf(by) {
  if (by === "condition") {
    return Object.entries(TONE_LABELS).map(([tone, label]) =>
      h("li", {}, h("span", { class: `mark mark-${tone}` }, label)),
    );
  }
  const missing = h("i", { class: "swatch swatch-missing", "aria-hidden": "true" });
  return [
    RAIN_CLASSES.map((each, level) => h("li", {}, swatch(level), each.label)),
    h("li", {}, missing, "missing"),
    h("li", { class: "note" }, "inches"),
  ];
}
