"""What the database holds of the days that a source tells of: the ground on which its totals are proven.

Days that only other sources tell of are left out, and so are those that a winning document withdrew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from gaugehouse.domain.proof import StoredTotals
from gaugehouse.store.connection import only_row

SELECT_WATER_YEARS = """
SELECT extract(year FROM reading.reading_date + interval '3 months')::int AS water_year,
       count(*), sum(reading.rainfall_inches)::float8,
       coalesce(sum(reading.rainfall_inches) FILTER (
           WHERE to_char(reading.reading_date, 'MMDD') BETWEEN '0615' AND '0930'), 0)::float8
FROM gauge_documents AS document
JOIN rain_readings AS reading
    ON reading.station_id = document.station_id AND document.told @> reading.reading_date
WHERE document.station_id = %(station_id)s AND document.data_source = %(data_source)s
GROUP BY water_year
ORDER BY water_year
"""
SELECT_EXTENT = """
SELECT count(*), coalesce(sum(reading.rainfall_inches), 0)::float8, min(reading.reading_date),
       max(reading.reading_date)
FROM gauge_documents AS document
JOIN rain_readings AS reading
    ON reading.station_id = document.station_id AND document.told @> reading.reading_date
WHERE document.station_id = %(station_id)s AND document.data_source = %(data_source)s
"""
# A document about many gauges tells of few days of each: by the bounds, an index finds them.
SELECT_MONTHS = """
SELECT reading.station_id, date_trunc('month', reading.reading_date)::date AS month,
       count(*), sum(reading.rainfall_inches)::float8, min(reading.reading_date), max(reading.reading_date)
FROM gauge_documents AS document
JOIN rain_readings AS reading ON reading.station_id = document.station_id
    AND reading.reading_date >= lower(document.told) AND reading.reading_date < upper(document.told)
    AND document.told @> reading.reading_date
WHERE document.data_source = %(data_source)s
GROUP BY reading.station_id, month
"""
COUNT_ROWS = """
SELECT count(*)
FROM gauge_documents AS document
JOIN rain_readings AS reading ON reading.station_id = document.station_id
    AND reading.reading_date >= lower(document.told) AND reading.reading_date < upper(document.told)
    AND document.told @> reading.reading_date
WHERE document.data_source = %(data_source)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is of daily rainfall. Dates are None when there is nothing."""

    rows: int
    total_inches: float
    first_date: date | None
    last_date: date | None


def water_year_totals(conn: Connection, station_id: str, data_source: str) -> list[StoredTotals]:
    """Return rows, total and monsoon total (inches) of each water year that has a row, oldest first."""
    rows = conn.execute(SELECT_WATER_YEARS, {"station_id": station_id, "data_source": data_source})
    return [
        StoredTotals(water_year=row[0], rows=row[1], total_inches=row[2], monsoon_inches=row[3])
        for row in rows
    ]


def extent_of(conn: Connection, station_id: str, data_source: str) -> Extent:
    """Return count, sum and span of one gauge's stored days that the source tells of."""
    row = only_row(conn.execute(SELECT_EXTENT, {"station_id": station_id, "data_source": data_source}))
    return Extent(rows=row[0], total_inches=row[1], first_date=row[2], last_date=row[3])


def month_extents(conn: Connection, data_source: str) -> Mapping[tuple[str, date], Extent]:
    """Return, for each gauge and month (its first day), count, sum and span of the source's stored days."""
    rows = conn.execute(SELECT_MONTHS, {"data_source": data_source})
    return {
        (station_id, month): Extent(rows=count, total_inches=total, first_date=first, last_date=last)
        for station_id, month, count, total, first, last in rows
    }


def count_rows(conn: Connection, data_source: str) -> int:
    """Return how many days that the source tells of are stored, of all gauges together."""
    count: int = only_row(conn.execute(COUNT_ROWS, {"data_source": data_source}))[0]
    return count
