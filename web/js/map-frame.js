/** The card around the map: what it is coloured by, the buttons, its legend, and the words for one gauge. */

import { card, segmented } from "./cells.js";
import { h, icon } from "./dom.js";
import { legendOf } from "./map-legend.js";

const STEP = 1.6;
/** @typedef {"rain1" | "rain24" | "condition"} ColouredBy */
const COLOURS = [
  { value: "rain1", label: "Rain in 1 h" },
  { value: "rain24", label: "Rain in 24 h" },
  { value: "condition", label: "Condition" },
];

/**
 * @param {ColouredBy} by
 * @param {{ onzoom: (factor: number) => void, onreset: () => void, onchange: (by: string) => void }} listeners
 * @returns {Record<"element" | "frame" | "canvas" | "words" | "legend" | "unplaced", HTMLElement>}
 */
export function mapFrame(by, { onzoom, onreset, onchange }) {
  const canvas = h("canvas", { role: "img", "aria-label": "Map of gauges. The list has the same data." });
  const words = h("div", { class: "map-card", hidden: true });
  const legend = h("ul", { class: "legend" }, legendOf(by));
  const tool = (name, label, onclick) =>
    h(
      "button",
      { type: "button", class: "button button-icon", "aria-label": label, title: label, onclick },
      icon(name),
    );
  const tools = h(
    "div",
    { class: "map-tools" },
    tool("plus", "Zoom in", () => onzoom(STEP)),
    tool("minus", "Zoom out", () => onzoom(1 / STEP)),
    tool("reset", "Show all gauges", onreset),
  );
  const frame = h("div", { class: "map-frame", "aria-busy": "true" }, canvas, tools, words); // until it has its ground
  const chooser = segmented({
    legend: "Colour the gauges by",
    name: "colour-by",
    options: COLOURS,
    value: by,
    onchange,
  });
  const unplaced = h("p", { class: "note card-foot", hidden: true });
  const element = card({ id: "map", title: "Map", tools: chooser, kind: "map" }, frame, legend, unplaced);
  return { element, frame, canvas, words, legend, unplaced };
}
