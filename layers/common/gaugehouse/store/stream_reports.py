"""How polled sites and their series are doing. What they measured is in `stream_readings.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import class_row

SELECT_STATES = """
SELECT state.site_code AS station_id, gauge.name, state.parameter_code, state.unit, state.status,
       state.status_reason, state.consecutive_failures, state.last_poll_attempted, state.last_data_received,
       state.latest_reading_time, state.latest_reading_value
FROM usgs_raw.monitoring_state AS state
JOIN gauges AS gauge ON gauge.station_id = state.site_code
WHERE %(status)s::text IS NULL OR state.status = %(status)s
ORDER BY state.site_code, state.parameter_code
LIMIT %(limit)s
"""


SELECT_TARGETS = """
SELECT target.station_id, coalesce(gauge.name, target.name) AS name, target.source, target.origin,
       target.active, target.added_at, target.discovered_at, target.last_polled_at, target.last_poll_failed,
       target.last_poll_error, coalesce(watched.series, 0) AS series,
       coalesce(watched.degraded, 0) AS degraded, coalesce(watched.offline, 0) AS offline,
       coalesce(had.series, 0) - coalesce(watched.series, 0) AS ended, watched.latest_reading_time
FROM poll_targets AS target
LEFT JOIN gauges AS gauge USING (station_id)
LEFT JOIN (
    SELECT station_id, count(*) AS series, count(*) FILTER (WHERE status = 'degraded') AS degraded,
           count(*) FILTER (WHERE status = 'offline') AS offline,
           max(latest_reading_time) AS latest_reading_time
    FROM (
        SELECT site_code AS station_id, status, latest_reading_time FROM usgs_raw.monitoring_state
        UNION ALL
        SELECT station_id, status, latest_reading_time FROM live_rainfall WHERE source = 'mcfcd_tips'
    ) AS monitored
    GROUP BY station_id
) AS watched USING (station_id)
LEFT JOIN (
    SELECT station_id, source, count(*) AS series FROM series
    WHERE is_primary AND statistic = '00011'
    GROUP BY station_id, source
) AS had USING (station_id, source)
WHERE %(station_ids)s::text[] IS NULL OR target.station_id = ANY (%(station_ids)s)
ORDER BY target.station_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesState:
    """How one polled series is doing. All that its polls found is None before the first one."""

    station_id: str
    name: str
    parameter_code: str
    unit: str
    status: str | None
    status_reason: str | None
    consecutive_failures: int | None
    last_poll_attempted: datetime | None
    last_data_received: datetime | None
    latest_reading_time: datetime | None
    latest_reading_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """One site that is or was polled, and how its series are doing. None is never, or not known yet.

    `series` counts its primary instantaneous series that are polled, `degraded` and `offline` those that are
    not active. `ended` are polled no longer: they ended long ago, or so did the polling of their parameter.
    """

    station_id: str
    name: str | None
    source: str
    origin: str
    active: bool
    added_at: datetime
    discovered_at: datetime | None
    last_polled_at: datetime | None
    last_poll_failed: bool
    last_poll_error: str | None
    series: int
    degraded: int
    offline: int
    ended: int
    latest_reading_time: datetime | None


def target_states(conn: Connection, *, station_ids: Sequence[str] | None = None) -> list[TargetState]:
    """Return the sites that are or were polled, by station id: all, or those of these that there are."""
    chosen = None if station_ids is None else list(station_ids)
    with conn.cursor(row_factory=class_row(TargetState)) as cursor:
        return cursor.execute(SELECT_TARGETS, {"station_ids": chosen}).fetchall()


def series_states(
    conn: Connection, *, status: str | None = None, limit: int | None = None
) -> list[SeriesState]:
    """Return how the polled series are doing, by station and parameter: all, or those of one status."""
    with conn.cursor(row_factory=class_row(SeriesState)) as cursor:
        return cursor.execute(SELECT_STATES, {"status": status, "limit": limit}).fetchall()
