"""The series of one gauge, and readings of one of them: as they are, or as few as a plot needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import args_row, class_row
from psycopg.types.json import Jsonb

from gaugehouse.domain.parameters import PARAMETER_NAMES
from gaugehouse.domain.polling import Window

SELECT_SERIES = """
SELECT series_id, parameter_code, coalesce(%(names)s ->> parameter_code, parameter_code) AS parameter,
       statistic, method, unit, source, is_primary, state.status, state.status_reason,
       state.latest_reading_time, state.latest_reading_value, staleness_minutes, begins, ends
FROM series LEFT JOIN monitoring_state AS state USING (series_id)
WHERE station_id = %(station_id)s
ORDER BY parameter_code, statistic, method
"""
SELECT_READINGS = """
SELECT reading_time, value, approved, qualifiers
FROM gauge_readings
WHERE series_id = %(series_id)s AND reading_time BETWEEN %(start)s AND %(end)s
ORDER BY reading_time
LIMIT %(limit)s
"""
# Of each bucket the first moment of its least and of its greatest value, and the ends of the whole.
SELECT_POINTS = """
WITH spoken AS MATERIALIZED (
    SELECT reading_time, value, approved, qualifiers,
           date_bin(%(stride)s, reading_time, %(start)s) AS bucket
    FROM gauge_readings
    WHERE series_id = %(series_id)s AND reading_time BETWEEN %(start)s AND %(end)s
), extremes AS (
    SELECT bucket, min(value) AS least, max(value) AS greatest FROM spoken GROUP BY bucket
), kept AS (
    SELECT min(reading_time) FILTER (WHERE value = least) AS reading_time
    FROM spoken JOIN extremes USING (bucket) GROUP BY bucket
    UNION
    SELECT min(reading_time) FILTER (WHERE value = greatest)
    FROM spoken JOIN extremes USING (bucket) GROUP BY bucket
    UNION SELECT min(reading_time) FROM spoken
    UNION SELECT max(reading_time) FROM spoken
)
SELECT reading_time, value, approved, qualifiers FROM spoken JOIN kept USING (reading_time)
ORDER BY reading_time
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeSeries:
    """One series, and how it is doing as of its last poll; None in that part is never polled.

    `method` tells several series of one parameter apart: how rain is counted. It is empty for a stream's.
    """

    series_id: int
    parameter_code: str
    parameter: str
    statistic: str
    method: str
    unit: str
    source: str
    is_primary: bool
    status: str | None
    status_reason: str | None
    latest_reading_time: datetime | None
    latest_reading_value: float | None
    staleness_minutes: int
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One instantaneous value in its series' unit. `qualifiers` are the agency's words, None without any."""

    reading_time: datetime
    value: float
    approved: bool
    qualifiers: list[str] | None


def series_of(conn: Connection, station_id: str) -> list[GaugeSeries]:
    """Return every series of a gauge, also those that are polled no longer."""
    where = {"station_id": station_id, "names": Jsonb(PARAMETER_NAMES)}
    with conn.cursor(row_factory=class_row(GaugeSeries)) as cursor:
        return cursor.execute(SELECT_SERIES, where).fetchall()


def readings(conn: Connection, series_id: int, window: Window, *, limit: int) -> list[Reading]:
    """Return the readings of a series in a window, by time."""
    where = {"series_id": series_id, "start": window.start, "end": window.end, "limit": limit}
    # In binary, times cost a third of what their texts do.
    with conn.cursor(row_factory=args_row(Reading), binary=True) as cursor:
        return cursor.execute(SELECT_READINGS, where).fetchall()


def points(conn: Connection, series_id: int, window: Window, *, points: int) -> list[Reading]:
    """Return at most so many readings of a window, at least 4, that a plot of all would show.

    The window is cut into equal buckets; each keeps its least and its greatest value. The first and the last
    reading are always among them.
    """
    buckets = max(1, (points - 2) // 2 - 1)  # the window's own end is a bucket more
    where = {
        "series_id": series_id,
        "start": window.start,
        "end": window.end,
        "stride": max((window.end - window.start) / buckets, timedelta(microseconds=1)),
    }
    with conn.cursor(row_factory=args_row(Reading), binary=True) as cursor:
        return cursor.execute(SELECT_POINTS, where).fetchall()
