"""Partitions of the stream gauges' readings: one for each month, in UTC."""

from collections.abc import Iterable
from datetime import date, datetime

import psycopg
from psycopg import Connection

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.store.connection import only_row

ENSURE = "SELECT ensure_partition(%(month)s)"


def ensure(conn: Connection, months: Iterable[date]) -> int:
    """Make the partitions of the months in which these days are. Return how many were missing.

    Call it before the transaction that loads: each month is a transaction of its own, so that nobody waits
    for a lock longer than one takes.

    Raises: DocumentInvalid for a month before 1900 or more than a year ahead.
    """
    made = 0
    for month in sorted({month.replace(day=1) for month in months}):
        try:
            with conn.transaction():
                made += only_row(conn.execute(ENSURE, {"month": month}))[0]
        except psycopg.errors.DatetimeFieldOverflow as error:
            raise DocumentInvalid(str(error.diag.message_primary)) from error
    return made


def ensure_ahead(conn: Connection, reference_time: datetime, *, months: int) -> int:
    """Make the partition of the month of that time (aware, UTC) and those of so many months after it.

    Return how many were made.
    """
    this = _number(reference_time)
    return ensure(conn, [_month(number) for number in range(this, this + months + 1)])


def months_of(moments: Iterable[datetime]) -> list[date]:
    """Return the first days of the months in which these moments are, in order. Aware, UTC."""
    return [date(year, month, 1) for year, month in sorted({(each.year, each.month) for each in moments})]


def _number(moment: datetime) -> int:
    """Count months since the year 0."""
    return moment.year * 12 + moment.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
