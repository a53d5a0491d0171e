"""What the database holds of one gauge's rainfall: the ground on which a document's totals are proven."""

from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from gaugehouse.domain.proof import StoredTotals
from gaugehouse.store.connection import only_row

SELECT_WATER_YEARS = """
SELECT extract(year FROM reading_date + interval '3 months')::int AS water_year,
       count(*), sum(rainfall_inches)::float8,
       coalesce(sum(rainfall_inches) FILTER (
           WHERE to_char(reading_date, 'MMDD') BETWEEN '0615' AND '0930'), 0)::float8
FROM rain_readings
WHERE station_id = %(station_id)s
GROUP BY water_year
ORDER BY water_year
"""
SELECT_EXTENT = """
SELECT count(*), coalesce(sum(rainfall_inches), 0)::float8, min(reading_date), max(reading_date)
FROM rain_readings
WHERE station_id = %(station_id)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is of one gauge's daily rainfall. Dates are None when there is nothing."""

    rows: int
    total_inches: float
    first_date: date | None
    last_date: date | None


def water_year_totals(conn: Connection, station_id: str) -> list[StoredTotals]:
    """Return rows, total and monsoon total (inches) of each water year that has a row, oldest first."""
    rows = conn.execute(SELECT_WATER_YEARS, {"station_id": station_id})
    return [
        StoredTotals(water_year=row[0], rows=row[1], total_inches=row[2], monsoon_inches=row[3])
        for row in rows
    ]


def extent_of(conn: Connection, station_id: str) -> Extent:
    """Return count, sum and span of the gauge's stored days."""
    row = only_row(conn.execute(SELECT_EXTENT, {"station_id": station_id}))
    return Extent(rows=row[0], total_inches=row[1], first_date=row[2], last_date=row[3])
