"""Record failed attempts: when the job is tried again, and when its failure is final."""

from psycopg import Connection

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse.domain.import_jobs import ImportJob, ImportRequest, retry_delay_seconds
from gaugehouse.domain.locks import Lock
from gaugehouse.store import claimed_imports, dead_workers

LONGEST_ERROR = 2000  # characters: a message is for reading


def fail_import(
    error: Exception, job: ImportJob, lock: Lock, *, conn: Connection, retry_delays: tuple[float, ...]
) -> bool:
    """Record that this attempt failed. False when the job is no longer this worker's.

    A permanent error is final at once; any other is tried again after the next of `retry_delays`
    (seconds), or later where the agency asked for it, until they are used up. An error that nobody
    foresaw is retried too: it may be ours, and a fixed release should find the job waiting.
    """
    text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR].replace("\0", "\N{REPLACEMENT CHARACTER}")
    foreseen = isinstance(error, GaugehouseError)
    permanent = isinstance(error, GaugehouseError) and not error.retryable
    delay = None if permanent else retry_delay_seconds(job.attempt, retry_delays)
    asked = error.retry_after_seconds if isinstance(error, GaugehouseError) else None
    if delay is not None and asked is not None:
        delay = max(delay, asked)
    return claimed_imports.fail(conn, job, lock, error=text, delay_seconds=delay, unforeseen=not foreseen)


def fail_dead_workers(
    *, conn: Connection, retry_delays: tuple[float, ...], only: ImportRequest | None = None
) -> int:
    """Count the jobs whose worker died as failed attempts; all of them, or one. Return how many.

    Without this, a document that kills its importer every time would be tried for ever.
    """
    with conn.transaction():
        dead = dead_workers.jobs_of_dead_workers(
            conn, kind=only.kind if only else None, subject=only.subject if only else None
        )
        for job, lock in dead:
            error = f"worker {lock.worker_id} died before it finished (killed, timed out or out of memory)"
            claimed_imports.fail(
                conn,
                job,
                lock,
                error=error,
                delay_seconds=retry_delay_seconds(job.attempt, retry_delays),
            )
    return len(dead)
