"""Two at once, and a lock that is lost in between."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from gaugehouse.domain.errors import LockLost
from gaugehouse.domain.import_jobs import FOPR, ImportRequest
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.wiring import Wiring
from gaugehouse.services.import_document import Worker, import_document
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse.sources.http import download_if_changed
from gaugehouse.store import locks
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from tests.conftest import Connect
from tests.integration.conftest import message
from tests.integration.faults.conftest import wait_for
from tests.integration.store.ledger import job_row, let_lock_expire


def test_of_importers_racing_for_one_gauge_one_does_the_work(
    wiring: Wiring, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    sandboxes = [Wiring() for _ in range(4)]
    start = threading.Barrier(len(sandboxes))

    def race(sandbox: Wiring) -> ImportOutcome:
        run = Run(wiring=sandbox, request_id=f"request-{id(sandbox)}", lock_ttl_seconds=60)
        sandbox.connection()
        start.wait()
        return import_message(message(station), run).outcome

    with ThreadPoolExecutor(len(sandboxes)) as pool:
        outcomes = list(pool.map(race, sandboxes))
    for sandbox in sandboxes:
        sandbox.connection().close()

    assert outcomes.count(ImportOutcome.IMPORTED) == 1
    assert set(outcomes) <= {ImportOutcome.IMPORTED, ImportOutcome.LOCK_HELD, ImportOutcome.ALREADY_DONE}
    assert len(agency.requests) == 1
    rows = conn.execute("SELECT count(*) FROM rain_readings").fetchone()
    assert rows == (job_row(conn, station)["import_stats"]["total_rows"],)


@pytest.mark.parametrize("taken_over", [False, True])
def test_an_import_whose_lock_is_lost_writes_nothing(
    taken_over: bool, run: Run, conn: psycopg.Connection, open_connection: Connect, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    lock_id = f"import:fopr:{station}"
    with ThreadPoolExecutor(1) as pool:
        with open_connection() as blocker, blocker.transaction():
            blocker.execute("LOCK TABLE source_documents IN EXCLUSIVE MODE")
            importing = pool.submit(import_message, message(station), run)
            wait_for(
                "importer is about to commit",
                lambda: conn.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
                    "AND wait_event_type = 'Lock' AND query LIKE '%INTO source_documents%'"
                ).fetchone(),
            )
            let_lock_expire(conn, lock_id)
            if taken_over:
                assert locks.acquire(conn, lock_id, worker_id="another", ttl_seconds=60) is not None
        with pytest.raises(LockLost):
            importing.result(timeout=30)

    assert conn.execute("SELECT count(*) FROM rain_readings").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM gauges").fetchone() == (0,)
    assert job_row(conn, station)["status"] == "in_progress", "its new owner, or the sweep, decides"


def test_a_read_time_out_is_a_failed_attempt(
    wiring: Wiring, run: Run, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    agency.order(".xlsx", Fault.timeout(), times=None)
    patient = wiring.document_kind(FOPR)
    url = f"{agency.url}/alert/Rain/FOPR/{station}_FOPR.xlsx"
    hasty = replace(
        patient,
        fetch=lambda _, etag, take_turn: download_if_changed(
            wiring.http, url, max_bytes=10**7, timeout=(1, 0.3), etag=etag
        ),
    )

    summary = import_document(
        ImportRequest(kind=FOPR, subject=station),
        conn=wiring.connection(),
        kind=hasty,
        archive=wiring.archive,
        worker=Worker(id="w", lock_ttl_seconds=60, retry_delays=(300.0,)),
    )

    assert summary.outcome is ImportOutcome.FAILED
    job = job_row(conn, station)
    assert job["next_retry_at"] is not None
    assert "SourceUnavailable" in job["error_message"] and url in job["error_message"]
