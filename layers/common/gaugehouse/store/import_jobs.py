"""The ledger of imports: how one is asked for, and how it stands.

Publication is in `publication.py`, what the worker of a job does to it in `claimed_imports.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from gaugehouse.domain.import_jobs import ImportRequest, JobStatus, summary_to_json
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
# -> once more when it ends. Which document is to be read is as the last wish has it, but a lesser one (the
# schedule's) does not take the file away that an operator brought.
REQUEST = """
INSERT INTO import_jobs AS job (kind, subject, source, priority, gauge_summary, document_id)
VALUES (%(kind)s, %(subject)s, %(source)s, %(priority)s, %(gauge_summary)s, %(document_id)s)
ON CONFLICT (kind, subject) DO UPDATE
    SET document_id = CASE WHEN (job.status = 'pending' OR job.next_retry_at IS NOT NULL)
                                AND excluded.priority < job.priority THEN job.document_id
                           ELSE excluded.document_id END,
        status = CASE WHEN job.status = 'in_progress' THEN job.status ELSE 'pending' END,
        rerun_requested = job.status = 'in_progress',
        retry_count = CASE WHEN job.status IN ('completed', 'failed') THEN 0 ELSE job.retry_count END,
        error_message = CASE WHEN job.status = 'in_progress' THEN job.error_message END,
        priority = CASE WHEN job.status IN ('completed', 'failed') THEN excluded.priority
                        ELSE greatest(job.priority, excluded.priority) END,
        source = excluded.source,
        gauge_summary = coalesce(excluded.gauge_summary, job.gauge_summary)
RETURNING status
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


def request(
    conn: Connection, wish: ImportRequest, *, source: str, priority: int, document_id: int | None = None
) -> JobStatus:
    """Ask for an import, whatever the ledger says of it now. Return the job's state afterwards.

    With `document_id` the kept document of that number is read, else the agency's is downloaded.
    """
    cursor = conn.execute(
        REQUEST,
        {
            "kind": wish.kind,
            "subject": wish.subject,
            "source": source,
            "priority": priority,
            "gauge_summary": _summary_json(wish),
            "document_id": document_id,
        },
    )
    return JobStatus(only_row(cursor)[0])


def reopen_old(conn: Connection, *, older_than: datetime, priority: int) -> int:
    """Ask again for every full record whose job ended before that time. Return how many."""
    return conn.execute(REOPEN_OLD, {"older_than": older_than, "priority": priority}).rowcount


def reopen_failed(conn: Connection, *, priority: int) -> int:
    """Ask again for everything that failed, waiting or for good. Return how many."""
    return conn.execute(REOPEN_FAILED, {"priority": priority}).rowcount


def standing_of(conn: Connection, wish: ImportRequest) -> JobStanding | None:
    """Return how the job stands; None when the ledger does not hold it."""
    row = conn.execute(SELECT_STATUS, {"kind": wish.kind, "subject": wish.subject}).fetchone()
    return None if row is None else JobStanding(JobStatus(row[0]), *row[1:])


def _summary_json(wish: ImportRequest) -> Jsonb | None:
    summary = summary_to_json(wish.gauge_summary)
    return None if summary is None else Jsonb(summary)
