"""What users want to see of stream gauges: newest values, a span of one series, and how each is doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.polling import Window

# The newest partition first, and no further than the first reading.
SELECT_LATEST = """
SELECT series.station_id, series.parameter_code, series.unit, latest.reading_time, latest.value,
       latest.qualifiers, latest.approved
FROM series
CROSS JOIN LATERAL (
    SELECT reading_time, value, qualifiers, approved FROM gauge_readings
    WHERE gauge_readings.series_id = series.series_id
    ORDER BY reading_time DESC
    LIMIT 1
) AS latest
WHERE series.station_id = %(station_id)s AND series.is_primary AND series.statistic = '00011'
    AND series.source = 'usgs'
ORDER BY series.parameter_code
"""
SELECT_SPAN = """
SELECT series.station_id, series.parameter_code, series.unit, reading.reading_time, reading.value,
       reading.qualifiers, reading.approved
FROM series JOIN gauge_readings AS reading USING (series_id)
WHERE series.station_id = %(station_id)s AND series.parameter_code = %(parameter_code)s
    AND series.is_primary AND series.statistic = '00011' AND series.source = 'usgs'
    AND reading.reading_time >= %(start)s AND reading.reading_time <= %(end)s
ORDER BY reading.reading_time
"""
# The ends of the window count as readings, so that a gap at its edge is one, and so is a window without any.
SELECT_GAPS = """
SELECT before AS gap_start, moment AS gap_end
FROM (
    SELECT moment, lag(moment) OVER (ORDER BY moment) AS before
    FROM (
        SELECT reading.reading_time AS moment
        FROM series JOIN gauge_readings AS reading USING (series_id)
        WHERE series.station_id = %(station_id)s AND series.parameter_code = %(parameter_code)s
            AND series.is_primary AND series.statistic = '00011' AND series.source = 'usgs'
            AND reading.reading_time >= %(start)s AND reading.reading_time <= %(end)s
        UNION ALL VALUES (%(start)s::timestamptz), (%(end)s::timestamptz)
    ) AS moments
) AS steps
WHERE moment - before > %(longer_than)s
ORDER BY before
"""
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
class StreamReading:
    """One instantaneous value in its series' unit. `qualifiers` are the agency's words, None without any."""

    station_id: str
    parameter_code: str
    unit: str
    reading_time: datetime
    value: float
    qualifiers: list[str] | None
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingGap:
    """A span without a reading, between two readings or at an end of the window that was looked at."""

    gap_start: datetime
    gap_end: datetime


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


def latest_readings(conn: Connection, station_id: str) -> list[StreamReading]:
    """Return the newest reading of each parameter of a station; one without any is left out."""
    with conn.cursor(row_factory=class_row(StreamReading)) as cursor:
        return cursor.execute(SELECT_LATEST, {"station_id": station_id}).fetchall()


def readings_between(
    conn: Connection, station_id: str, parameter_code: str, window: Window
) -> list[StreamReading]:
    """Return the readings of one parameter of a station in a window, by time."""
    with conn.cursor(row_factory=class_row(StreamReading)) as cursor:
        return cursor.execute(SELECT_SPAN, _where(station_id, parameter_code, window)).fetchall()


def reading_gaps(
    conn: Connection, station_id: str, parameter_code: str, window: Window, *, longer_than: timedelta
) -> list[ReadingGap]:
    """Return the spans of a window in which a parameter of a station has no reading for longer than that."""
    where = {**_where(station_id, parameter_code, window), "longer_than": longer_than}
    with conn.cursor(row_factory=class_row(ReadingGap)) as cursor:
        return cursor.execute(SELECT_GAPS, where).fetchall()


def series_states(
    conn: Connection, *, status: str | None = None, limit: int | None = None
) -> list[SeriesState]:
    """Return how the polled series are doing, by station and parameter: all, or those of one status."""
    with conn.cursor(row_factory=class_row(SeriesState)) as cursor:
        return cursor.execute(SELECT_STATES, {"status": status, "limit": limit}).fetchall()


def _where(station_id: str, parameter_code: str, window: Window) -> dict[str, object]:
    return {
        "station_id": station_id,
        "parameter_code": parameter_code,
        "start": window.start,
        "end": window.end,
    }
