"""An agency's own daily statistics: merged as instantaneous values are, into a table of their own."""

from datetime import date

from psycopg import Connection

from gaugehouse.domain.measurements import Measurements
from gaugehouse.store.connection import only_row
from gaugehouse.store.merge_counts import MergeCounts
from gaugehouse.store.merge_measurements import merge_measurements

# Why these statements are as they are: gauge_readings.py.
INSERT_NEW = """
INSERT INTO daily_values (series_id, reading_date, value, modified_at, approved, qualifiers)
SELECT said.series_id, date '0001-01-01' + (said.moment::int - 1), said.value, to_timestamp(said.modified),
       said.approved, string_to_array((%(qualifiers)s::text[])[said.qualifier], ',')
FROM staged_measurements AS said
JOIN series ON series.series_id = said.series_id
WHERE NOT EXISTS (
    SELECT FROM daily_values AS stored
    WHERE stored.series_id = said.series_id
        AND stored.reading_date = date '0001-01-01' + (said.moment::int - 1)
        AND stored.series_id = ANY (%(series_ids)s) AND stored.reading_date BETWEEN %(first)s AND %(last)s)
"""
REVISE = """
WITH said AS (
    SELECT series_id, date '0001-01-01' + (moment::int - 1) AS reading_date, value,
           to_timestamp(modified) AS modified_at, approved,
           coalesce((%(qualifiers)s::text[])[qualifier], '') AS words
    FROM staged_measurements
), newer AS MATERIALIZED (
    SELECT said.*
    FROM said
    LEFT JOIN daily_values AS stored
        ON stored.series_id = said.series_id AND stored.reading_date = said.reading_date
        AND stored.series_id = ANY (%(series_ids)s) AND stored.reading_date BETWEEN %(first)s AND %(last)s
    WHERE ((said.modified_at, said.approved, said.value, said.words COLLATE "C")
           > (stored.modified_at, stored.approved, stored.value,
              coalesce(array_to_string(stored.qualifiers, ','), '') COLLATE "C")) IS NOT FALSE
)
INSERT INTO daily_values AS stored (series_id, reading_date, value, modified_at, approved, qualifiers)
SELECT series_id, reading_date, value, modified_at, approved, string_to_array(nullif(words, ''), ',')
FROM newer
ORDER BY series_id, reading_date
ON CONFLICT (series_id, reading_date) DO UPDATE
    SET value = excluded.value, approved = excluded.approved, qualifiers = excluded.qualifiers,
        modified_at = excluded.modified_at,
        received_at = CASE WHEN (stored.value, stored.approved, stored.qualifiers)
                              IS DISTINCT FROM (excluded.value, excluded.approved, excluded.qualifiers)
                           THEN excluded.received_at ELSE stored.received_at END
RETURNING (old.value, old.approved, old.qualifiers) IS DISTINCT FROM (new.value, new.approved, new.qualifiers)
"""
SELECT_EXTENT = """
SELECT count(*), min(reading_date), max(reading_date)
FROM series JOIN daily_values USING (series_id)
WHERE station_id = %(station_id)s AND reading_date BETWEEN %(first)s AND %(last)s
"""


def merge(conn: Connection, measurements: Measurements[date]) -> MergeCounts:
    """Store daily values where they are new or newer than what is stored.

    Only values of primary daily series that are known go in; the others are counted. The series stay locked
    until the caller's transaction ends. A newer stamp on an equal value is kept and counts as no revision.

    Raises: psycopg.errors.CheckViolation when a value is no number.
    """
    return merge_measurements(
        conn, measurements, date.toordinal, instantaneous=False, insert_new=INSERT_NEW, revise=REVISE
    )


def extent(
    conn: Connection, station_id: str, *, first: date, last: date
) -> tuple[int, date | None, date | None]:
    """Return how many daily values of a station these days hold, and the first and the last day of them."""
    where = {"station_id": station_id, "first": first, "last": last}
    rows, first_day, last_day = only_row(conn.execute(SELECT_EXTENT, where))
    return rows, first_day, last_day
