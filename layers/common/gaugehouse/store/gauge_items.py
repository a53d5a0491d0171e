"""Gauges with what they measure now and how they are doing: pages of them, and one of them."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from psycopg import Connection, Cursor
from psycopg.rows import class_row
from psycopg.types.json import Jsonb, set_json_loads

from gaugehouse.domain.gauges import HEARD_WITHIN
from gaugehouse.domain.live_rain import INTERVAL_METHODS
from gaugehouse.domain.parameters import PARAMETER_NAMES
from gaugehouse.domain.rainfall import RAINFALL
from gaugehouse.domain.search_circle import SearchCircle
from gaugehouse.store.gauge_lists import BY_DISTANCE, BY_STATION_ID, circle_of
from gaugehouse.store.gauge_status import OF_ANY_STATUS, OF_ONE_STATUS, STATUS, GaugeStatus

BY_ITS_ID = """
WITH candidates AS (
    SELECT gauges.*, NULL::float8 AS distance_miles FROM gauges WHERE station_id = %(station_id)s
)
"""
SELECT_CHOSEN = """
SELECT gauge.station_id, gauge.network, gauge.name, gauge.gauge_type, gauge.latitude, gauge.longitude,
       gauge.elevation_ft, gauge.city, gauge.county, gauge.state, gauge.time_zone, gauge.distance_miles,
       summary.observed_at, summary.rainfall_past_6h_inches::float8 AS rainfall_past_6h_inches,
       summary.rainfall_past_24h_inches::float8 AS rainfall_past_24h_inches, polled.latest,
       CASE WHEN polled.asked_at >= now() - %(heard_within)s::interval
                THEN ('{request_failed,no_data,stale}'::text[])[polled.worst]
            WHEN summary.observed_at >= now() - %(heard_within)s::interval THEN NULL
            WHEN polled.asked_at IS NOT NULL THEN 'not_polled'
            WHEN summary.station_id IS NOT NULL THEN 'stale' END AS status_reason,
"""
FROM_CHOSEN = """
    AS status
FROM chosen AS gauge
LEFT JOIN gauge_summaries AS summary USING (station_id)
CROSS JOIN LATERAL (
    SELECT count(status) AS series, count(*) FILTER (WHERE status = 'active') AS active,
           count(*) FILTER (WHERE status = 'offline') AS offline, max(last_poll_attempted) AS asked_at,
           min(array_position('{request_failed,no_data,stale}', status_reason)) AS worst,
           coalesce(json_agg(json_build_object(
               'parameter_code', parameter_code,
               'parameter', coalesce(%(names)s ->> parameter_code, parameter_code),
               'method', method, 'unit', unit, 'value', value, 'reading_time', reading_time,
               'status', status, 'status_reason', status_reason
           ) ORDER BY parameter_code, minutes, method), '[]') AS latest
    FROM (
        SELECT parameter_code, '' AS method, unit, latest_reading_value AS value,
               latest_reading_time AS reading_time, status, status_reason, last_poll_attempted, 0 AS minutes
        FROM usgs_raw.monitoring_state WHERE site_code = gauge.station_id
        UNION ALL
        SELECT %(rainfall)s, method, 'in', inches, latest_reading_time, status, status_reason,
               last_poll_attempted, array_position(%(methods)s::text[], method)
        FROM live_rainfall WHERE station_id = gauge.station_id
    ) AS one
) AS polled
ORDER BY gauge.distance_miles, gauge.station_id
"""
WITH_VERDICT = SELECT_CHOSEN + STATUS + FROM_CHOSEN
SELECT_PAGE = BY_STATION_ID + OF_ANY_STATUS + WITH_VERDICT
SELECT_PAGE_OF_STATUS = BY_STATION_ID + OF_ONE_STATUS + WITH_VERDICT
SELECT_NEAR_PAGE = BY_DISTANCE + OF_ANY_STATUS + WITH_VERDICT
SELECT_NEAR_PAGE_OF_STATUS = BY_DISTANCE + OF_ONE_STATUS + WITH_VERDICT
SELECT_ONE = BY_ITS_ID + OF_ANY_STATUS + WITH_VERDICT


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestValue:
    """The newest value of one polled series, in its unit. None in all that its polls found is never.

    `method` tells how rain is counted (past_24_h, counter) and is empty for a stream's series.
    """

    parameter_code: str
    parameter: str
    method: str
    value: float | None
    unit: str
    reading_time: datetime | None
    status: str | None
    status_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeItem:
    """One gauge as it is now. Positions are in decimal degrees, west negative; times are aware, UTC.

    `observed_at` is when the rainfall of its agency's list ends. `distance_miles` is None but near a place.
    """

    station_id: str
    network: str
    name: str
    gauge_type: str | None
    latitude: float | None
    longitude: float | None
    elevation_ft: float | None
    city: str | None
    county: str | None
    state: str | None
    time_zone: str
    status: GaugeStatus
    status_reason: str | None
    observed_at: datetime | None
    rainfall_past_6h_inches: float | None
    rainfall_past_24h_inches: float | None
    latest: list[LatestValue]
    distance_miles: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeFilter:
    """Which gauges are wanted; None is all. A text is looked for in ids, names and places."""

    network: str | None = None
    status: GaugeStatus | None = None
    text: str | None = None


def page(conn: Connection, wanted: GaugeFilter, *, after: str | None = None, limit: int) -> list[GaugeItem]:
    """Return a page of gauges by station id, beginning after the given one."""
    where = {**where_of(wanted), "after": after, "limit": limit}
    statement = SELECT_PAGE if wanted.status is None else SELECT_PAGE_OF_STATUS
    with conn.cursor(row_factory=class_row(GaugeItem)) as cursor:
        return _typed(cursor).execute(statement, where).fetchall()


def near_page(
    conn: Connection,
    wanted: GaugeFilter,
    circle: SearchCircle,
    *,
    after: tuple[float, str] | None = None,
    limit: int,
) -> list[GaugeItem]:
    """Return a page of the gauges within a circle, nearest first, after the one of that distance and id."""
    after_miles, after_id = after or (None, None)
    where = {
        **where_of(wanted), **circle_of(circle), "after": after_id, "after_miles": after_miles, "limit": limit
    }  # fmt: skip
    statement = SELECT_NEAR_PAGE if wanted.status is None else SELECT_NEAR_PAGE_OF_STATUS
    with conn.cursor(row_factory=class_row(GaugeItem)) as cursor:
        return _typed(cursor).execute(statement, where).fetchall()


def one(conn: Connection, station_id: str) -> GaugeItem:
    """Return one gauge. Raises: LookupError when there is none with this id."""
    where = {**where_of(GaugeFilter()), "station_id": station_id, "limit": 1}
    with conn.cursor(row_factory=class_row(GaugeItem)) as cursor:
        found = _typed(cursor).execute(SELECT_ONE, where).fetchone()
    if found is None:
        raise LookupError(station_id)
    return found


_read_latest = msgspec.json.Decoder(list[LatestValue]).decode


def _typed(cursor: Cursor[GaugeItem]) -> Cursor[GaugeItem]:
    set_json_loads(_read_latest, cursor)
    return cursor


def where_of(wanted: GaugeFilter) -> dict[str, object]:
    """Return the filter as the statements ask for it."""
    return {
        "network": wanted.network,
        "status": wanted.status,
        "text": wanted.text,
        "names": Jsonb(PARAMETER_NAMES),
        "methods": list(INTERVAL_METHODS),
        "rainfall": RAINFALL,
        "heard_within": HEARD_WITHIN,
    }
