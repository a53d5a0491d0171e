"""Gauges as the HTTP API tells of them, in the words of the operations that the gauge verbs ask."""

import math
from collections.abc import Iterable
from dataclasses import asdict, astuple
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from gaugehouse.domain.gauges import HEARD_WITHIN
from gaugehouse.domain.water_year import water_year_of
from gaugehouse.runtime.api.coverage_routes import GaugeCoverage
from gaugehouse.runtime.api.gauge_routes import OneGauge
from gaugehouse.runtime.api.record_routes import GaugeRecord, Proof
from gaugehouse.runtime.record_operations import NEWEST_GAPS, WETTEST_DAYS
from gaugehouse.store.gauge_items import GaugeItem
from gaugehouse.store.rain_spans import RainDay, RainWaterYear
from gaugehouse_cli.api_client import ApiClient

LISTED = ("station_id", "network", "name", "city", "elevation_ft")
MEASURABLE_INCHES = 0.01  # as the view `water_year_rainfall` counts wet days


def listed(gauge: GaugeItem) -> dict[str, Any]:
    """Return a line of the list. The API's list tells nothing of the record, so that is left out."""
    return {name: getattr(gauge, name) for name in LISTED}


def near(gauge: GaugeItem, *, latitude: float, longitude: float) -> dict[str, Any]:
    """Return a line of the list of gauges around a place."""
    there = gauge.latitude or 0.0, gauge.longitude or 0.0  # known, or it would not be near
    return {
        **listed(gauge),
        "latitude": gauge.latitude,
        "longitude": gauge.longitude,
        "distance_miles": gauge.distance_miles,
        "bearing_degrees": _bearing((latitude, longitude), there),
    }


def gauge_page(api: ApiClient, station_id: str) -> dict[str, Any]:
    """Ask for everything that `gaugehouse gauge` shows. What the API does not tell is left out."""
    gauge = api.gauge(station_id)
    known = gauge.station_id
    record, latest = api.record(known), api.latest(known)
    days = api.rainfall(known)
    gaps = list(api.gaps(known))
    wettest = sorted(
        (day for day in days if day.rainfall_inches > 0), key=lambda day: (-day.rainfall_inches, day.date)
    )
    return {
        "gauge": _described(gauge, record),
        "proof": record.proof and _proof(record.proof),
        "water_years": _with_days(api.water_years(known), days),
        "wettest_days": [_wet_day(day) for day in wettest[:WETTEST_DAYS]],
        "gaps": gaps[:NEWEST_GAPS],
        "gap_count": len(gaps),
        "latest_readings": latest.items,
        "live_rain": latest.live_rain,
        "rain_today": latest.rain_today,
    }


def covered(gauge: GaugeCoverage) -> dict[str, Any]:
    """Return a gauge's coverage with a short row for each water year."""
    years = [list(astuple(year)) for year in gauge.water_years]
    return {"station_id": gauge.station_id, "name": gauge.name, "water_years": years}


def _described(gauge: OneGauge, record: GaugeRecord) -> dict[str, Any]:
    details = record.metadata["details"] or {}
    return {
        **asdict(gauge),
        "metadata_source": record.metadata["metadata_source"],
        "workbook_available": record.metadata["workbook_available"],
        "frequency": record.frequency,
        "average_annual_inches": details.get("average_annual_precipitation_inches"),
        "past_6h_inches": gauge.rainfall_past_6h_inches,
        "past_24h_inches": gauge.rainfall_past_24h_inches,
        "summary_observed_at": gauge.observed_at,
        "summary_is_stale": _is_stale(gauge.observed_at),
        "first_day": gauge.record and gauge.record.first_date,
        "last_day": gauge.record and gauge.record.last_date,
    }


def _is_stale(listed_at: datetime | None) -> bool:
    """Say whether the agency's list shows a gauge no longer. The status of one that is polled does not."""
    return listed_at is not None and listed_at < datetime.now(UTC) - HEARD_WITHIN


def _proof(proof: Proof) -> dict[str, Any]:
    return {**asdict(proof), "last_completed_at": proof.imported_at}


def _with_days(years: Iterable[RainWaterYear], days: Iterable[RainDay]) -> list[dict[str, Any]]:
    """Add to each water year what its days tell."""
    of_year = {year: list(found) for year, found in groupby(days, key=lambda day: water_year_of(day.date))}
    return [_year(year, of_year.get(year.water_year, [])) for year in years]


def _year(year: RainWaterYear, days: list[RainDay]) -> dict[str, Any]:
    most = max(days, key=lambda day: day.rainfall_inches, default=None)  # the first of several
    return {
        **asdict(year),
        "is_complete": year.complete,
        "days_incomplete": sum(day.quality == "incomplete" for day in days),
        "wet_days": sum(day.rainfall_inches >= MEASURABLE_INCHES for day in days),
        "max_day_inches": most and most.rainfall_inches,
        "max_day": most.date if most and most.rainfall_inches > 0 else None,
        "sources": sorted({day.data_source for day in days}),
    }


def _wet_day(day: RainDay) -> dict[str, Any]:
    return {
        "reading_date": day.date,
        "rainfall_inches": day.rainfall_inches,
        "quality": day.quality,
        "data_source": day.data_source,
    }


def _bearing(place: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the direction of a place in degrees clockwise from north, as `gauge_lists` computes it."""
    here, there, east = map(math.radians, (place[0], other[0], other[1] - place[1]))
    return math.degrees(
        math.atan2(
            math.sin(east) * math.cos(there),
            math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(east),
        )
    )
