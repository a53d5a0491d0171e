"""The series of one gauge, and what one has: readings, all or as few as a plot needs, or daily values."""

from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import args_row, class_row
from psycopg.types.json import Jsonb

from gaugehouse.domain.parameters import PARAMETER_NAMES
from gaugehouse.domain.polling import Window
from gaugehouse.store.connection import only_row

SELECT_SERIES = """
SELECT series_id, parameter_code, coalesce(%(names)s ->> parameter_code, parameter_code) AS parameter,
       statistic, method, unit, source, is_primary, state.status, state.status_reason,
       state.latest_reading_time, state.latest_reading_value, staleness_minutes, begins, ends
FROM series LEFT JOIN monitoring_state AS state USING (series_id)
WHERE station_id = %(station_id)s
ORDER BY parameter_code, statistic, method
"""
# Both begin a statement: which readings are chosen. For a plot, of each bucket the first moment of its least
# value and of its greatest; and the ends of the whole.
ALL_READINGS = """
WITH chosen AS (
    SELECT reading_time, value, approved, qualifiers
    FROM gauge_readings
    WHERE series_id = %(series_id)s AND reading_time BETWEEN %(start)s AND %(end)s
    ORDER BY reading_time
    LIMIT %(limit)s
)
"""
AS_A_PLOT = """
WITH span AS (
    SELECT first, last, greatest((last - first) / %(buckets)s, interval '1 microsecond') AS stride
    FROM (
        SELECT min(reading_time) AS first, max(reading_time) AS last FROM gauge_readings
        WHERE series_id = %(series_id)s AND reading_time BETWEEN %(start)s AND %(end)s
    ) AS ends
), extremes AS (
    SELECT date_bin(stride, reading_time, first) AS bucket, min(value) AS least, max(value) AS greatest
    FROM span CROSS JOIN gauge_readings
    WHERE series_id = %(series_id)s AND reading_time BETWEEN %(start)s AND %(end)s
    GROUP BY bucket
), kept AS (
    SELECT DISTINCT ON (bucket, value) reading_time, value, approved, qualifiers
    FROM span CROSS JOIN gauge_readings JOIN extremes ON bucket = date_bin(stride, reading_time, first)
    WHERE series_id = %(series_id)s AND reading_time BETWEEN %(start)s AND %(end)s
        AND value IN (least, greatest)
    ORDER BY bucket, value, reading_time
), chosen AS (
    SELECT * FROM kept
    UNION
    SELECT reading_time, value, approved, qualifiers
    FROM span JOIN gauge_readings ON reading_time IN (first, last)
    WHERE series_id = %(series_id)s AND reading_time BETWEEN %(start)s AND %(end)s
    ORDER BY reading_time
)
"""
AS_ROWS = """
SELECT reading_time, value, approved, qualifiers FROM chosen
"""
# A year of readings is made JSON by the database in a third of the time that rows and an encoder take.
AS_JSON = """
SELECT count(*), coalesce('[' || string_agg(
    '{"reading_time":"' || replace((reading_time AT TIME ZONE 'UTC')::text, ' ', 'T') || 'Z"'
        || ',"value":' || value || ',"approved":' || approved
        || coalesce(',"qualifiers":' || to_json(qualifiers)::text, '') || '}', ','
) || ']', '[]')
FROM chosen
"""
SELECT_DAILY_VALUES = """
SELECT reading_date AS date, value, approved, qualifiers
FROM daily_values
WHERE series_id = %(series_id)s
    AND reading_date BETWEEN coalesce(%(first)s::date, '-infinity') AND coalesce(%(last)s::date, 'infinity')
ORDER BY reading_date
LIMIT %(limit)s
"""
SELECT_ROWS = ALL_READINGS + AS_ROWS
SELECT_JSON = ALL_READINGS + AS_JSON
SELECT_PLOT_ROWS = AS_A_PLOT + AS_ROWS
SELECT_PLOT_JSON = AS_A_PLOT + AS_JSON


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
    qualifiers: list[str] | None = None


@dataclass(frozen=True, slots=True)
class DailyValue:
    """The agency's statistic of one local day, in its series' unit, with the agency's words or None."""

    date: date
    value: float
    approved: bool
    qualifiers: list[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which readings: of a series in a window, at most so many; or as few as a plot of them needs.

    With `points`, at least 4, the time from the first reading of the window to its last is cut into equal
    buckets, and each keeps its least and its greatest value. Both ends are always among them.
    """

    series_id: int
    window: Window
    limit: int
    points: int | None = None


def series_of(conn: Connection, station_id: str) -> list[GaugeSeries]:
    """Return every series of a gauge, also those that are polled no longer."""
    where = {"station_id": station_id, "names": Jsonb(PARAMETER_NAMES)}
    with conn.cursor(row_factory=class_row(GaugeSeries)) as cursor:
        return cursor.execute(SELECT_SERIES, where).fetchall()


def readings(conn: Connection, wanted: Wanted) -> list[Reading]:
    """Return readings by time."""
    statement = SELECT_ROWS if wanted.points is None else SELECT_PLOT_ROWS
    with conn.cursor(row_factory=args_row(Reading), binary=True) as cursor:
        return cursor.execute(statement, where_of(wanted)).fetchall()


def readings_as_json(conn: Connection, wanted: Wanted) -> tuple[int, str]:
    """Return how many readings there are, and a JSON array of them by time: objects as `Reading` is.

    Times are in UTC with a `Z`; without qualifiers they are left out.
    """
    statement = SELECT_JSON if wanted.points is None else SELECT_PLOT_JSON
    count, items = only_row(conn.execute(statement, where_of(wanted)))
    return count, items


def daily_values(
    conn: Connection, series_id: int, *, first: date | None, last: date | None, limit: int
) -> list[DailyValue]:
    """Return the daily values of a span, oldest first; None is without an end."""
    where = {"series_id": series_id, "first": first, "last": last, "limit": limit}
    with conn.cursor(row_factory=args_row(DailyValue), binary=True) as cursor:
        return cursor.execute(SELECT_DAILY_VALUES, where).fetchall()


def where_of(wanted: Wanted) -> dict[str, object]:
    """Return what is wanted as the statements ask for it."""
    start, end = wanted.window
    where = {"series_id": wanted.series_id, "start": start, "end": end}
    if wanted.points is None:
        return {**where, "limit": wanted.limit}
    return {**where, "buckets": max(1, (wanted.points - 2) // 2)}
