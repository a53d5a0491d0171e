"""The worker's side of the ledger of imports: claim a job, and complete, fail or defer it.

Every transition is guarded in SQL by the job's state and its lock's token, so a worker that lost its job
changes nothing. How an import is asked for is in `import_jobs.py`.
"""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from gaugehouse.domain.errors import LockLost
from gaugehouse.domain.import_jobs import ImportJob, ImportRequest, summary_from_json
from gaugehouse.domain.locks import Lock

CLAIM = """
UPDATE import_jobs
SET status = 'in_progress', started_at = clock_timestamp(), next_retry_at = NULL,
    worker_id = %(worker_id)s, fencing_token = %(token)s
WHERE kind = %(kind)s AND subject = %(subject)s
    AND (status = 'pending' OR (status = 'failed' AND next_retry_at <= clock_timestamp()))
RETURNING id, retry_count + 1, gauge_summary, import_stats, document_id
"""
COMPLETE = """
UPDATE import_jobs
SET status = CASE WHEN rerun_requested THEN 'pending' ELSE 'completed' END,
    retry_count = CASE WHEN rerun_requested THEN 0 ELSE retry_count END,
    document_id = CASE WHEN rerun_requested THEN document_id END,
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
    job_id, attempt, summary, stats, document_id = row
    return ImportJob(
        id=job_id,
        kind=wish.kind,
        subject=wish.subject,
        attempt=attempt,
        gauge_summary=wish.gauge_summary or summary_from_json(summary),
        import_stats=stats,
        document_id=document_id,
    )


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
