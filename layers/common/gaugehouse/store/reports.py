"""What an operator wants to see of imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.store.system_state import get_system_state

SELECT_LEDGER = """
SELECT kind, subject, status, priority, retry_count, next_retry_at, error_message,
       jsonb_array_length(error_history -> 'errors') AS failed_attempts, started_at, completed_at
FROM import_jobs
WHERE CASE %(status)s::text
    WHEN 'waiting' THEN status = 'failed' AND next_retry_at IS NOT NULL
    WHEN 'failed' THEN status = 'failed' AND next_retry_at IS NULL
    ELSE %(status)s IS NULL OR status = %(status)s END
    AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    AND (%(after_kind)s::text IS NULL OR (kind, subject) > (%(after_kind)s, %(after_subject)s::text))
ORDER BY kind, subject
LIMIT %(limit)s
"""
SELECT_JOB = """
SELECT kind, subject, status, priority, retry_count, next_retry_at, error_message, error_history, source,
       gauge_summary, import_stats, published_at, rerun_requested, created_at, started_at, completed_at,
       last_completed_at
FROM import_jobs
WHERE kind = %(kind)s AND subject = %(subject)s
"""
# Seconds and not a time: whose clock is right must not matter to who waits for the retry.
SELECT_STANDINGS = """
SELECT subject, status, retry_count, error_message,
       extract(epoch FROM next_retry_at - clock_timestamp())::float8 AS next_retry_seconds,
       (import_stats ->> 'total_rows')::int AS days,
       (import_stats ->> 'total_inches')::float8 AS total_inches,
       import_stats -> 'date_range' ->> 0 AS first_date, import_stats -> 'date_range' ->> 1 AS last_date,
       (import_stats ->> 'claims')::int AS claims,
       jsonb_array_length(import_stats -> 'mismatches') AS mismatches,
       (import_stats ->> 'inserted')::int AS inserted, (import_stats ->> 'revised')::int AS revised,
       (import_stats ->> 'withdrawn')::int AS withdrawn,
       (import_stats ->> 'disagreeing_days')::int AS disagreeing_days,
       (import_stats ->> 'footnotes')::int AS footnotes,
       (import_stats ->> 'footnotes_understood')::int AS footnotes_understood
FROM import_jobs
WHERE kind = %(kind)s AND subject = ANY (%(subjects)s)
ORDER BY subject
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One import job as an operator sees it."""

    kind: str
    subject: str
    status: str
    priority: int
    retry_count: int
    next_retry_at: datetime | None
    error_message: str | None
    failed_attempts: int
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """Everything that the ledger holds of one import job.

    `error_history` is `{"errors": [{"attempt", "timestamp", "error"}]}`, the newest 50. `import_stats` is
    what the last success stored; of rain, its `claims` are the totals that the document states and its
    `mismatches` those that do not hold. `published_at` is when the queue was last sent a message of it.
    """

    kind: str
    subject: str
    status: str
    priority: int
    retry_count: int
    next_retry_at: datetime | None
    error_message: str | None
    error_history: Mapping[str, Any]
    source: str
    gauge_summary: Mapping[str, Any] | None
    import_stats: Mapping[str, Any] | None
    published_at: datetime | None
    rerun_requested: bool
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    last_completed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStanding:
    """How one import stands, and what its newest success proved; that part is None before the first.

    `next_retry_seconds` is how long until the retry is due, negative when it is overdue.
    """

    subject: str
    status: str
    retry_count: int
    error_message: str | None
    next_retry_seconds: float | None
    days: int | None
    total_inches: float | None
    first_date: str | None
    last_date: str | None
    claims: int | None
    mismatches: int | None
    inserted: int | None
    revised: int | None
    withdrawn: int | None
    disagreeing_days: int | None
    footnotes: int | None
    footnotes_understood: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress:
    """How many jobs there are in each state. `open` is pending or in progress, `waiting` for a retry.

    `next_retry_seconds` is how long until the first retry is due, negative when it is overdue.
    """

    jobs: int
    open: int
    completed: int
    waiting: int
    failed: int
    next_retry_seconds: float | None


def ledger(
    conn: Connection,
    *,
    status: str | None = None,
    kind: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[LedgerEntry]:
    """Return import jobs, by kind and subject: all, or those of one state, of one kind, after that one.

    Besides the ledger's own states there is `waiting` (failed, with a retry to come); `failed` is final.
    """
    after_kind, after_subject = after or (None, None)
    parameters = {
        "status": status,
        "kind": kind,
        "after_kind": after_kind,
        "after_subject": after_subject,
        "limit": limit,
    }
    with conn.cursor(row_factory=class_row(LedgerEntry)) as cursor:
        return cursor.execute(SELECT_LEDGER, parameters).fetchall()


def import_job(conn: Connection, *, kind: str, subject: str) -> LedgerPage | None:
    """Return everything the ledger holds of one job; None when it does not hold it."""
    with conn.cursor(row_factory=class_row(LedgerPage)) as cursor:
        return cursor.execute(SELECT_JOB, {"kind": kind, "subject": subject}).fetchone()


def standings(conn: Connection, *, kind: str, subjects: Sequence[str]) -> list[ImportStanding]:
    """Return how these imports stand, by subject; one that the ledger does not hold is left out."""
    with conn.cursor(row_factory=class_row(ImportStanding)) as cursor:
        return cursor.execute(SELECT_STANDINGS, {"kind": kind, "subjects": list(subjects)}).fetchall()


def import_progress(conn: Connection) -> ImportProgress:
    """Say how many import jobs are in each state, as the system's state counts them."""
    state = get_system_state(conn)
    unfinished = state.import_jobs_pending + state.import_jobs_in_progress
    ended = state.import_jobs_completed + state.import_jobs_waiting + state.import_jobs_failed
    return ImportProgress(
        jobs=unfinished + ended,
        open=unfinished,
        completed=state.import_jobs_completed,
        waiting=state.import_jobs_waiting,
        failed=state.import_jobs_failed,
        next_retry_seconds=state.next_retry_seconds,
    )
