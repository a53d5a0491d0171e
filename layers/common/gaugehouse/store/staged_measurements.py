"""The way of measurements into the database: a binary COPY into a temporary table of fixed-size rows.

Packing fixed-size rows is four times as fast as handing over row by row, so the words of the qualifiers
travel once, and the rows only point at them. Readings and daily values share the table: `moment` is the time
in seconds since 1970, or the ordinal of the day.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import compress, islice, repeat
from typing import Any

from psycopg import Connection

from gaugehouse.domain.measurements import Measurements, Moment
from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse.store import series
from gaugehouse.store.merge_counts import MergeCounts

CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS staged_measurements (
    series_id integer          NOT NULL,
    moment    double precision NOT NULL,
    value     double precision NOT NULL,
    modified  double precision NOT NULL,
    approved  boolean          NOT NULL,
    qualifier integer          NOT NULL
) ON COMMIT DELETE ROWS
"""
EMPTY = "TRUNCATE staged_measurements"
# One writer of a series at a time, and always in this order: what a merge found is still so when it writes,
# and new rows can go in with a plain INSERT. It does not block foreign keys.
LOCK = """
SELECT FROM series WHERE series_id = ANY (%(series_ids)s) ORDER BY series_id FOR NO KEY UPDATE
"""
COPY = "COPY staged_measurements FROM STDIN (FORMAT binary)"
# Two of the response's series can turn out to be one of ours.
DELETE_DOUBLES = """
WITH said AS (
    SELECT ctid AS place, series_id, moment,
           (modified, approved, value, coalesce((%(qualifiers)s::text[])[qualifier], '') COLLATE "C", ctid)
               AS worth
    FROM staged_measurements
)
DELETE FROM staged_measurements USING said AS worse, said AS better
WHERE staged_measurements.ctid = worse.place
    AND (better.series_id, better.moment) = (worse.series_id, worse.moment) AND better.worth > worse.worth
"""

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
ROW = struct.Struct(">h" + "ii" + "id" + "id" + "id" + "i?" + "ii")  # six columns, each behind its length
TRAILER = struct.pack(">h", -1)
ROWS_IN_A_BLOCK = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What stands in the temporary table until the transaction ends; its series are locked until then.

    A row's `qualifier` counts from 1 into `qualifiers`, and is 0 without any. `left_out` has what is not
    staged, counted.
    """

    series_ids: list[int]
    qualifiers: list[str]
    rows: int
    left_out: MergeCounts

    def counts(self, *, inserted: int, revised: int) -> MergeCounts:
        """Account for every measurement of the response."""
        return replace(
            self.left_out, inserted=inserted, revised=revised, unchanged=self.rows - inserted - revised
        )


def stage(
    conn: Connection,
    measurements: Measurements[Moment],
    number_of: Callable[[Moment], float],
    *,
    instantaneous: bool,
) -> Staged:
    """Put the measurements of our primary series into the temporary table, and lock those series.

    `number_of` makes a number of a moment. `instantaneous` says which series are meant, by their statistic:
    no daily value gets among readings. Call it in the transaction that goes on with what is staged.
    """
    wanted, left_out = _wanted(conn, measurements, instantaneous=instantaneous)
    staged = Staged(
        series_ids=sorted({series_id for series_id in wanted if series_id is not None}),
        qualifiers=sorted({words for words in measurements.qualifiers if words}),
        rows=len(measurements) - left_out.skipped_not_primary - left_out.unknown_series,
        left_out=left_out,
    )
    if staged.rows:
        conn.execute(LOCK, {"series_ids": staged.series_ids})
        conn.execute(CREATE)
        conn.execute(EMPTY)
        _copy(conn, _rows(measurements, number_of, wanted, staged.qualifiers))
        if len(staged.series_ids) < sum(series_id is not None for series_id in wanted):
            conn.execute(DELETE_DOUBLES, {"qualifiers": staged.qualifiers})
    return staged


def _wanted(
    conn: Connection, measurements: Measurements[Any], *, instantaneous: bool
) -> tuple[list[int | None], MergeCounts]:
    """Return our id of each series of the response, None where its rows are not wanted; and count those."""
    rows = Counter(measurements.series_index)
    wanted: list[int | None] = [None] * len(measurements.series)
    skipped = unknown = 0
    stations = set()
    for index, found in enumerate(series.find(conn, measurements.series)):
        if index not in rows:
            continue
        if found is None or (found.statistic == INSTANTANEOUS) is not instantaneous:
            unknown += rows[index]
            stations.add(measurements.series[index].station_id)
        elif found.is_primary:
            wanted[index] = found.series_id
        else:
            skipped += rows[index]
    return wanted, MergeCounts(
        skipped_not_primary=skipped, unknown_series=unknown, unknown_stations=tuple(sorted(stations))
    )


def _rows(
    measurements: Measurements[Moment],
    number_of: Callable[[Moment], float],
    wanted: list[int | None],
    qualifiers: list[str],
) -> Iterator[bytes]:
    """Pack the wanted rows. All of it runs in C: a loop in Python would take twice as long."""
    places: dict[str | None, int] = {None: 0, "": 0}
    places.update((words, place) for place, words in enumerate(qualifiers, start=1))
    series_ids = [wanted[index] for index in measurements.series_index]
    columns: list[Iterable[Any]] = [
        series_ids,
        map(number_of, measurements.moments),
        measurements.values,
        map(datetime.timestamp, measurements.modified),
        measurements.approved,
        map(places.__getitem__, measurements.qualifiers),
    ]
    if None in wanted:
        is_wanted = [series_id is not None for series_id in series_ids]
        columns = [compress(column, is_wanted) for column in columns]
    lengths = (4, 8, 8, 8, 1, 4)
    return map(
        ROW.pack,
        repeat(len(columns)),
        *(each for length, column in zip(lengths, columns, strict=True) for each in (repeat(length), column)),
    )


def _copy(conn: Connection, rows: Iterator[bytes]) -> None:
    with conn.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(HEADER)
        while block := b"".join(islice(rows, ROWS_IN_A_BLOCK)):
            copy.write(block)
        copy.write(TRAILER)
