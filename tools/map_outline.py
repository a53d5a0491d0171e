"""The dashboard's outline map: all states and Arizona's counties, out of us-atlas. Pure.

us-atlas is TopoJSON (https://github.com/topojson/topojson-specification): its arcs are shared by neighbours,
so they are simplified before the rings are put together, and borders still meet. What comes out is GeoJSON,
small enough for a first view. Rings run clockwise around what they enclose, as d3-geo wants them and us-atlas
has them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ARIZONA = "04"
STATE_DETAIL_DEGREES = 0.05  # about 5 km: nobody reads a state's border closer than that
COUNTY_DETAIL_DEGREES = 0.006
SMALLEST_DEGREES = 0.2  # a smaller island is left out, unless it is all there is

Point = tuple[float, float]


def outline(states: Mapping[str, Any], counties: Mapping[str, Any]) -> bytes:
    """Return a GeoJSON FeatureCollection of states (`kind` state) and Arizona's counties (`kind` county)."""
    features = [
        *_features(states, "states", kind="state", prefix="", detail=STATE_DETAIL_DEGREES, decimals=2),
        *_features(
            counties, "counties", kind="county", prefix=ARIZONA, detail=COUNTY_DETAIL_DEGREES, decimals=3
        ),
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")).encode() + b"\n"


def _features(
    topology: Mapping[str, Any], layer: str, *, kind: str, prefix: str, detail: float, decimals: int
) -> Iterator[dict[str, Any]]:
    arcs = [
        [(round(x, decimals), round(y, decimals)) for x, y in _simplified(arc, detail)]
        for arc in _arcs(topology)
    ]
    for geometry in topology["objects"][layer]["geometries"]:
        if not geometry["id"].startswith(prefix):
            continue
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        drawn = [[_ring(arcs, ring) for ring in polygon] for polygon in polygons]
        kept = [polygon for polygon in drawn if _width(polygon[0]) > SMALLEST_DEGREES]
        kept = kept or [max(drawn, key=lambda polygon: _width(polygon[0]))]
        yield {
            "type": "Feature",
            "properties": {"kind": kind, "name": geometry["properties"]["name"]},
            "geometry": {"type": "MultiPolygon", "coordinates": kept},
        }


def _arcs(topology: Mapping[str, Any]) -> Iterator[list[Point]]:
    """Decode the arcs: each point is the whole-number step from the one before it."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + left, y * scale_y + bottom))
        yield points


def _ring(arcs: Sequence[Sequence[Point]], indexes: Sequence[int]) -> list[Point]:
    """Put a ring together; a negative index is the arc's complement, run backwards."""
    ring: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return [point for place, point in enumerate(ring) if place == 0 or point != ring[place - 1]]


def _width(ring: Sequence[Point]) -> float:
    """Return the longer side of the box around a ring, in degrees; 0 where it has lost its area."""
    spans = (max(values) - min(values) for values in zip(*ring, strict=True))
    return max(spans) if len(set(ring)) > 2 else 0.0


def _simplified(points: Sequence[Point], detail: float) -> list[Point]:
    """Leave out what lies nearer to the line than `detail` degrees (Douglas-Peucker). The ends stay.

    A closed arc (an island) is cut at its farthest point first: between two equal ends there is no line.
    """
    if len(points) > 2 and points[0] == points[-1]:
        middle = max(range(len(points)), key=lambda place: _distance(points[place], points[0], points[0]))
        return _simplified(points[: middle + 1], detail)[:-1] + _simplified(points[middle:], detail)
    kept = {0, len(points) - 1}
    open_spans = [(0, len(points) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        between = range(first + 1, last)
        if not between:
            continue
        farthest = max(between, key=lambda place: _distance(points[place], points[first], points[last]))
        if _distance(points[farthest], points[first], points[last]) > detail:
            kept.add(farthest)
            open_spans += [(first, farthest), (farthest, last)]
    return [points[place] for place in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """Return the distance of a point from the line between two others, in degrees."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length))
    return float(((x1 + along * dx - x) ** 2 + (y1 + along * dy - y) ** 2) ** 0.5)
