"""The history of runs: begin, end and skip one, and look at them. Its upkeep is in `run_housekeeping.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from gaugehouse.domain.job_runs import JobRun, Milestones, NewRun, RunStatus
from gaugehouse.store.connection import only_row

SELECT_DONE = """
SELECT EXISTS (SELECT FROM job_runs WHERE job_name = %(job_name)s AND slot = %(slot)s
    AND status = 'succeeded' AND NOT forced)
"""
INSERT = """
INSERT INTO job_runs (job_name, slot, reference_time, trigger, forced, request_id, fencing_token, status,
    completed_at, error_text)
VALUES (%(job_name)s, %(slot)s, %(reference_time)s, %(trigger)s, %(forced)s, %(request_id)s, %(token)s,
    %(status)s, CASE WHEN %(status)s <> 'running' THEN clock_timestamp() END, %(error_text)s)
RETURNING id
"""
FINISH = """
UPDATE job_runs
SET status = %(status)s, completed_at = clock_timestamp(), rows_affected = %(rows_affected)s,
    error_text = %(error_text)s, metadata = %(metadata)s
WHERE id = %(id)s AND status = 'running'
"""
# From one name to the next by the index: a month of runs is not read, nor sorted, for a dozen of them.
LATEST = """
WITH RECURSIVE names AS (
    SELECT min(job_name) AS job_name FROM job_runs
    UNION ALL
    SELECT (SELECT min(job_name) FROM job_runs WHERE job_name > names.job_name)
    FROM names WHERE job_name IS NOT NULL
)
SELECT newest.* FROM names CROSS JOIN LATERAL (
    SELECT id, job_name, slot, reference_time, trigger, status, started_at, completed_at, rows_affected,
        error_text, metadata
    FROM job_runs WHERE job_name = names.job_name ORDER BY started_at DESC LIMIT 1) AS newest
ORDER BY job_name
"""
MILESTONES = """
SELECT job_name,
       max(completed_at) FILTER (WHERE status = 'succeeded') AS last_succeeded_at,
       max(completed_at) FILTER (WHERE status IN ('failed', 'crashed')) AS last_failed_at,
       max(slot) FILTER (WHERE trigger = 'schedule') AS last_scheduled_slot
FROM job_runs
GROUP BY job_name
"""
HISTORY = """
SELECT id, job_name, slot, reference_time, trigger, status, started_at, completed_at, rows_affected,
    error_text, metadata
FROM job_runs
WHERE job_name = %(job_name)s
    AND (%(before_id)s::bigint IS NULL
         OR (started_at, id) < (%(before_time)s::timestamptz, %(before_id)s::bigint))
ORDER BY started_at DESC, id DESC
LIMIT %(limit)s
"""


def is_done(conn: Connection, job_name: str, slot: str) -> bool:
    """Say whether a run of this slot has succeeded."""
    return bool(only_row(conn.execute(SELECT_DONE, {"job_name": job_name, "slot": slot}))[0])


def begin(conn: Connection, run: NewRun, *, fencing_token: int | None) -> int:
    """Record that a run has begun; return its id."""
    return _insert(conn, run, status=RunStatus.RUNNING, fencing_token=fencing_token)


def skip(conn: Connection, run: NewRun, *, reason: str) -> int:
    """Record that a run was not needed, or not wanted."""
    return _insert(conn, run, status=RunStatus.SKIPPED, error_text=reason)


def refuse(conn: Connection, run: NewRun, *, error_text: str) -> int:
    """Record a run that failed before it could begin: its event was wrong."""
    return _insert(conn, run, status=RunStatus.FAILED, error_text=error_text)


def finish(
    conn: Connection,
    run_id: int,
    *,
    status: RunStatus,
    rows_affected: int = 0,
    error_text: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> bool:
    """Record how a run ended. False when it had been declared crashed meanwhile."""
    parameters = {
        "id": run_id,
        "status": status.value,
        "rows_affected": rows_affected,
        "error_text": error_text,
        "metadata": Jsonb(dict(metadata or {})),
    }
    return conn.execute(FINISH, parameters).rowcount == 1


def latest(conn: Connection) -> list[JobRun]:
    """Return the newest run of each job, by name."""
    with conn.cursor(row_factory=class_row(JobRun)) as cursor:
        return cursor.execute(LATEST).fetchall()


def milestones(conn: Connection) -> list[Milestones]:
    """Return when each job last succeeded and failed, and the newest slot that its schedule gave it."""
    with conn.cursor(row_factory=class_row(Milestones)) as cursor:
        return cursor.execute(MILESTONES).fetchall()


def history(
    conn: Connection, job_name: str, *, limit: int, before: tuple[datetime, int] | None = None
) -> list[JobRun]:
    """Return the runs of one job, newest first: those before the run that began then and has that id."""
    time, run_id = before or (None, None)
    parameters = {"job_name": job_name, "limit": limit, "before_time": time, "before_id": run_id}
    with conn.cursor(row_factory=class_row(JobRun)) as cursor:
        return cursor.execute(HISTORY, parameters).fetchall()


def _insert(
    conn: Connection,
    run: NewRun,
    *,
    status: RunStatus,
    fencing_token: int | None = None,
    error_text: str | None = None,
) -> int:
    parameters = {
        "job_name": run.job_name,
        "slot": run.slot,
        "reference_time": run.reference_time,
        "trigger": run.trigger.value,
        "forced": run.forced,
        "request_id": run.request_id,
        "token": fencing_token,
        "status": status.value,
        "error_text": error_text,
    }
    return int(only_row(conn.execute(INSERT, parameters))[0])
