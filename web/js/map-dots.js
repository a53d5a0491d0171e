/** How a gauge is drawn on the map: by its rain or by its condition. Pure, given the colours. */

import { gaugeCondition, SEVERITY } from "./condition.js";
import { inches } from "./format.js";
import { rainNow } from "./rain-now.js";
import { RAIN_CLASSES, rainClass } from "./rain-scale.js";

const HOURS = { rain1: 1, rain24: 24 };

/** Each tone has a shape of its own, for those who cannot tell its colour. */
export const SHAPES = { reporting: "dot", late: "triangle", silent: "cross", none: "ring" };

/**
 * @param {any} gauge @param {import("./map-frame.js").ColouredBy} by
 * @param {{ rain: string[], missing: string, halo: string, tones: Record<string, string> }} colours
 * @returns {Omit<import("./map-drawing.js").Dot, "x" | "y">}
 */
export function dotOf(gauge, by, colours) {
  return by === "condition" ? byCondition(gauge, colours) : byRain(rainNow(gauge, HOURS[by]), colours);
}

function byRain(rain, colours) {
  const level = rainClass(rain);
  if (level < 0)
    return { radius: 3, fill: null, stroke: colours.missing, shape: "ring", label: "", rank: -1 };
  const { radius } = RAIN_CLASSES[level];
  return {
    radius,
    fill: colours.rain[level],
    stroke: colours.halo,
    shape: "dot",
    label: level > 0 ? inches(rain) : "",
    rank: rain,
  };
}

function byCondition(gauge, colours) {
  const { tone, needsLook } = gaugeCondition(gauge);
  const isFilled = tone === "reporting" || tone === "late";
  return {
    radius: tone === "none" ? 3.5 : 5.5,
    fill: isFilled ? colours.tones[tone] : null,
    stroke: isFilled ? colours.halo : colours.tones[tone],
    shape: SHAPES[tone],
    label: needsLook ? gauge.name : "",
    rank: 3 - SEVERITY[tone],
  };
}
