"""The importer, a real process, is killed wherever it hurts.

After each: no reading lost, none twice, no job stuck.
"""

import psycopg

from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import due_now, message
from tests.integration.faults.conftest import Importer, wait_for
from tests.integration.store.ledger import job_row


def rows(conn: psycopg.Connection) -> int:
    row = conn.execute("SELECT count(*) FROM rain_readings").fetchone()
    assert row is not None
    return int(row[0])


def test_killed_before_the_commit_nothing_is_stored_and_the_next_try_stores_all(
    importer: Importer, conn: psycopg.Connection, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    with importer.stopped_at("LOCK TABLE source_documents IN ACCESS EXCLUSIVE MODE"):
        importer.send(message(station))
        wait_for(
            "claimed",
            lambda: conn.execute("SELECT 1 FROM import_jobs WHERE status = 'in_progress'").fetchone(),
        )
        importer.wait_until_stopped()
        importer.kill()
    assert rows(conn) == 0
    assert conn.execute("SELECT count(*) FROM gauges").fetchone() == (0,)
    assert job_row(conn, station)["status"] == "in_progress"

    importer.let_its_lock_expire(station)
    wait_for(
        "death is counted",
        lambda: job_row(conn, station)["status"] == "failed" or (importer.sweep() and None),
    )
    assert "died" in job_row(conn, station)["error_message"]
    due_now(conn)
    importer.sweep()
    wait_for("imported", lambda: job_row(conn, station)["status"] == "completed")

    assert rows(conn) == job_row(conn, station)["import_stats"]["total_rows"] > 0
    assert job_row(conn, station)["import_stats"]["mismatches"] == []
    importer.wait_until_idle()


def test_killed_between_commit_and_acknowledgement_the_work_is_not_done_twice(
    importer: Importer, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    conn.execute(
        "INSERT INTO job_locks (id, worker_id, locked_at, expires_at) "
        "VALUES ('publish:imports', 'gone', now() - interval '2 min', now() - interval '1 min')"
    )
    # The publication that follows each import needs this row: there the importer stands after its commit.
    with importer.stopped_at("SELECT 1 FROM job_locks WHERE id = 'publish:imports' FOR UPDATE"):
        importer.send(message(station))
        wait_for("committed", lambda: rows(conn) and job_row(conn, station)["status"] == "completed")
        importer.wait_until_stopped()
        importer.kill()
    stored = rows(conn)
    downloads = len(agency.requests)
    completed_at = job_row(conn, station)["completed_at"]

    importer.wait_until_idle()  # the message comes back, and is acknowledged

    assert rows(conn) == stored
    assert len(agency.requests) == downloads
    assert job_row(conn, station)["completed_at"] == completed_at
    assert importer.stack.queue_depth("ImportDeadLetterQueue") == (0, 0)


def test_a_document_that_kills_its_importer_every_time_ends_as_failed(
    importer: Importer, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    agency.order(".xlsx", Fault.timeout(), times=None)
    importer.send(message(station))
    for attempt in range(1, 5):
        wait_for(f"attempt {attempt} downloads", lambda: len(agency.requests) >= attempt)  # noqa: B023
        importer.kill()
        importer.let_its_lock_expire(station)
        importer.sweep()
        wait_for(
            f"attempt {attempt} is counted",
            lambda: len(job_row(conn, station)["error_history"]["errors"]) >= attempt,  # noqa: B023
        )
        due_now(conn)
        importer.sweep()

    job = job_row(conn, station)
    assert (job["status"], job["next_retry_at"], job["retry_count"]) == ("failed", None, 3)
    assert [error["attempt"] for error in job["error_history"]["errors"]] == [1, 2, 3, 4]
    importer.wait_until_idle()
    assert len(agency.requests) == 4, "a fifth delivery must not try again"
