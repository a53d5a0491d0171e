import json
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.job_runs import RunStatus
from gaugehouse.domain.locks import Lock, slot_lock
from gaugehouse.store import job_runs, locks, run_housekeeping
from tests.integration.store.history import JOB, add_run, new_run, runs, statuses

SLOT = "2026-01-01T12:00Z"
BEGAN_AN_HOUR_AGO = "UPDATE job_runs SET started_at = now() - interval '1 hour'"


def running(conn: psycopg.Connection, slot: str = SLOT) -> tuple[int, Lock]:
    """A run that goes on, under a lock that lives."""
    lock = locks.acquire(conn, slot_lock(JOB, slot), worker_id="w", ttl_seconds=60)
    assert lock is not None
    return job_runs.begin(conn, new_run(slot), fencing_token=lock.fencing_token), lock


def add_a_month(conn: psycopg.Connection) -> None:
    """As many runs as 30 days bring."""
    for job, minutes in {"requeue_imports": 5, JOB: 15, "poll:mcfcd_gauge_list": 60, "cleanup": 1440}.items():
        conn.execute(
            "INSERT INTO job_runs (job_name, slot, trigger, request_id, started_at, completed_at, status) "
            "SELECT %s, at::text, 'schedule', 'r', at, at, 'succeeded' FROM generate_series("
            "now() - interval '30 days', now(), make_interval(mins => %s)) AS at",
            (job, minutes),
        )
    conn.execute("ANALYZE job_runs")


def plan(conn: psycopg.Connection, statement: str, **parameters: Any) -> str:
    found = conn.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), parameters).fetchone()
    return json.dumps(found)


def test_a_run_is_running_until_it_is_finished(conn: psycopg.Connection) -> None:
    run_id = job_runs.begin(conn, new_run(), fencing_token=7)

    [begun] = runs(conn)
    assert (begun.id, begun.status, begun.slot, begun.completed_at) == (run_id, "running", SLOT, None)
    recent = conn.execute("SELECT now() - started_at < interval '10 s', request_id FROM job_runs").fetchone()
    assert recent == (True, "request-1")

    finished = job_runs.finish(
        conn, run_id, status=RunStatus.SUCCEEDED, rows_affected=12, metadata={"turned_stale": 12}
    )

    [ended] = runs(conn)
    assert finished
    assert (ended.status, ended.rows_affected, ended.error_text) == ("succeeded", 12, None)
    assert ended.completed_at is not None and ended.completed_at >= ended.started_at
    assert ended.metadata == {"turned_stale": 12}


def test_a_failure_keeps_its_text(conn: psycopg.Connection) -> None:
    run_id = job_runs.begin(conn, new_run(), fencing_token=7)
    job_runs.finish(conn, run_id, status=RunStatus.FAILED, error_text="SourceUnavailable: no answer")

    [run] = runs(conn)
    assert (run.status, run.rows_affected, run.error_text) == ("failed", 0, "SourceUnavailable: no answer")
    assert not job_runs.is_done(conn, JOB, SLOT)


def test_a_finish_that_comes_after_the_verdict_changes_nothing(conn: psycopg.Connection) -> None:
    run_id = job_runs.begin(conn, new_run(), fencing_token=7)
    assert run_housekeeping.declare_crashed(conn) == 1

    assert job_runs.finish(conn, run_id, status=RunStatus.SUCCEEDED) is False
    assert statuses(conn) == ["crashed"]


def test_only_success_without_force_makes_a_slot_done(conn: psycopg.Connection) -> None:
    job_runs.skip(conn, new_run(), reason="paused: flood")
    job_runs.refuse(conn, new_run(), error_text="EventInvalid: task")
    forced = job_runs.begin(conn, new_run(forced=True), fencing_token=1)
    job_runs.finish(conn, forced, status=RunStatus.SUCCEEDED)
    assert not job_runs.is_done(conn, JOB, SLOT)

    job_runs.finish(
        conn, job_runs.begin(conn, new_run(), fencing_token=2), status=RunStatus.SUCCEEDED, rows_affected=1
    )

    assert job_runs.is_done(conn, JOB, SLOT)
    assert not job_runs.is_done(conn, JOB, "2026-01-01T12:15Z")
    assert not job_runs.is_done(conn, "cleanup_rejects", SLOT)


def test_a_slot_cannot_succeed_twice(conn: psycopg.Connection) -> None:
    first, second = (job_runs.begin(conn, new_run(), fencing_token=token) for token in (1, 2))
    job_runs.finish(conn, first, status=RunStatus.SUCCEEDED)

    with pytest.raises(psycopg.errors.UniqueViolation):
        job_runs.finish(conn, second, status=RunStatus.SUCCEEDED)


def test_history_is_one_jobs_newest_first_up_to_the_limit(conn: psycopg.Connection) -> None:
    for hours in (3, 1, 2):
        add_run(conn, "succeeded", ago=f"{hours} hours")
    add_run(conn, "failed", ago="30 minutes", job="cleanup_rejects")

    assert [run.slot for run in job_runs.history(conn, JOB, limit=2)] == ["1 hours ago", "2 hours ago"]


def test_latest_is_one_run_of_each_job_its_newest(conn: psycopg.Connection) -> None:
    add_run(conn, "succeeded", ago="2 hours")
    add_run(conn, "failed", ago="1 hour")
    add_run(conn, "skipped", ago="3 hours", job="cleanup_rejects")

    newest = [(run.job_name, run.status) for run in job_runs.latest(conn)]
    assert newest == [(JOB, "failed"), ("cleanup_rejects", "skipped")]


def test_history_and_the_question_of_every_run_use_their_index(conn: psycopg.Connection) -> None:
    add_a_month(conn)

    newest = {"limit": 20, "before_id": None, "before_time": None}
    older = {"limit": 20, "before_id": 7, "before_time": "2026-01-01T00:00Z"}
    assert "job_runs_newest" in plan(conn, job_runs.HISTORY, job_name="cleanup", **newest)
    assert "Seq Scan" not in plan(conn, job_runs.HISTORY, job_name=JOB, **newest)
    assert "Seq Scan" not in plan(conn, job_runs.HISTORY, job_name=JOB, **older)
    assert "Seq Scan" not in plan(conn, job_runs.LATEST)
    assert "job_runs_done" in plan(conn, job_runs.SELECT_DONE, job_name=JOB, slot="x")
    assert "job_runs_running" in plan(
        conn, run_housekeeping.CRASH, longest=run_housekeeping.LONGEST_RUN, most=200
    )


def test_a_run_whose_lock_lives_is_left_alone(conn: psycopg.Connection) -> None:
    running(conn)
    conn.execute(BEGAN_AN_HOUR_AGO)

    assert run_housekeeping.declare_crashed(conn) == 0
    assert statuses(conn) == ["running"]


@pytest.mark.parametrize(
    "lost",
    [
        "DELETE FROM job_locks",
        "UPDATE job_locks SET locked_at = now() - interval '2 s', expires_at = now() - interval '1 s'",
        "UPDATE job_locks SET fencing_token = nextval('job_lock_tokens')",  # taken over
    ],
)
def test_a_run_without_its_lock_has_crashed(lost: str, conn: psycopg.Connection) -> None:
    running(conn)
    conn.execute(lost.encode())

    assert run_housekeeping.declare_crashed(conn) == 1

    [run] = runs(conn)
    assert run.status == "crashed"
    assert run.completed_at is not None
    assert run.error_text is not None and "never ended" in run.error_text


def test_after_two_hours_no_lock_is_believed(conn: psycopg.Connection) -> None:
    running(conn)
    conn.execute("UPDATE job_runs SET started_at = now() - interval '2 hours 1 second'")

    assert run_housekeeping.declare_crashed(conn) == 1


def test_a_month_is_kept_and_of_each_job_the_newest(conn: psycopg.Connection) -> None:
    add_run(conn, "succeeded", ago="31 days")
    add_run(conn, "failed", ago="30 days 1 minute")
    add_run(conn, "succeeded", ago="29 days")
    add_run(conn, "succeeded", ago="60 days", job="refresh_gauge_records")
    add_run(conn, "failed", ago="40 days", job="refresh_gauge_records")
    add_run(conn, "running", ago="50 days", job="never_ended")  # it is declared crashed first
    add_run(conn, "failed", ago="1 day", job="never_ended")

    assert run_housekeeping.delete_old(conn) == 3

    assert [run.slot for run in runs(conn)] == ["29 days ago"]
    assert [run.slot for run in runs(conn, "refresh_gauge_records")] == ["40 days ago"]
    assert run_housekeeping.delete_old(conn) == 0


def test_housekeeping_is_bounded_and_goes_on_where_it_stopped(conn: psycopg.Connection) -> None:
    conn.execute(
        "INSERT INTO job_runs (job_name, slot, trigger, request_id, started_at, completed_at, status) "
        "SELECT 'old', n::text, 'schedule', 'r', now() - interval '40 days' - n * interval '1 minute', "
        "now(), 'failed' FROM generate_series(1, 301) AS n"
    )
    assert [run_housekeeping.delete_old(conn) for _ in range(3)] == [200, 100, 0]


def test_only_locks_that_expired_a_day_ago_are_deleted(conn: psycopg.Connection) -> None:
    for name, expired in {"old": "25 hours", "recent": "23 hours", "live": "-1 hour"}.items():
        conn.execute(
            "INSERT INTO job_locks (id, worker_id, locked_at, expires_at) "
            "VALUES (%s, 'w', now() - interval '2 days', now() - %s::interval)",
            (name, expired),
        )
    assert run_housekeeping.delete_expired_locks(conn) == 1
    kept = conn.execute("SELECT id FROM job_locks ORDER BY id").fetchall()
    assert kept == [("live",), ("recent",)]
