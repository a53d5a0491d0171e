"""Documents with faults in them: what is stored, what is rejected, what an operator can see."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from gaugehouse.domain.documents import Download, FullRecord
from gaugehouse.domain.import_jobs import FOPR
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.wiring import Wiring
from gaugehouse.services.document_kinds import DocumentKind
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from tests.integration.conftest import message
from tests.integration.services.importing import outcome
from tests.integration.store.ledger import job_row


def test_bad_cells_are_rejected_and_the_rest_is_stored(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, station: str
) -> None:
    publisher.publish(station, DocumentFault.TEXT_VALUE)

    summary = import_message(message(station), run)

    assert summary.outcome is ImportOutcome.IMPORTED
    assert summary.rejected == 1
    reject = conn.execute("SELECT source, reason, detail, raw FROM rejected_records").fetchone()
    assert reject is not None
    assert "trace" in reject[3]
    assert f"{station}_FOPR.xlsx" in reject[2] and "row" in reject[2]


def test_a_day_over_fifteen_inches_is_stored_as_suspect(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, station: str
) -> None:
    publisher.publish(station, DocumentFault.TWENTY_INCHES)

    outcome(run, station)

    rows = conn.execute(
        "SELECT rainfall_inches::float8 FROM rain_readings WHERE quality = 'suspect'"
    ).fetchall()
    assert len(rows) == 1 and rows[0][0] > 15


def test_a_wrong_footer_is_a_mismatch_an_operator_can_see(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, station: str
) -> None:
    publisher.publish(station, DocumentFault.WRONG_FOOTER)

    summary = import_message(message(station), run)

    assert summary.outcome is ImportOutcome.IMPORTED
    assert summary.mismatches == 1
    (mismatch,) = job_row(conn, station)["import_stats"]["mismatches"]
    assert mismatch["claimed_inches"] - mismatch["stored_inches"] == pytest.approx(1.0, abs=1e-4)
    assert "footer" in mismatch["place"]


def test_a_stale_sheet_is_left_out_and_reported(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, station: str
) -> None:
    publisher.publish(station, DocumentFault.STALE_SHEET)

    assert outcome(run, station) is ImportOutcome.IMPORTED

    (stale,) = job_row(conn, station)["import_stats"]["stale_sheets"]
    in_it = conn.execute(
        "SELECT count(*) FROM rain_readings WHERE extract(year FROM reading_date + interval '3 months') = %s",
        (int(stale["sheet"]),),
    ).fetchone()
    assert in_it == (0,)


def test_a_date_in_the_future_does_not_make_a_document_the_newest_for_ever(
    wiring: Wiring, run: Run, conn: psycopg.Connection, station: str
) -> None:
    mistype_the_date(wiring)
    assert outcome(run, station) is ImportOutcome.IMPORTED

    stored = conn.execute("SELECT document_date <= current_date + 1 FROM source_documents").fetchone()
    assert stored == (True,)
    assert any("2199" in warning for warning in job_row(conn, station)["import_stats"]["warnings"])


def mistype_the_date(wiring: Wiring) -> DocumentKind[FullRecord]:
    """Let workbooks state a date in 2199. Return how they are read rightly."""
    right = wiring.document_kind(FOPR)

    def mistyped(download: Download, subject: str, newest: date) -> FullRecord:
        document: FullRecord = right.parse(download, subject, newest)
        record = replace(document.record, document_date=date(2199, 1, 1))
        return replace(document, record=record).not_after(newest)

    wiring.document_kinds[FOPR] = replace(right, parse=mistyped)
    return right


def test_a_corrected_document_replaces_one_with_a_mistyped_future_date(
    wiring: Wiring, run: Run, conn: psycopg.Connection, station: str
) -> None:
    right = mistype_the_date(wiring)
    assert outcome(run, station) is ImportOutcome.IMPORTED
    wiring.document_kinds[FOPR] = replace(right, parser_version=99)  # the corrected document
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")

    assert outcome(run, station) is ImportOutcome.IMPORTED
