"""What an operator pauses stands still, is seen to, and goes on by itself."""

import psycopg
import pytest

from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse.store import publication
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import message
from tests.integration.runtime.conftest import Handle, emitted
from tests.integration.store.history import runs
from tests.integration.store.ledger import job_row

NO_METRICS = pytest.mark.filterwarnings("ignore:No application metrics to publish")


def pause(conn: psycopg.Connection, name: str) -> None:
    conn.execute("INSERT INTO pauses (name, reason) VALUES (%s, 'flood')", (name,))


def end(conn: psycopg.Connection) -> None:
    """Let every pause come to its end, as time does."""
    conn.execute("UPDATE pauses SET paused_at = now() - interval '1 h', resumes_at = now() - interval '1 s'")


@NO_METRICS
def test_a_paused_source_is_not_asked(
    poller: Handle,
    conn: psycopg.Connection,
    agency: Simulator,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pause(conn, "source:mcfcd_gauge_list")
    event = {"source": "mcfcd_gauge_list", "scheduled_time": "2026-01-01T12:00:00Z"}

    assert poller(event) == {"skipped": "paused: flood"}

    assert agency.requests == ()
    [skipped] = runs(conn, "poll:mcfcd_gauge_list")
    assert (skipped.status, skipped.error_text) == ("skipped", "paused: flood")
    assert "PollMcfcdGaugeListSucceeded" not in emitted(capsys.readouterr().out)

    end(conn)
    assert poller(event)["listed"] > 0
    assert runs(conn, "poll:mcfcd_gauge_list")[-1].status == "succeeded"


@NO_METRICS
def test_one_paused_task_does_not_hold_the_others(maintenance: Handle, conn: psycopg.Connection) -> None:
    pause(conn, "task:cleanup_rejects")

    assert maintenance({"task": "cleanup_rejects"}) == {"skipped": "paused: flood"}
    assert maintenance({"task": "check_staleness"}) == {"turned_stale": 0, "turned_fresh": 0}


def test_a_pause_is_part_of_the_status(maintenance: Handle, conn: psycopg.Connection) -> None:
    pause(conn, "imports")

    status = maintenance({"task": "operate", "operation": "status"})["answer"]

    assert [(each["name"], each["reason"]) for each in status["pauses"]] == [("imports", "flood")]
    assert status["state"]["pauses"] == 1


def test_paused_imports_are_not_sent_and_what_is_under_way_is_acknowledged_and_due_afterwards(
    maintenance: Handle, run: Run, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    conn.execute(
        "INSERT INTO import_jobs (subject, source) VALUES (%s, 'discovery'), ('77777', 'discovery')",
        (station,),
    )
    conn.execute("UPDATE import_jobs SET published_at = now() WHERE subject = %s", (station,))
    pause(conn, "imports")

    swept = maintenance({"task": "requeue_imports"})
    assert (swept["published"], swept["paused"]) == (0, 1)
    assert import_message(message(station), run).outcome is ImportOutcome.PAUSED
    assert agency.requests == ()
    assert (job_row(conn, station)["status"], job_row(conn, station)["retry_count"]) == ("pending", 0)

    end(conn)
    due = [job.request.subject for job in publication.take_due(conn, max_in_flight=10)]
    assert sorted(due) == sorted([station, "77777"])
    assert import_message(message(station), run).outcome is ImportOutcome.IMPORTED


def test_a_wish_that_comes_as_a_message_only_outlives_the_pause(
    run: Run, conn: psycopg.Connection, climate: Climate
) -> None:
    """Its message is acknowledged: without a row in the ledger nobody would know of it any more."""
    station = climate.gauges[0].station_id
    pause(conn, "imports")

    assert import_message(message(station), run).outcome is ImportOutcome.PAUSED

    job = job_row(conn, station)
    assert (job["status"], job["source"]) == ("pending", "message")
    end(conn)
    assert [job.request.subject for job in publication.take_due(conn, max_in_flight=10)] == [station]
