"""Rainfall of one gauge over a span: by day, month and water year, and what is normal for its record."""

from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

SELECT_DAYS = """
SELECT reading_date AS date, rainfall_inches::float8 AS rainfall_inches, quality, data_source
FROM rain_readings
WHERE station_id = %(station_id)s
    AND reading_date BETWEEN coalesce(%(first)s::date, '-infinity') AND coalesce(%(last)s::date, 'infinity')
ORDER BY reading_date
LIMIT %(limit)s
"""
SELECT_LATEST_DAY = """
SELECT reading_date AS date, rainfall_inches::float8 AS rainfall_inches, quality, data_source
FROM rain_readings
WHERE station_id = %(station_id)s
ORDER BY reading_date DESC
LIMIT 1
"""
SELECT_MONTHS = """
SELECT to_char(month, 'YYYY-MM') AS month, total_inches::float8 AS total_inches,
       monsoon_inches::float8 AS monsoon_inches, days_present, days_missing, days_before_record, days_untold,
       is_complete AS complete
FROM monthly_rainfall_summary AS summary
WHERE station_id = %(station_id)s
    AND month BETWEEN date_trunc('month', coalesce(%(first)s::date, '-infinity')::timestamp)
        AND coalesce(%(last)s::date, 'infinity')
ORDER BY summary.month
LIMIT %(limit)s
"""
SELECT_WATER_YEARS = """
SELECT water_year, total_inches::float8 AS total_inches, monsoon_inches::float8 AS monsoon_inches,
       days_present, days_missing, days_before_record, days_untold, is_complete AS complete
FROM water_year_rainfall
WHERE station_id = %(station_id)s AND last_day >= coalesce(%(first)s::date, '-infinity')
    AND first_day <= coalesce(%(last)s::date, 'infinity')
ORDER BY water_year
LIMIT %(limit)s
"""
# Every month of the span, also those outside of the record: they lie before it, or nothing tells of them.
SELECT_ALL_MONTHS = """
SELECT to_char(each.first_day, 'YYYY-MM') AS month, summary.total_inches::float8 AS total_inches,
       summary.monsoon_inches::float8 AS monsoon_inches, coalesce(summary.days_present, 0) AS days_present,
       coalesce(summary.days_missing, 0) AS days_missing,
       coalesce(summary.days_before_record,
                CASE WHEN each.first_day < extent.first_day THEN each.days ELSE 0 END) AS days_before_record,
       coalesce(summary.days_untold,
                CASE WHEN each.first_day < extent.first_day THEN 0 ELSE each.days END) AS days_untold,
       coalesce(summary.is_complete, false) AS complete
FROM (
    SELECT month::date AS first_day, (month + interval '1 month')::date - month::date AS days
    FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') AS month
) AS each
LEFT JOIN rain_extents AS extent ON extent.station_id = %(station_id)s
LEFT JOIN monthly_rainfall_summary AS summary
    ON summary.station_id = %(station_id)s AND summary.month = each.first_day
    AND summary.month BETWEEN %(first)s::date AND %(last)s::date
ORDER BY each.first_day
"""
# A year without 29 February has no 366th day: its total then is that of its last one.
SELECT_NORMALS = """
WITH complete AS (
    SELECT water_year, first_day, last_day FROM water_year_rainfall
    WHERE station_id = %(station_id)s AND is_complete
), running AS (
    SELECT complete.water_year, reading.reading_date - complete.first_day + 1 AS day_of_water_year,
           sum(reading.rainfall_inches) OVER (PARTITION BY complete.water_year ORDER BY reading.reading_date)
               AS total_inches
    FROM complete
    JOIN rain_readings AS reading
        ON reading.station_id = %(station_id)s
        AND reading.reading_date BETWEEN complete.first_day AND complete.last_day
), told AS (
    SELECT * FROM running
    UNION ALL
    SELECT water_year, 366, total_inches FROM running JOIN complete USING (water_year)
    WHERE day_of_water_year = 365 AND last_day - first_day = 364
)
SELECT day_of_water_year,
       round((shares[2])::numeric, 3)::float8 AS median_inches,
       round((shares[1])::numeric, 3)::float8 AS p10_inches,
       round((shares[3])::numeric, 3)::float8 AS p90_inches, years
FROM (
    SELECT day_of_water_year, count(*)::int AS years,
           percentile_cont('{0.1,0.5,0.9}'::float8[]) WITHIN GROUP (ORDER BY total_inches::float8) AS shares
    FROM told GROUP BY day_of_water_year
) AS day
ORDER BY day_of_water_year
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RainDay:
    """One local day with a value, in inches. A missing day is none of these, and a dry one is 0."""

    date: date
    rainfall_inches: float
    quality: str
    data_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RainMonth:
    """One month (`2024-07`): a row of the view `monthly_rainfall_summary`. A lower bound unless complete."""

    month: str
    total_inches: float | None
    monsoon_inches: float | None
    days_present: int
    days_missing: int
    days_before_record: int
    days_untold: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RainWaterYear:
    """One water year: a row of the view `water_year_rainfall`. A total is a lower bound unless complete."""

    water_year: int
    total_inches: float | None
    monsoon_inches: float | None
    days_present: int
    days_missing: int
    days_before_record: int
    days_untold: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalDay:
    """The water year's running total on its nth day, over the complete years of the record, in inches."""

    day_of_water_year: int
    median_inches: float
    p10_inches: float
    p90_inches: float
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """Local days, both included. None is without an end."""

    first: date | None = None
    last: date | None = None


def days(conn: Connection, station_id: str, span: DaySpan, *, limit: int) -> list[RainDay]:
    """Return the days of a span that have a value, oldest first."""
    with conn.cursor(row_factory=class_row(RainDay), binary=True) as cursor:
        return cursor.execute(SELECT_DAYS, _where(station_id, span, limit)).fetchall()


def latest_day(conn: Connection, station_id: str) -> RainDay | None:
    """Return the newest day that has a value; None without any."""
    with conn.cursor(row_factory=class_row(RainDay)) as cursor:
        return cursor.execute(SELECT_LATEST_DAY, {"station_id": station_id}).fetchone()


def months(conn: Connection, station_id: str, span: DaySpan, *, limit: int) -> list[RainMonth]:
    """Return the whole months of the record that have a day in the span, oldest first."""
    with conn.cursor(row_factory=class_row(RainMonth)) as cursor:
        return cursor.execute(SELECT_MONTHS, _where(station_id, span, limit)).fetchall()


def all_months(conn: Connection, station_id: str, span: DaySpan) -> list[RainMonth]:
    """Return every month of a span that has both ends, whether or not the record reaches there."""
    where = {"station_id": station_id, "first": span.first, "last": span.last}
    with conn.cursor(row_factory=class_row(RainMonth)) as cursor:
        return cursor.execute(SELECT_ALL_MONTHS, where).fetchall()


def water_years(conn: Connection, station_id: str, span: DaySpan, *, limit: int) -> list[RainWaterYear]:
    """Return the whole water years of the record that have a day in the span, oldest first."""
    with conn.cursor(row_factory=class_row(RainWaterYear)) as cursor:
        return cursor.execute(SELECT_WATER_YEARS, _where(station_id, span, limit)).fetchall()


def normals(conn: Connection, station_id: str) -> list[NormalDay]:
    """Return what is normal on each day of the water year; nothing while no water year is complete."""
    with conn.cursor(row_factory=class_row(NormalDay)) as cursor:
        return cursor.execute(SELECT_NORMALS, {"station_id": station_id}).fetchall()


def _where(station_id: str, span: DaySpan, limit: int) -> dict[str, object]:
    return {"station_id": station_id, "first": span.first, "last": span.last, "limit": limit}
