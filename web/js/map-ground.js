/** What lies under the gauges: the projection, the borders of states and counties, and towns. */

import { geoMercator, geoPath } from "../vendor/d3-geo/d3-geo.min.js";
import { PLACES } from "./map-places.js";

/** The map's own units: a thousandth of a radian at the equator, north is up. */
export const projection = geoMercator().scale(1000).translate([0, 0]);

/** Where towns are on the map. */
export const TOWNS = PLACES.map(([name, ...place]) => ({ name, at: projection(place) }));

/** The outlines as paths in the projection's own units: they are made once, and scaled when drawn. */
export async function outlines() {
  const answer = await fetch("vendor/us-atlas/outlines.json");
  const draw = geoPath(projection);
  return (await answer.json()).features.map((feature) => ({
    path: new Path2D(draw(feature)),
    kind: feature.properties.kind,
    name: feature.properties.name,
    at: draw.centroid(feature),
  }));
}
