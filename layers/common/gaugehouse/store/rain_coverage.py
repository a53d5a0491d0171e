"""How much of the daily rainfall there is, by gauge and water year."""

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import class_row

SELECT_COVERAGE = """
WITH chosen AS (
    SELECT station_id, name FROM gauges AS gauge
    WHERE station_id > coalesce(%(after)s::text, '')
        AND EXISTS (SELECT FROM rain_readings AS reading WHERE reading.station_id = gauge.station_id)
    ORDER BY station_id
    LIMIT %(limit)s
)
SELECT chosen.station_id, chosen.name, year.water_year, year.days_present, year.days_missing,
       year.days_before_record, year.days_untold, year.is_complete,
       coalesce(year.sources, '{}') AS sources
FROM chosen JOIN water_year_rainfall AS year USING (station_id)
ORDER BY chosen.station_id, year.water_year
"""
# Only whether there is a value, which one look into the index tells: an exact count of the days would read
# the whole record for every look at the status.
SELECT_GAUGES_BY_WATER_YEAR = """
SELECT water_year, count(*) AS gauges
FROM rain_extents AS extent
CROSS JOIN LATERAL generate_series(
    extract(year FROM extent.first_day + interval '3 months')::int,
    extract(year FROM extent.last_day + interval '3 months')::int
) AS water_year
CROSS JOIN LATERAL (
    SELECT FROM rain_readings AS reading
    WHERE reading.station_id = extent.station_id
        AND reading.reading_date BETWEEN make_date(water_year - 1, 10, 1) AND make_date(water_year, 9, 30)
    ORDER BY reading.reading_date
    LIMIT 1
) AS value
GROUP BY water_year
ORDER BY water_year
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCoverage:
    """One gauge's water year: see the view `water_year_rainfall`."""

    station_id: str
    name: str
    water_year: int
    days_present: int
    days_missing: int
    days_before_record: int
    days_untold: int
    is_complete: bool
    sources: list[str]


def coverage(conn: Connection, *, after: str | None = None, limit: int) -> list[YearCoverage]:
    """Return every water year of a page of gauges that have a record, by gauge and year.

    `limit` counts gauges; the page begins with the first one after `after`.
    """
    with conn.cursor(row_factory=class_row(YearCoverage)) as cursor:
        return cursor.execute(SELECT_COVERAGE, {"after": after, "limit": limit}).fetchall()


def gauges_by_water_year(conn: Connection) -> dict[int, int]:
    """Return how many gauges have a value in each water year that has any, oldest first."""
    return dict(conn.execute(SELECT_GAUGES_BY_WATER_YEAR).fetchall())
