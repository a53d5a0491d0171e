"""Messages: malformed, doubled, meeting a held lock, coming back after a defect of ours."""

import json
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from gaugehouse.domain.documents import Download, FullRecord
from gaugehouse.domain.errors import EventInvalid, ImportBroken
from gaugehouse.domain.import_jobs import FOPR
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.wiring import Wiring
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse.store import locks, publication
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import message
from tests.integration.services.importing import outcome
from tests.integration.store.ledger import job_row


def with_summary(**fields: object) -> str:
    """The body of a message whose summary has these fields."""
    summary = {"station_id": "59700", "gauge_name": "Aztec Park", **fields}
    return json.dumps({"kind": "fopr", "subject": "59700", "gauge_summary": summary})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("not json", "body"),
        ("{}", "kind"),
        ('{"kind": "fopr", "subject": "../../etc"}', "subject"),
        ('{"kind": "weather", "subject": "59700"}', "kind"),
        (
            '{"kind": "fopr", "subject": "59700", "gauge_summary": {"gauge_name": "x"}}',
            "gauge_summary.station_id",
        ),
    ],
)
def test_a_malformed_message_names_its_field(
    body: str, field: str, run: Run, conn: psycopg.Connection
) -> None:
    with pytest.raises(EventInvalid, match=field):
        import_message(body, run)
    assert conn.execute("SELECT count(*) FROM import_jobs").fetchone() == (0,)


def test_an_error_that_nobody_foresaw_is_in_the_ledger_and_its_message_goes_to_the_dead_letters(
    wiring: Wiring, run: Run, conn: psycopg.Connection, station: str
) -> None:
    def broken(download: Download, subject: str, newest: date) -> FullRecord:
        raise ZeroDivisionError("a defect of ours")

    wiring.document_kinds[FOPR] = replace(wiring.document_kind(FOPR), parse=broken)
    with pytest.raises(ZeroDivisionError):
        import_message(message(station), run)
    job = job_row(conn, station)
    assert job["next_retry_at"] is not None
    assert job["error_message"] == "ZeroDivisionError: a defect of ours"

    with pytest.raises(ImportBroken, match="a defect of ours"):
        import_message(message(station), run, redelivered=True)
    assert import_message(message(station), run).outcome is ImportOutcome.NOT_DUE, "its retry will come"


def test_a_message_that_meets_a_held_lock_is_sent_again_when_the_lock_is_free(
    run: Run, conn: psycopg.Connection, station: str
) -> None:
    conn.execute("INSERT INTO import_jobs (subject) VALUES (%s)", (station,))
    assert len(publication.take_due(conn, max_in_flight=10)) == 1
    lock = locks.acquire(conn, f"import:fopr:{station}", worker_id="another", ttl_seconds=60)
    assert lock is not None

    assert outcome(run, station) is ImportOutcome.LOCK_HELD

    assert publication.take_due(conn, max_in_flight=10) == [], "not at once, to the same held lock"
    left = conn.execute("SELECT published_at + interval '45 min' - now() FROM import_jobs").fetchone()
    assert left is not None and timedelta(seconds=50) < left[0] < timedelta(seconds=70)


def test_the_same_message_twice_works_once(
    run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    assert outcome(run, station) is ImportOutcome.IMPORTED
    asked = len(agency.requests)

    assert outcome(run, station) is ImportOutcome.ALREADY_DONE

    assert len(agency.requests) == asked
