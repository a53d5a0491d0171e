"""The agency does not answer, answers something else, or asks for patience."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import due_now, message
from tests.integration.services.importing import outcome, readings
from tests.integration.store.ledger import job_row
from tests.integration.store.records import add_gauge


def test_a_gauge_without_a_workbook_stays_visible_and_its_job_waits(
    run: Run, conn: psycopg.Connection
) -> None:
    add_gauge(conn, "99999")
    summary = import_message(message("99999"), run)

    assert summary.outcome is ImportOutcome.FAILED
    job = job_row(conn, "99999")
    assert (job["status"], job["retry_count"]) == ("failed", 1)
    assert "DocumentNotFound" in job["error_message"]
    wait = job["next_retry_at"] - datetime.now(UTC)
    assert timedelta(minutes=4, seconds=50) < wait < timedelta(minutes=6, seconds=1)
    assert conn.execute("SELECT count(*) FROM gauges WHERE station_id = '99999'").fetchone() == (1,)


def test_a_missing_workbook_is_final_after_three_retries(run: Run, conn: psycopg.Connection) -> None:
    for _ in range(4):
        assert outcome(run, "99999") is ImportOutcome.FAILED
        assert outcome(run, "99999") is ImportOutcome.NOT_DUE
        due_now(conn)

    job = job_row(conn, "99999")
    assert (job["status"], job["retry_count"], job["next_retry_at"]) == ("failed", 3, None)
    assert len(job["error_history"]["errors"]) == 4


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (DocumentFault.MISSING_META_STATS, "Meta_Stats"),
        (DocumentFault.OTHER_STATION, "99900"),
    ],
)
def test_a_document_that_cannot_be_right_is_final_at_once(
    fault: DocumentFault,
    error: str,
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    station: str,
) -> None:
    publisher.publish(station, fault)

    assert outcome(run, station) is ImportOutcome.FAILED

    job = job_row(conn, station)
    assert (job["status"], job["next_retry_at"]) == ("failed", None)
    assert error in job["error_message"] and f"{station}_FOPR.xlsx" in job["error_message"]
    assert readings(conn, station) == {}
    assert conn.execute("SELECT outcome FROM source_documents").fetchall() == [("invalid",)]


@pytest.mark.parametrize(
    "fault", [Fault.html(), Fault.empty(), Fault.truncated(5000), Fault.status(500), Fault.status(403)]
)
def test_a_bad_answer_is_retried_and_the_next_good_one_imported(
    fault: Fault, run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    agency.order(".xlsx", fault, times=None)
    assert outcome(run, station) is ImportOutcome.FAILED
    assert job_row(conn, station)["next_retry_at"] is not None
    assert readings(conn, station) == {}

    agency.cancel_faults()
    due_now(conn)
    assert outcome(run, station) is ImportOutcome.IMPORTED
    assert readings(conn, station)
    assert len(job_row(conn, station)["error_history"]["errors"]) == 1


@pytest.mark.parametrize(
    "fault", [Fault.replace(b"PK\x05\x06" + bytes(18)), Fault.replace(b"%PDF-1.7 no zip")]
)
def test_what_is_no_workbook_is_final(
    fault: Fault, run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    agency.order(".xlsx", fault)

    assert outcome(run, station) is ImportOutcome.FAILED
    assert job_row(conn, station)["next_retry_at"] is None


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_long_retry_after_makes_the_job_and_everybody_wait(
    form: str, run: Run, conn: psycopg.Connection, agency: Simulator, station: str, climate: Climate
) -> None:
    until = datetime.now(UTC) + timedelta(minutes=20)
    agency.order(
        station + "_FOPR.xlsx", Fault.too_many_requests(retry_after="1200" if form == "seconds" else until)
    )

    assert outcome(run, station) is ImportOutcome.FAILED

    wait = job_row(conn, station)["next_retry_at"] - datetime.now(UTC)
    assert timedelta(minutes=19) < wait < timedelta(minutes=24, seconds=1)
    other = climate.gauges[1].station_id
    asked = len(agency.requests)
    assert outcome(run, other) is ImportOutcome.DEFERRED
    assert len(agency.requests) == asked, "the agency told us to wait, so nobody asks"
    deferred = job_row(conn, other)
    assert (deferred["retry_count"], deferred["error_history"]["errors"]) == (0, [])
    assert deferred["next_retry_at"] is not None


def test_a_short_retry_after_is_waited_for_in_place(
    run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    agency.order(".xlsx", Fault.too_many_requests(retry_after="1"))

    assert outcome(run, station) is ImportOutcome.IMPORTED
    assert job_row(conn, station)["error_history"]["errors"] == []
