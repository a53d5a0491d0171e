"""The maintenance function, a real process, is killed in the middle of its task."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from gaugehouse_local.stack import LocalStack
from tests.conftest import Connect
from tests.integration.faults.conftest import wait_for
from tests.integration.runtime.conftest import emitted
from tests.integration.store.history import JOB, runs, statuses
from tests.integration.store.ledger import let_lock_expire

FUNCTION = "MaintenanceFunction"
EVENT = {"task": JOB, "scheduled_time": "2026-01-01T12:15:00Z"}
BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%is_stale%'
"""


@pytest.fixture
def run_event_sources() -> bool:
    """No importer is needed here."""
    return False


def test_a_killed_run_is_seen_as_crashed_and_its_slot_runs_again(
    stack: LocalStack, conn: psycopg.Connection, open_connection: Connect
) -> None:
    """Runs killed by the platform once stayed `running` for ever."""
    with ThreadPoolExecutor(1) as pool, open_connection() as blocker, blocker.transaction():
        blocker.execute("LOCK TABLE gauge_summaries IN EXCLUSIVE MODE")
        going_on = pool.submit(stack.invoke, FUNCTION, EVENT)
        wait_for("it is in the middle", lambda: conn.execute(BLOCKED).fetchone() != (0,))
        for pid in stack.worker_pids(FUNCTION, busy_only=True):
            os.kill(pid, signal.SIGKILL)
        assert going_on.result(20).error_type == "Runtime.ExitError"

    assert statuses(conn) == ["running"]
    lock = conn.execute(
        "SELECT id, expires_at - clock_timestamp() > interval '5 minutes' FROM job_locks"
    ).fetchone()
    assert lock == (f"{JOB}:2026-01-01T12:15Z", True), "it outlives any invocation of 300 s"
    assert stack.invoke(FUNCTION, EVENT).error_type == "SlotBusy", "nobody can know yet that it is dead"

    let_lock_expire(conn, f"{JOB}:2026-01-01T12:15Z")
    retried = stack.invoke(FUNCTION, EVENT)

    assert retried.error_type is None
    assert statuses(conn) == ["crashed", "succeeded"]
    crashed = runs(conn)[0]
    assert crashed.completed_at is not None and "killed" in (crashed.error_text or "")
    metrics = emitted("\n".join(retried.log))
    assert (metrics["RunsCrashed"], metrics["CheckStalenessSucceeded"]) == (1, 1)
    assert stack.invoke(FUNCTION, EVENT).payload == {"skipped": "its slot was done before"}
