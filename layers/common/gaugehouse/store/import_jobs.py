"""The ledger of imports: ask, claim, complete, fail. Publication is in `publication.py`.

Every transition is guarded in SQL by the state (and, for the worker's own, by its lock's token), so a
worker that lost its job changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from gaugehouse.domain.errors import LockLost
from gaugehouse.domain.import_jobs import (
    ImportJob,
    ImportRequest,
    JobStatus,
    summary_from_json,
    summary_to_json,
)
from gaugehouse.domain.locks import Lock
from gaugehouse.store.connection import only_row

# Discovery: whatever the ledger knows already stays as it is.
CREATE_MISSING = """
INSERT INTO import_jobs (kind, subject, source, gauge_summary)
SELECT wanted.kind, wanted.subject, %(source)s, wanted.gauge_summary
FROM unnest(%(kinds)s::text[], %(subjects)s::text[], %(summaries)s::jsonb[])
    AS wanted (kind, subject, gauge_summary)
ON CONFLICT (kind, subject) DO NOTHING
"""
# Asking again: finished -> pending with its retries reset; pending -> the higher priority; in progress
# -> once more when it ends.
REQUEST = """
INSERT INTO import_jobs AS job (kind, subject, source, priority, gauge_summary)
VALUES (%(kind)s, %(subject)s, %(source)s, %(priority)s, %(gauge_summary)s)
ON CONFLICT (kind, subject) DO UPDATE
    SET status = CASE WHEN job.status = 'in_progress' THEN job.status ELSE 'pending' END,
        rerun_requested = job.status = 'in_progress',
        retry_count = CASE WHEN job.status IN ('completed', 'failed') THEN 0 ELSE job.retry_count END,
        error_message = CASE WHEN job.status = 'in_progress' THEN job.error_message END,
        priority = CASE WHEN job.status IN ('completed', 'failed') THEN excluded.priority
                        ELSE greatest(job.priority, excluded.priority) END,
        source = excluded.source,
        gauge_summary = coalesce(excluded.gauge_summary, job.gauge_summary)
RETURNING status
"""
CLAIM = """
UPDATE import_jobs
SET status = 'in_progress', started_at = clock_timestamp(), next_retry_at = NULL,
    worker_id = %(worker_id)s, fencing_token = %(token)s
WHERE kind = %(kind)s AND subject = %(subject)s
    AND (status = 'pending' OR (status = 'failed' AND next_retry_at <= clock_timestamp()))
RETURNING id, retry_count + 1, gauge_summary, import_stats
"""
REOPEN_OLD = """
UPDATE import_jobs
SET status = 'pending', retry_count = 0, error_message = NULL, priority = %(priority)s, source = 'refresh'
WHERE kind = 'fopr' AND status IN ('completed', 'failed') AND next_retry_at IS NULL
    AND coalesce(completed_at, created_at) < %(older_than)s
"""
REOPEN_FAILED = """
UPDATE import_jobs
SET status = 'pending', retry_count = 0, error_message = NULL, priority = %(priority)s, source = 'operator'
WHERE status = 'failed'
"""
SELECT_STATUS = """
SELECT status, unforeseen, error_message, last_completed_at, import_stats FROM import_jobs
WHERE kind = %(kind)s AND subject = %(subject)s
"""
COMPLETE = """
UPDATE import_jobs
SET status = CASE WHEN rerun_requested THEN 'pending' ELSE 'completed' END,
    retry_count = CASE WHEN rerun_requested THEN 0 ELSE retry_count END,
    rerun_requested = false, error_message = NULL, unforeseen = false, published_at = NULL,
    import_stats = %(import_stats)s, completed_at = clock_timestamp(), last_completed_at = clock_timestamp(),
    first_completed_at = coalesce(first_completed_at, clock_timestamp())
WHERE id = %(id)s AND status = 'in_progress' AND fencing_token = %(token)s
"""
# A failure while somebody asked again starts over at once. The wait gets up to a fifth longer by chance, so
# that jobs that failed together do not return together. The history numbers through; 50 errors are enough.
FAIL = """
UPDATE import_jobs AS job
SET status = CASE WHEN rerun_requested THEN 'pending' ELSE 'failed' END,
    next_retry_at = clock_timestamp() + make_interval(secs => %(delay_seconds)s * (1 + 0.2 * random())),
    retry_count = CASE WHEN rerun_requested THEN 0
                       ELSE retry_count + (%(delay_seconds)s::float8 IS NOT NULL)::int END,
    rerun_requested = false,
    published_at = NULL,
    completed_at = CASE WHEN %(delay_seconds)s::float8 IS NULL THEN clock_timestamp() END,
    error_message = %(error)s,
    unforeseen = %(unforeseen)s,
    error_history = jsonb_build_object('errors', kept.errors || jsonb_build_object(
        'attempt', coalesce((kept.errors -> -1 ->> 'attempt')::int, 0) + 1,
        'timestamp', clock_timestamp(), 'error', %(error)s::text))
FROM (
    SELECT id, CASE WHEN jsonb_typeof(error_history -> 'errors') = 'array'
                    THEN jsonb_path_query_array(error_history, '$.errors[last - 48 to last]')
                    ELSE '[]' END AS errors
    FROM import_jobs WHERE id = %(id)s
) AS kept
WHERE job.id = kept.id AND job.status = 'in_progress' AND job.fencing_token = %(token)s
"""
# Not an attempt: nothing was asked of the agency. The job keeps its count and waits.
DEFER = """
UPDATE import_jobs
SET status = 'failed', next_retry_at = clock_timestamp() + make_interval(secs => %(delay_seconds)s),
    published_at = NULL, error_message = %(reason)s
WHERE id = %(id)s AND status = 'in_progress' AND fencing_token = %(token)s
"""


@dataclass(frozen=True, slots=True)
class JobStanding:
    """How a job stands: its state, and whether its newest error is one that nobody foresaw.

    `import_stats` are those of its last success.
    """

    status: JobStatus
    unforeseen: bool
    error: str | None
    last_completed_at: datetime | None
    import_stats: Mapping[str, Any] | None


def create_missing(conn: Connection, requests: Sequence[ImportRequest], *, source: str) -> int:
    """Add a pending job for each request that the ledger does not hold yet. Return how many."""
    return conn.execute(
        CREATE_MISSING,
        {
            "source": source,
            "kinds": [request.kind for request in requests],
            "subjects": [request.subject for request in requests],
            "summaries": [_summary_json(request) for request in requests],
        },
    ).rowcount


def request(conn: Connection, wish: ImportRequest, *, source: str, priority: int) -> JobStatus:
    """Ask for an import, whatever the ledger says of it now. Return the job's state afterwards."""
    cursor = conn.execute(
        REQUEST,
        {
            "kind": wish.kind,
            "subject": wish.subject,
            "source": source,
            "priority": priority,
            "gauge_summary": _summary_json(wish),
        },
    )
    return JobStatus(only_row(cursor)[0])


def reopen_old(conn: Connection, *, older_than: datetime, priority: int) -> int:
    """Ask again for every full record whose job ended before that time. Return how many."""
    return conn.execute(REOPEN_OLD, {"older_than": older_than, "priority": priority}).rowcount


def reopen_failed(conn: Connection, *, priority: int) -> int:
    """Ask again for everything that failed, waiting or for good. Return how many."""
    return conn.execute(REOPEN_FAILED, {"priority": priority}).rowcount


def claim(conn: Connection, wish: ImportRequest, lock: Lock) -> ImportJob | None:
    """Turn a due job into one in progress under `lock`; None when it is not due or unknown."""
    parameters = {
        "kind": wish.kind,
        "subject": wish.subject,
        "worker_id": lock.worker_id,
        "token": lock.fencing_token,
    }
    row = conn.execute(CLAIM, parameters).fetchone()
    if row is None:
        return None
    job_id, attempt, summary, stats = row
    return ImportJob(
        id=job_id,
        kind=wish.kind,
        subject=wish.subject,
        attempt=attempt,
        gauge_summary=wish.gauge_summary or summary_from_json(summary),
        import_stats=stats,
    )


def standing_of(conn: Connection, wish: ImportRequest) -> JobStanding | None:
    """Return how the job stands; None when the ledger does not hold it."""
    row = conn.execute(SELECT_STATUS, {"kind": wish.kind, "subject": wish.subject}).fetchone()
    return None if row is None else JobStanding(JobStatus(row[0]), *row[1:])


def complete(conn: Connection, job: ImportJob, lock: Lock, *, import_stats: Mapping[str, Any]) -> None:
    """Record that the import is done, in the transaction that stored its data.

    Raises: LockLost when the job is no longer this worker's.
    """
    parameters = {"id": job.id, "token": lock.fencing_token, "import_stats": Jsonb(dict(import_stats))}
    if conn.execute(COMPLETE, parameters).rowcount == 0:
        raise LockLost(f"import {job.kind} {job.subject} is no longer this worker's; nothing was written")


def fail(
    conn: Connection,
    job: ImportJob,
    lock: Lock,
    *,
    error: str,
    delay_seconds: float | None,
    unforeseen: bool = False,
) -> bool:
    """Record a failed attempt; due again after `delay_seconds`, or final when that is None.

    False, and nothing changed, when the job is no longer this worker's.
    """
    parameters = {
        "id": job.id,
        "token": lock.fencing_token,
        "error": error,
        "delay_seconds": delay_seconds,
        "unforeseen": unforeseen,
    }
    return conn.execute(FAIL, parameters).rowcount == 1


def defer(conn: Connection, job: ImportJob, lock: Lock, *, reason: str, delay_seconds: float) -> bool:
    """Put the job back for `delay_seconds` without counting an attempt."""
    parameters = {"id": job.id, "token": lock.fencing_token, "reason": reason, "delay_seconds": delay_seconds}
    return conn.execute(DEFER, parameters).rowcount == 1


def _summary_json(wish: ImportRequest) -> Jsonb | None:
    summary = summary_to_json(wish.gauge_summary)
    return None if summary is None else Jsonb(summary)
