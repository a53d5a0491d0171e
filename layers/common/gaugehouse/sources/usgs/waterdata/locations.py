"""`monitoring-locations`: what the agency's gauges are called, and where they are."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import msgspec

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.series import StreamGauge
from gaugehouse.sources.usgs.json_reading import UNREADABLE, garbage_collector_off
from gaugehouse.sources.usgs.rejects import Rejects
from gaugehouse.sources.usgs.station_ids import station_id_of
from gaugehouse.sources.usgs.texts import LONGEST_NAME, clean, known
from gaugehouse.sources.usgs.waterdata.pages import SOURCE, read_page
from gaugehouse.sources.usgs.waterdata.time_zones import UNKNOWN_ZONE, time_zone_of


class FoundGauges(NamedTuple):
    """The monitoring locations of an answer, each station once, and what was dropped."""

    gauges: list[StreamGauge]
    rejects: tuple[RejectedRecord, ...]


class _Properties(msgspec.Struct):
    agency_code: object = None
    monitoring_location_name: object = None
    state_name: object = None
    county_name: object = None
    site_type: object = None
    altitude: object = None
    time_zone_abbreviation: object = None
    uses_daylight_savings: object = None


class _Feature(msgspec.Struct):
    id: str
    properties: _Properties
    geometry: object = None


_decode = msgspec.json.Decoder(_Feature).decode


def parse_locations(pages: Sequence[bytes]) -> FoundGauges:
    """Read monitoring locations from all pages of one answer.

    A location without a readable id is rejected. One whose time zone or coordinates cannot be is kept, with
    UTC or without coordinates, and a reject says so. Raises as `parse_continuous`.
    """
    gauges: dict[str, StreamGauge] = {}
    rejects = Rejects(SOURCE, "monitoring-locations")
    with garbage_collector_off():
        for number, content in enumerate(pages, 1):
            name = f"USGS monitoring-locations, page {number} of {len(pages)}"
            for feature in read_page(content, name).features:
                gauge = _read(bytes(feature), rejects)
                if gauge is not None and gauges.setdefault(gauge.station_id, gauge) != gauge:
                    problem = "it comes twice and differs; the first one is kept"
                    rejects.add(
                        "duplicate_station_id", f"location {gauge.station_id}", problem, bytes(feature)
                    )
    return FoundGauges(list(gauges.values()), rejects.records)


def _read(raw: bytes, rejects: Rejects) -> StreamGauge | None:
    try:
        feature = _decode(raw)
    except UNREADABLE:
        rejects.add("unreadable_feature", "a feature", "it has no id or no properties", raw)
        return None
    found = feature.properties
    station_id = station_id_of(feature.id)
    name = clean(found.monitoring_location_name, LONGEST_NAME)
    whose = f"location {clean(feature.id, 60)}"
    if station_id is None or not name:
        rejects.add("unreadable_location", whose, "its id or its name is none", raw)
        return None
    longitude, latitude = _coordinates(feature.geometry)
    if feature.geometry is not None and longitude is None:
        rejects.add("impossible_coordinates", whose, "its coordinates are none; the gauge is kept", raw)
    zone_words = clean(found.time_zone_abbreviation, 20), clean(found.uses_daylight_savings, 20)
    time_zone = time_zone_of(*zone_words)
    if time_zone is None:
        problem = (
            f"its time zone {zone_words[0]!r} with daylight saving {zone_words[1]!r} is unknown; UTC is taken"
        )
        rejects.add("unknown_time_zone", whose, problem, raw)
    return StreamGauge(
        station_id=station_id,
        name=name,
        agency_code=clean(found.agency_code, 12) or feature.id.partition("-")[0],
        gauge_type=known(found.site_type, LONGEST_NAME),
        latitude=latitude,
        longitude=longitude,
        elevation_ft=_number(found.altitude),
        state=known(found.state_name, LONGEST_NAME),
        county=known(found.county_name, LONGEST_NAME),
        time_zone=time_zone or UNKNOWN_ZONE,
    )


def _coordinates(geometry: object) -> tuple[float | None, float | None]:
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(coordinates, list) or len(coordinates) < 2:
        return None, None
    longitude, latitude = _number(coordinates[0]), _number(coordinates[1])
    if longitude is None or latitude is None or abs(longitude) > 180 or abs(latitude) > 90:
        return None, None
    return longitude, latitude


def _number(raw: object) -> float | None:
    usable = isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < 1e9
    return float(raw) if usable and isinstance(raw, int | float) and isfinite(raw) else None
