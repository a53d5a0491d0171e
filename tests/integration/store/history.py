"""What tests of the history do again and again: put runs into the past, and look at them."""

import psycopg

from gaugehouse.domain.job_runs import JobRun, NewRun, Trigger
from gaugehouse.store import job_runs

JOB = "check_staleness"


def new_run(slot: str = "2026-01-01T12:00Z", *, job: str = JOB, forced: bool = False) -> NewRun:
    """A run as the wrapper describes it before it begins."""
    return NewRun(
        job_name=job,
        slot=slot,
        reference_time=None,
        trigger=Trigger.SCHEDULE,
        forced=forced,
        request_id="request-1",
    )


def add_run(conn: psycopg.Connection, status: str, *, ago: str, slot: str = "", job: str = JOB) -> int:
    """A run that began that long ago and, unless it still runs, ended at once. Return its id."""
    row = conn.execute(
        "INSERT INTO job_runs (job_name, slot, trigger, request_id, started_at, completed_at, status) "
        "SELECT %(job)s, %(slot)s, 'schedule', 'r', now() - %(ago)s::interval, "
        "       CASE WHEN %(status)s <> 'running' THEN now() - %(ago)s::interval END, %(status)s "
        "RETURNING id",
        {"job": job, "slot": slot or f"{ago} ago", "ago": ago, "status": status},
    ).fetchone()
    assert row is not None
    return int(row[0])


def runs(conn: psycopg.Connection, job: str = JOB) -> list[JobRun]:
    """All runs of a job, the oldest first."""
    return job_runs.history(conn, job, limit=500)[::-1]


def statuses(conn: psycopg.Connection, job: str = JOB) -> list[str]:
    """How each run of a job stands, the oldest first."""
    return [run.status for run in runs(conn, job)]
