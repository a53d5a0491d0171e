"""Jobs whose worker died: in progress, while the lock under which they were claimed is gone."""

from psycopg import Connection

from gaugehouse.domain.import_jobs import ImportJob
from gaugehouse.domain.locks import Lock, import_lock

# FOR UPDATE SKIP LOCKED passes over a job whose worker is committing at this very moment.
SELECT_DEAD = """
SELECT id, kind, subject, retry_count + 1, worker_id, fencing_token FROM import_jobs AS job
WHERE status = 'in_progress'
    AND (%(subject)s::text IS NULL OR (kind = %(kind)s AND subject = %(subject)s))
    AND NOT EXISTS (
        SELECT FROM job_locks
        WHERE job_locks.id = 'import:' || job.kind || ':' || job.subject
            AND job_locks.fencing_token = job.fencing_token
            AND job_locks.expires_at > clock_timestamp())
ORDER BY id
FOR UPDATE SKIP LOCKED
"""


def jobs_of_dead_workers(
    conn: Connection, *, kind: str | None = None, subject: str | None = None
) -> list[tuple[ImportJob, Lock]]:
    """Return the jobs that nobody works on any more, each with its dead worker's lock; all, or one.

    Call it in the transaction that records their failures: the rows stay locked until it ends.
    """
    rows = conn.execute(SELECT_DEAD, {"kind": kind, "subject": subject}).fetchall()
    return [
        (
            ImportJob(
                id=row[0], kind=row[1], subject=row[2], attempt=row[3], gauge_summary=None, import_stats=None
            ),
            Lock(id=import_lock(row[1], row[2]), worker_id=row[4], fencing_token=row[5]),
        )
        for row in rows
    ]
