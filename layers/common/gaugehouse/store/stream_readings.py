"""Readings of stream gauges as users want to see them: the newest ones, a span of one series, its gaps."""

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


def _where(station_id: str, parameter_code: str, window: Window) -> dict[str, object]:
    return {
        "station_id": station_id,
        "parameter_code": parameter_code,
        "start": window.start,
        "end": window.end,
    }
