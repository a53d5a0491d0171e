"""What is broken must not hide: neither the work behind the history, nor the history behind the work."""

import psycopg
import pytest

from gaugehouse.domain.job_runs import RunStatus
from gaugehouse.store import job_runs
from tests.integration.runtime.conftest import Handle, emitted
from tests.integration.store.history import JOB, add_run, runs, statuses

EVENT = {"task": JOB, "scheduled_time": "2026-01-01T12:00:00Z"}
# A run that cannot be written; the SQL says when.
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
CREATE TRIGGER refuse BEFORE {} ON job_runs FOR EACH ROW EXECUTE FUNCTION refuse();
"""
# The session ends at the very statement that takes a lock.
GONE_AT_LOCK_TIME = """
CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NEW; END $$;
CREATE TRIGGER gone BEFORE INSERT ON job_locks FOR EACH ROW EXECUTE FUNCTION end_session();
"""
STALE = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
    VALUES ('1000', 'mcfcd', 'a', 'America/Phoenix', 'test');
INSERT INTO gauge_summaries (station_id, gauge_name, observed_at)
    VALUES ('1000', 'a', now() - interval '1 day');
"""
NO_METRICS = pytest.mark.filterwarnings("ignore:No application metrics to publish")


@pytest.mark.parametrize("when", ["INSERT", "UPDATE", "INSERT OR UPDATE OR DELETE"])
def test_a_history_that_cannot_be_written_does_not_stop_the_task(
    when: str, maintenance: Handle, conn: psycopg.Connection
) -> None:
    conn.execute(STALE.encode())
    add_run(conn, "succeeded", ago="40 days", job="old")
    add_run(conn, "failed", ago="41 days", job="old")
    add_run(conn, "running", ago="3 hours", job="old")
    conn.execute(REFUSE.format(when).encode())

    assert maintenance(EVENT) == {"turned_stale": 1, "turned_fresh": 0}

    assert conn.execute("SELECT is_stale FROM gauge_summaries").fetchone() == (True,)


@NO_METRICS
def test_a_database_that_is_gone_at_lock_time_fails_the_invocation(
    maintenance: Handle, conn: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error while taking the lock once counted as success."""
    conn.execute(GONE_AT_LOCK_TIME.encode())
    with pytest.raises(psycopg.OperationalError):
        maintenance(EVENT)
    assert "CheckStalenessSucceeded" not in emitted(capsys.readouterr().out)
    assert statuses(conn) == []

    conn.execute("DROP TRIGGER gone ON job_locks")
    maintenance(EVENT)

    assert statuses(conn) == ["succeeded"]
    assert emitted(capsys.readouterr().out)["CheckStalenessSucceeded"] == 1


def test_a_session_that_dies_during_the_work_leaves_a_run_that_is_found_out(
    maintenance: Handle, conn: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    conn.execute(STALE.encode())
    conn.execute(GONE_AT_LOCK_TIME.replace("INSERT ON job_locks", "UPDATE ON gauge_summaries").encode())
    with pytest.raises(psycopg.OperationalError):
        maintenance(EVENT)
    assert statuses(conn) == ["running"]
    assert emitted(capsys.readouterr().out)["CheckStalenessFailed"] == 1

    conn.execute("DROP TRIGGER gone ON gauge_summaries")
    conn.execute("DELETE FROM job_locks")  # as its end of life would do
    maintenance(EVENT)

    assert statuses(conn) == ["crashed", "succeeded"]
    metrics = emitted(capsys.readouterr().out)
    assert (metrics["RunsCrashed"], metrics["CheckStalenessSucceeded"]) == (1, 1)


def test_a_run_that_took_too_long_does_not_take_back_its_successors_success(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    maintenance(EVENT)
    [done] = runs(conn)
    slow = add_run(conn, "running", ago="1 minute", slot=done.slot)
    maintenance({"task": "publish_system_state"})  # it finds the run without a lock

    assert job_runs.finish(conn, slow, status=RunStatus.SUCCEEDED) is False
    assert sorted(statuses(conn)) == ["crashed", "succeeded"]


@NO_METRICS
def test_skipped_runs_are_not_counted_as_success(
    maintenance: Handle, conn: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    maintenance(EVENT)
    first = emitted(capsys.readouterr().out)
    assert first["CheckStalenessSucceeded"] == 1
    assert first["CheckStalenessDuration"] >= 0

    assert maintenance(EVENT) == {"skipped": "its slot was done before"}

    assert "CheckStalenessSucceeded" not in emitted(capsys.readouterr().out)
