"""Lists of gauges in their other forms: CSV, and GeoJSON (RFC 7946) for maps."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from gaugehouse.domain.series import DISCHARGE, STAGE
from gaugehouse.store.gauge_items import GaugeItem

CSV_HEADER = (
    "station_id", "network", "name", "gauge_type", "latitude_degrees", "longitude_degrees", "elevation_ft",
    "city", "county", "state", "time_zone", "status", "status_reason", "observed_at_utc",
    "rainfall_past_6h_inches", "rainfall_past_24h_inches", "stage_ft", "stage_time_utc",
    "discharge_ft3_per_s", "discharge_time_utc", "distance_miles",
)  # fmt: skip


def csv_rows(gauges: Sequence[GaugeItem]) -> Iterator[tuple[object, ...]]:
    """Make a line of each gauge, with the newest stage and discharge of those that have them."""
    for gauge in gauges:
        yield (
            gauge.station_id, gauge.network, gauge.name, gauge.gauge_type, gauge.latitude, gauge.longitude,
            gauge.elevation_ft, gauge.city, gauge.county, gauge.state, gauge.time_zone, gauge.status,
            gauge.status_reason, gauge.observed_at, gauge.rainfall_past_6h_inches,
            gauge.rainfall_past_24h_inches, *_newest(gauge).values(), gauge.distance_miles,
        )  # fmt: skip


def feature_collection(gauges: Sequence[GaugeItem]) -> dict[str, Any]:
    """Make a feature of each gauge; one whose position is not known has no geometry.

    Newest stage and discharge are properties of their own, since maps colour by numbers.
    """
    return {"type": "FeatureCollection", "features": [_feature(gauge) for gauge in gauges]}


def _feature(gauge: GaugeItem) -> dict[str, Any]:
    properties = asdict(gauge) | _newest(gauge)
    longitude, latitude = properties.pop("longitude"), properties.pop("latitude")
    is_placed = longitude is not None and latitude is not None
    point = {"type": "Point", "coordinates": [longitude, latitude]} if is_placed else None
    return {"type": "Feature", "id": gauge.station_id, "geometry": point, "properties": properties}


def _newest(gauge: GaugeItem) -> dict[str, object]:
    values = {value.parameter_code: value for value in gauge.latest}
    stage, discharge = values.get(STAGE), values.get(DISCHARGE)
    return {
        "stage_ft": stage and stage.value,
        "stage_time": stage and stage.reading_time,
        "discharge_ft3_per_s": discharge and discharge.value,
        "discharge_time": discharge and discharge.reading_time,
    }
