"""The merge of an agency's values into the table of theirs: the same for readings and for daily values."""

from collections.abc import Callable
from typing import LiteralString

from psycopg import Connection

from gaugehouse.domain.measurements import Measurements, Moment
from gaugehouse.store.merge_counts import MergeCounts
from gaugehouse.store.staged_measurements import stage


def merge_measurements(
    conn: Connection,
    measurements: Measurements[Moment],
    number_of: Callable[[Moment], float],
    *,
    instantaneous: bool,
    insert_new: LiteralString,
    revise: LiteralString,
) -> MergeCounts:
    """Insert what is new and revise what is newer than the stored, and count every measurement.

    `insert_new` and `revise` are the statements of the table; the second one returns, of each row that it
    wrote, whether the row says something else now. `number_of` and `instantaneous` are as `stage` has them.

    Raises: psycopg.errors.CheckViolation when the table refuses a value.
    """
    with conn.transaction():
        staged = stage(conn, measurements, number_of, instantaneous=instantaneous)
        if not staged.rows:
            return staged.left_out
        where = {
            "series_ids": staged.series_ids,
            "qualifiers": staged.qualifiers,
            "first": min(measurements.moments),
            "last": max(measurements.moments),
        }
        # Never prepared: the plan must see how many rows are staged now, and for which months.
        inserted = conn.execute(insert_new, where, prepare=False).rowcount
        revised = 0
        if inserted < staged.rows:
            revised = sum(is_other for (is_other,) in conn.execute(revise, where, prepare=False))
    return staged.counts(inserted=inserted, revised=revised)
