"""Which import jobs are due, and which of them have a message under way."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.domain.import_jobs import KINDS, ImportRequest, summary_from_json

# Longer than the queue's visibility time-out: an older message has been delivered, or is lost.
PUBLICATION_EXPIRES = "45 minutes"

# The inner WHERE repeats the partial index's predicate, so that 20,000 completed jobs cost nothing.
# One expression for "has a message or a worker", used for the cap; it must not count jobs that wait.
TAKE_DUE = """
WITH open_jobs AS MATERIALIZED (
    SELECT id, priority, created_at, status = 'in_progress'
               OR coalesce(published_at > clock_timestamp() - %(expires)s::interval, false) AS in_flight,
           status = 'pending' OR next_retry_at <= clock_timestamp() AS due
    FROM import_jobs
    WHERE (status IN ('pending', 'in_progress') OR next_retry_at IS NOT NULL) AND kind = ANY (%(kinds)s)
)
UPDATE import_jobs AS job
SET published_at = clock_timestamp()
WHERE job.id = ANY (ARRAY(
    SELECT id FROM open_jobs
    WHERE due AND NOT in_flight
    ORDER BY priority DESC, created_at, id
    LIMIT greatest(0, %(max_in_flight)s - (SELECT count(*) FROM open_jobs WHERE in_flight))))
    AND job.status IN ('pending', 'failed')
RETURNING job.id, job.kind, job.subject, job.gauge_summary, job.priority, job.created_at
"""
UNPUBLISH = (
    "UPDATE import_jobs SET published_at = NULL WHERE id = ANY (%(ids)s) AND status IN ('pending', 'failed')"
)

# The mark is aged instead of cleared: cleared, the job would be sent at once, to the same held lock.
REMIND = """
UPDATE import_jobs
SET published_at = clock_timestamp() - %(expires)s::interval + make_interval(secs => %(after_seconds)s)
WHERE kind = %(kind)s AND subject = %(subject)s AND status IN ('pending', 'failed')
"""
UNPUBLISH_ALL = "UPDATE import_jobs SET published_at = NULL WHERE published_at IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueJob:
    """A job for which a message must be sent now."""

    id: int
    request: ImportRequest


def take_due(conn: Connection, *, max_in_flight: int) -> list[DueJob]:
    """Mark due jobs as published, by priority, then age, up to the cap; return them in that order.

    Committed before anything is sent: a job whose message is lost becomes due again by age. The caller
    holds the lock `publish:imports`, or two callers would each fill the cap.
    """
    rows = conn.execute(
        TAKE_DUE, {"max_in_flight": max_in_flight, "expires": PUBLICATION_EXPIRES, "kinds": list(KINDS)}
    ).fetchall()
    rows.sort(key=lambda row: (-row[4], row[5], row[0]))
    return [
        DueJob(
            id=row[0],
            request=ImportRequest(kind=row[1], subject=row[2], gauge_summary=summary_from_json(row[3])),
        )
        for row in rows
    ]


def unpublish(conn: Connection, job_ids: Sequence[int]) -> None:
    """Make jobs due again whose message was not accepted."""
    if job_ids:
        conn.execute(UNPUBLISH, {"ids": list(job_ids)})


def remind(conn: Connection, request: ImportRequest, *, after_seconds: float) -> None:
    """Make a job due again after a while, whose message came while another worker held its lock."""
    conn.execute(
        REMIND,
        {
            "kind": request.kind,
            "subject": request.subject,
            "after_seconds": after_seconds,
            "expires": PUBLICATION_EXPIRES,
        },
    )


def unpublish_all(conn: Connection) -> int:
    """Make every job due again that has a message under way: the queue is known to have lost them all.

    Return how many there were.
    """
    return conn.execute(UNPUBLISH_ALL).rowcount
