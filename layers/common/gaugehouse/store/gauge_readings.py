"""Instantaneous values: merge what an agency answered into what is stored, writing only what differs.

Of two values of one moment the one that the agency changed last wins, and of two that it changed at the same
time the greater one (approved before provisional), so that the order of arrival never matters.
"""

from datetime import date, datetime

from psycopg import Connection

from gaugehouse.domain.measurements import Measurements
from gaugehouse.domain.polling import Window
from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse.store.connection import only_row
from gaugehouse.store.merge_counts import MergeCounts
from gaugehouse.store.merge_measurements import merge_measurements

# The series and the times a second time, as values: they choose the partitions and keep the search to a range
# of the index, however much else is in a month.
INSERT_NEW = """
INSERT INTO gauge_readings (series_id, approved, reading_time, value, modified_at, qualifiers)
SELECT said.series_id, said.approved, to_timestamp(said.moment), said.value, to_timestamp(said.modified),
       string_to_array((%(qualifiers)s::text[])[said.qualifier], ',')
FROM staged_measurements AS said
JOIN series ON series.series_id = said.series_id
WHERE NOT EXISTS (
    SELECT FROM gauge_readings AS stored
    WHERE stored.series_id = said.series_id AND stored.reading_time = to_timestamp(said.moment)
        AND stored.series_id = ANY (%(series_ids)s) AND stored.reading_time BETWEEN %(first)s AND %(last)s)
"""
# Every staged row has a stored one by now. LEFT JOIN and IS NOT FALSE say so in a way in which the planner
# must begin with the staged rows: beginning with stored ones that it believes to be few, it would read all
# staged rows for each of them. DO UPDATE finds the few that differ by their key, whatever it believes.
REVISE = """
WITH said AS (
    SELECT series_id, to_timestamp(moment) AS reading_time, value, to_timestamp(modified) AS modified_at,
           approved, coalesce((%(qualifiers)s::text[])[qualifier], '') AS words
    FROM staged_measurements
), newer AS MATERIALIZED (
    SELECT said.*
    FROM said
    LEFT JOIN gauge_readings AS stored
        ON stored.series_id = said.series_id AND stored.reading_time = said.reading_time
        AND stored.series_id = ANY (%(series_ids)s) AND stored.reading_time BETWEEN %(first)s AND %(last)s
    WHERE ((said.modified_at, said.approved, said.value, said.words COLLATE "C")
           > (stored.modified_at, stored.approved, stored.value,
              coalesce(array_to_string(stored.qualifiers, ','), '') COLLATE "C")) IS NOT FALSE
)
INSERT INTO gauge_readings AS stored (series_id, approved, reading_time, value, modified_at, qualifiers)
SELECT series_id, approved, reading_time, value, modified_at, string_to_array(nullif(words, ''), ',')
FROM newer
ORDER BY series_id, reading_time
ON CONFLICT (series_id, reading_time) DO UPDATE
    SET value = excluded.value, approved = excluded.approved, qualifiers = excluded.qualifiers,
        modified_at = excluded.modified_at,
        received_at = CASE WHEN (stored.value, stored.approved, stored.qualifiers)
                              IS DISTINCT FROM (excluded.value, excluded.approved, excluded.qualifiers)
                           THEN excluded.received_at ELSE stored.received_at END
RETURNING (old.value, old.approved, old.qualifiers) IS DISTINCT FROM (new.value, new.approved, new.qualifiers)
"""
SELECT_EXTENT = """
SELECT count(*), (min(reading_time) AT TIME ZONE 'UTC')::date, (max(reading_time) AT TIME ZONE 'UTC')::date
FROM series JOIN gauge_readings USING (series_id)
WHERE station_id = %(station_id)s AND statistic = %(instantaneous)s
    AND reading_time BETWEEN %(start)s AND %(end)s
"""


def merge(conn: Connection, measurements: Measurements[datetime]) -> MergeCounts:
    """Store instantaneous values where they are new or newer than what is stored.

    Only readings of primary series that are known go in; the others are counted. The partitions of their
    months exist (`partitions.ensure`). The series stay locked until the caller's transaction ends. A newer
    stamp on an equal value is kept and counts as no revision.

    Raises: psycopg.errors.CheckViolation when a month has no partition, or a value is no number.
    """
    return merge_measurements(
        conn, measurements, datetime.timestamp, instantaneous=True, insert_new=INSERT_NEW, revise=REVISE
    )


def extent(conn: Connection, station_id: str, window: Window) -> tuple[int, date | None, date | None]:
    """Return how many readings of a station a window holds, and the first and the last day of them in UTC."""
    row = only_row(
        conn.execute(
            SELECT_EXTENT,
            {
                "station_id": station_id,
                "instantaneous": INSTANTANEOUS,
                "start": window.start,
                "end": window.end,
            },
        )
    )
    rows, first, last = row
    return rows, first, last
