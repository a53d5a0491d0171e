"""A wrong event is a clear error, and a failed run that an operator can see."""

import subprocess
import sys
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.store import job_runs
from gaugehouse.store.migrate import load_migrations
from tests.integration.runtime.conftest import Handle, emitted
from tests.integration.store.history import runs, statuses
from tests.real_files import PROJECT_ROOT

BAD: list[tuple[Any, str, str]] = [
    ({}, "maintenance", "task: Field required"),
    (None, "maintenance", "valid dictionary"),
    ([], "maintenance", "valid dictionary"),
    ({"task": ""}, "maintenance", "unknown task ''"),
    ({"task": 7}, "7", "task"),
    ({"task": "tidy"}, "tidy", "unknown task 'tidy'; there are check_staleness, cleanup_rejects"),
    ({"task": "check_staleness", "reference_time": "soon"}, "check_staleness", "reference_time"),
    ({"task": "check_staleness", "reference_time": "2025-12-31T12:00:00"}, "check_staleness", "timezone"),
    ({"task": "check_staleness", "reference_time": "2999-01-01T00:00Z"}, "check_staleness", "in the future"),
    ({"task": "check_staleness", "scheduled_time": "2999-01-01T00:00Z"}, "check_staleness", "in the future"),
    ({"task": "migrate", "reference_time": "2999-01-01T00:00Z"}, "migrate", "in the future"),
    ({"task": "check_staleness", "when": "now"}, "check_staleness", "when"),
]


@pytest.mark.parametrize(("event", "job", "fault"), BAD)
def test_a_bad_event_is_an_error_and_a_failed_run(
    event: Any,
    job: str,
    fault: str,
    maintenance: Handle,
    conn: psycopg.Connection,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(EventInvalid, match=fault):
        maintenance(event)

    assert [run.job_name for run in job_runs.latest(conn)] == [job]
    [run] = runs(conn, job)
    assert run.status == "failed"
    assert run.error_text is not None and fault in run.error_text
    assert emitted(capsys.readouterr().out)["MaintenanceRefused"] == 1


@pytest.mark.parametrize(
    ("event", "job", "fault"),
    [
        ({}, "poller", "source: Field required"),
        ({"task": "check_staleness"}, "check_staleness", "source: Field required"),
        ({"source": "tides"}, "poll:tides", "unknown source 'tides'; there are mcfcd_gauge_list"),
    ],
)
def test_so_it_is_with_the_poller(
    event: Any, job: str, fault: str, poller: Handle, conn: psycopg.Connection
) -> None:
    with pytest.raises(EventInvalid, match=fault):
        poller(event)

    assert statuses(conn, job) == ["failed"]


def test_an_error_whose_run_cannot_be_written_is_still_the_error(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    conn.execute("DROP TABLE job_runs CASCADE")

    with pytest.raises(EventInvalid, match="unknown task"):
        maintenance({"task": "tidy"})


def test_a_migration_that_fails_is_a_failed_run_too(maintenance: Handle, conn: psycopg.Connection) -> None:
    conn.execute("UPDATE schema_migrations SET sha256 = repeat('0', 64) WHERE version = 2")
    with pytest.raises(Exception, match="was edited after it landed"):
        maintenance({"task": "migrate"})

    [failed] = runs(conn, "migrate")
    assert failed.status == "failed"
    assert failed.error_text is not None and failed.error_text.startswith("MigrationRefused: ")


def test_a_migration_records_its_run_afterwards_and_may_be_repeated(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    event = {"task": "migrate", "reference_time": "2026-01-01T00:00Z"}
    newest = len(load_migrations())
    for _ in range(2):
        assert maintenance(event) == {"applied": 0, "schema_version": newest}

    assert statuses(conn, "migrate") == ["succeeded", "succeeded"]
    assert runs(conn, "migrate")[0].metadata == {"applied": 0, "schema_version": newest}


def test_a_migration_whose_run_cannot_be_written_is_done_all_the_same(
    maintenance: Handle, conn: psycopg.Connection
) -> None:
    conn.execute("DROP TABLE job_runs CASCADE")

    assert maintenance({"task": "migrate"})["applied"] == 0


def test_the_poller_has_no_way_to_a_task() -> None:
    """Poller and maintenance are two functions: neither loads the other's code."""
    look = "import sys, app; print(*(name for name in sys.modules if name.startswith('gaugehouse.')))"
    loaded = {
        function: subprocess.run(
            [sys.executable, "-c", look],
            cwd=PROJECT_ROOT / "functions" / function,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for function in ("poller", "maintenance")
    }
    assert "gaugehouse.runtime.polls" in loaded["poller"]
    assert "gaugehouse.runtime.tasks" not in loaded["poller"]
    assert "gaugehouse.runtime.tasks" in loaded["maintenance"]
    assert "gaugehouse.runtime.polls" not in loaded["maintenance"]
