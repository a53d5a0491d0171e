"""Documents read from the archive: after a change of the parser, and files that an operator brings."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.import_jobs import FOPR, Kind
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.kinds import parser_versions
from gaugehouse.runtime.operations import operate
from gaugehouse.runtime.wiring import Wiring
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse.services.reparse_documents import reparse_documents
from gaugehouse.services.request_water_years import request_water_years
from gaugehouse_local.simulator import water_year_path
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.water_year_faults import BookFault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import Cloud
from tests.integration.services.importing import outcome, readings
from tests.integration.services.test_import_rain_books import YEAR, bring_year
from tests.integration.store.ledger import job_row


def reparse(conn: psycopg.Connection) -> dict[str, int]:
    found: dict[str, int] = operate("reparse", {}, conn=conn).answer["by_kind"]
    return found


def test_a_document_that_an_older_parser_has_read_is_read_again_without_a_download(
    run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    outcome(run, station)
    whole, asked = readings(conn, station), len(agency.requests)
    assert reparse(conn) == {}, "today's parser has read it"
    conn.execute("UPDATE rain_readings SET rainfall_inches = 9 WHERE rainfall_inches > 0")
    conn.execute("UPDATE source_documents SET parser_version = 0")

    assert reparse(conn) == {"fopr": 1}
    job = job_row(conn, station)
    assert (job["status"], job["priority"], job["source"]) == ("pending", 1, "reparse")
    fetched_at = conn.execute("SELECT fetched_at FROM source_documents").fetchone()
    assert outcome(run, station) is ImportOutcome.IMPORTED

    assert readings(conn, station) == whole
    assert len(agency.requests) == asked
    assert job_row(conn, station)["document_id"] is None
    assert conn.execute("SELECT fetched_at FROM source_documents").fetchone() == fetched_at
    assert reparse(conn) == {}, "once is enough"


def test_an_open_job_is_left_alone(run: Run, conn: psycopg.Connection, station: str) -> None:
    outcome(run, station)
    conn.execute("UPDATE source_documents SET parser_version = 0")
    conn.execute("UPDATE import_jobs SET status = 'pending', priority = 10")

    assert reparse(conn) == {}
    assert job_row(conn, station)["priority"] == 10


def test_a_plain_wish_downloads_whatever_was_to_be_read_again(
    run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    outcome(run, station)
    asked = len(agency.requests)
    conn.execute("UPDATE source_documents SET parser_version = 0")
    reparse(conn)

    operate("imports_request", {"kind": "fopr", "subjects": [station]}, conn=conn)

    assert outcome(run, station) is ImportOutcome.IMPORTED
    assert len(agency.requests) == asked + 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"kind": "usgs_daily"}, "only what had changed"),
        ({"kind": "fopr", "older_than": 99}, "the newest parser is version"),
    ],
)
def test_what_cannot_be_read_again_is_refused(
    arguments: dict[str, Any], said: str, conn: psycopg.Connection
) -> None:
    with pytest.raises(OperationRefused, match=said):
        operate("reparse", arguments, conn=conn)


def test_older_than_leaves_out_what_a_newer_parser_has_read(
    run: Run, conn: psycopg.Connection, station: str
) -> None:
    outcome(run, station)
    conn.execute("UPDATE source_documents SET parser_version = 2")
    versions = {**parser_versions(), Kind.FOPR: 3}

    older = reparse_documents(conn=conn, parser_versions=versions, older_than=2)
    assert older.reopened == 0
    assert reparse_documents(conn=conn, parser_versions=versions, kind=Kind.FOPR).by_kind == {FOPR: 1}


def offer(wiring: Wiring, content: bytes, *, last_modified: datetime | None = None, **more: Any) -> Any:
    """Bring a file as the command does."""
    download = Download(url="", content=content, etag=None, last_modified=None)
    key = wiring.archive.keep(download, kind="water_year", subject=f"{YEAR}", suffix=".xlsx")
    arguments = {
        "kind": "water_year",
        "subject": f"{YEAR}",
        "sha256": download.sha256,
        "s3_key": key,
        "size_bytes": len(content),
        "file_name": "from a disk.xlsx",
        "last_modified": last_modified and last_modified.isoformat(),
    }
    return operate("documents_offer", {**arguments, **more}, conn=wiring.connection()).answer


def workbook(publisher: ClimateAgency) -> bytes:
    document = publisher.document(water_year_path(YEAR))
    assert document is not None
    return document.content


def test_an_operators_file_is_imported_without_a_download(
    run: Run, wiring: Wiring, conn: psycopg.Connection, agency: Simulator, publisher: ClimateAgency
) -> None:
    assert offer(wiring, workbook(publisher), last_modified=datetime(2024, 1, 5, tzinfo=UTC)) == {
        f"{YEAR}": "pending"
    }
    assert conn.execute("SELECT outcome, parser_version FROM source_documents").fetchall() == [
        ("offered", None)
    ]

    assert bring_year(run).outcome is ImportOutcome.IMPORTED

    assert agency.requests == ()
    kept = conn.execute("SELECT outcome, document_date, url FROM source_documents").fetchall()
    assert kept == [("imported", date(2024, 1, 4), "file:from a disk.xlsx")]  # midnight UTC, in Arizona


def test_the_schedule_does_not_take_an_operators_file_away(
    run: Run, wiring: Wiring, conn: psycopg.Connection, agency: Simulator, publisher: ClimateAgency
) -> None:
    publisher.publish_water_year(YEAR, BookFault.REVISED)
    offer(wiring, workbook(publisher))
    job = job_row(conn, f"{YEAR}")
    request_water_years(conn=conn, reference_time=datetime(YEAR, 5, 1, tzinfo=UTC), count=1)

    assert job_row(conn, f"{YEAR}")["document_id"] == job["document_id"] is not None


def test_a_key_of_another_document_is_refused(wiring: Wiring, publisher: ClimateAgency) -> None:
    with pytest.raises(OperationRefused, match="not where the archive keeps"):
        offer(wiring, workbook(publisher), s3_key="fopr/59700/x.xlsx")


def test_a_file_that_is_no_workbook_is_final_and_the_next_wish_downloads(
    run: Run, wiring: Wiring, conn: psycopg.Connection
) -> None:
    offer(wiring, b"a letter to the editor")

    assert bring_year(run).outcome is ImportOutcome.FAILED
    assert job_row(conn, f"{YEAR}")["next_retry_at"] is None

    operate("imports_request", {"kind": "water_year", "subjects": [f"{YEAR}"]}, conn=conn)
    assert bring_year(run).outcome is ImportOutcome.IMPORTED


def test_what_the_archive_lost_or_changed_is_told(
    run: Run,
    wiring: Wiring,
    conn: psycopg.Connection,
    cloud: Cloud,
    aws: Callable[[str], Any],
    publisher: ClimateAgency,
) -> None:
    offer(wiring, workbook(publisher))
    (key,) = conn.execute("SELECT s3_key FROM source_documents").fetchone() or ("",)
    aws("s3").put_object(Bucket=cloud.bucket, Key=key, Body=b"something else")
    assert "is not what was put there" in (bring_year(run).error or "")

    aws("s3").delete_object(Bucket=cloud.bucket, Key=key)
    assert "the document archive has no" in (bring_year(run).error or "")


def test_the_reader_of_a_kind_is_the_one_whose_version_counts(wiring: Wiring) -> None:
    versions = {kind: wiring.document_kind(kind).parser_version for kind in parser_versions()}

    assert versions == parser_versions()


def test_a_kept_document_that_is_gone_takes_nothing_away(
    run: Run, conn: psycopg.Connection, station: str
) -> None:
    outcome(run, station)
    whole = readings(conn, station)
    conn.execute("UPDATE source_documents SET parser_version = 0, s3_key = 'fopr/gone.xlsx'")
    reparse(conn)

    assert outcome(run, station) is ImportOutcome.FAILED

    assert readings(conn, station) == whole
    assert job_row(conn, station)["next_retry_at"] is None
