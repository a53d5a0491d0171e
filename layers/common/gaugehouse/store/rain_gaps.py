"""The gaps of a gauge's daily rainfall, as each source tells them."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.store.connection import only_row

SELECT_GAPS = """
SELECT source, parameter_code, gap_start, gap_end, cause, missing_days, notes, quality_code, outage_start,
       outage_end
FROM data_gaps
WHERE station_id = %(station_id)s AND parameter_code = '00045'
    AND (%(before)s::timestamptz IS NULL OR gap_start < %(before)s
         OR (gap_start = %(before)s AND source > %(after_source)s))
    AND (gap_end IS NULL OR gap_end > coalesce(%(start)s::timestamptz, '-infinity'))
    AND gap_start < coalesce(%(end)s::timestamptz, 'infinity')
ORDER BY gap_start DESC, source
OFFSET %(skip)s
LIMIT %(limit)s
"""
COUNT_GAPS = """
SELECT count(*) FROM data_gaps WHERE station_id = %(station_id)s AND parameter_code = '00045'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGap:
    """One gap, as one source tells it, without an end where the source gives none. Times are aware, UTC."""

    source: str
    parameter_code: str
    gap_start: datetime
    gap_end: datetime | None
    cause: str
    missing_days: int
    notes: str | None
    quality_code: int | None
    outage_start: datetime | None
    outage_end: datetime | None


def gaps_of(
    conn: Connection,
    station_id: str,
    *,
    within: tuple[datetime | None, datetime | None] = (None, None),
    after: tuple[datetime, str] | None = None,
    skip: int = 0,
    limit: int,
) -> list[RecordGap]:
    """Return gaps of a gauge's rainfall, newest first: all, or those that reach into [start, end).

    A page of them begins after `skip`, or after the gap with that start and source.
    """
    before, after_source = after or (None, None)
    where = {
        "station_id": station_id,
        "start": within[0],
        "end": within[1],
        "before": before,
        "after_source": after_source,
        "skip": skip,
        "limit": limit,
    }
    with conn.cursor(row_factory=class_row(RecordGap)) as cursor:
        return cursor.execute(SELECT_GAPS, where).fetchall()


def count(conn: Connection, station_id: str) -> int:
    """Return how many gaps a gauge's rainfall has."""
    gaps: int = only_row(conn.execute(COUNT_GAPS, {"station_id": station_id}))[0]
    return gaps
