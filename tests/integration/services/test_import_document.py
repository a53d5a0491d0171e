"""The main job through the product's own wiring: a simulated agency, real PostgreSQL, S3 over HTTP."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.errors import EventInvalid, ImportBroken
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.wiring import Wiring
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse.store import locks, publication
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import Cloud, due_now, message
from tests.integration.store.ledger import job_row
from tests.integration.store.records import add_gauge


@pytest.fixture
def station(climate: Climate) -> str:
    return climate.gauges[0].station_id


def readings(conn: psycopg.Connection, station_id: str) -> dict[Any, float]:
    rows = conn.execute(
        "SELECT reading_date, rainfall_inches::float8 FROM rain_readings WHERE station_id = %s", (station_id,)
    )
    return dict(rows.fetchall())


def with_summary(**fields: object) -> str:
    """The body of a message whose summary has these fields."""
    summary = {"station_id": "59700", "gauge_name": "Aztec Park", **fields}
    return json.dumps({"kind": "fopr", "subject": "59700", "gauge_summary": summary})


def outcome(run: Run, station_id: str) -> ImportOutcome:
    return import_message(message(station_id), run).outcome


def test_the_whole_record_is_stored_and_proven(
    run: Run, conn: psycopg.Connection, climate: Climate, station: str
) -> None:
    record = climate.record(station)
    first, last = water_year_start(record.water_years[0]), water_year_end(record.water_years[-1])
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    truth = {day: inches for day in days if (inches := record.inches_on(day)) is not None}

    summary = import_message(message(station), run)

    assert summary.outcome is ImportOutcome.IMPORTED
    assert summary.mismatches == 0
    stored = readings(conn, station)
    assert stored == truth
    job = job_row(conn, station)
    assert (job["status"], job["source"], job["retry_count"]) == ("completed", "message", 0)
    stats = job["import_stats"]
    assert stats["rows_imported"] == stats["total_rows"] == len(stored)
    assert stats["date_range"] == [min(stored).isoformat(), max(stored).isoformat()]
    assert stats["mismatches"] == []
    assert stats["claims"] > 0
    assert all(year["agrees"] for year in stats["water_years"])


def test_the_document_is_kept_under_its_hash(
    run: Run, conn: psycopg.Connection, cloud: Cloud, aws: Callable[[str], Any], station: str
) -> None:
    outcome(run, station)

    row = conn.execute(
        "SELECT s3_key, sha256, size_bytes, outcome, etag IS NOT NULL, last_modified IS NOT NULL "
        "FROM source_documents"
    ).fetchone()
    assert row is not None
    key, sha256, size, result, *validators = row
    assert (key, result, validators) == (f"fopr/{station}/{sha256}.xlsx", "imported", [True, True])
    assert aws("s3").head_object(Bucket=cloud.bucket, Key=key)["ContentLength"] == size


def test_the_same_message_twice_works_once(
    run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    assert outcome(run, station) is ImportOutcome.IMPORTED
    asked = len(agency.requests)

    assert outcome(run, station) is ImportOutcome.ALREADY_DONE

    assert len(agency.requests) == asked


def test_an_unchanged_document_is_neither_sent_nor_parsed_again(
    run: Run, conn: psycopg.Connection, agency: Simulator, station: str
) -> None:
    outcome(run, station)
    before = conn.execute("SELECT max(xmin::text) FROM rain_readings").fetchone()
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")

    assert outcome(run, station) is ImportOutcome.UNCHANGED

    assert agency.requests[-1].status == 304
    assert conn.execute("SELECT max(xmin::text) FROM rain_readings").fetchone() == before
    job = job_row(conn, station)
    assert job["status"] == "completed"
    assert job["import_stats"]["rows_imported"] == 0
    assert job["import_stats"]["total_rows"] > 0


def test_lost_rows_come_back_although_the_document_is_unchanged(
    run: Run, conn: psycopg.Connection, station: str
) -> None:
    outcome(run, station)
    whole = readings(conn, station)
    conn.execute("DELETE FROM rain_readings WHERE rainfall_inches > 0")
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")

    assert outcome(run, station) is ImportOutcome.IMPORTED

    assert readings(conn, station) == whole


def test_a_newer_document_revises_and_withdraws(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, station: str
) -> None:
    outcome(run, station)
    before = readings(conn, station)
    publisher.publish(station, DocumentFault.REVISED)
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")

    summary = import_message(message(station), run)

    assert summary.outcome is ImportOutcome.IMPORTED
    assert summary.revised > 0
    assert summary.withdrawn == 1
    assert summary.mismatches == 0
    after = readings(conn, station)
    assert len(before) - len(after) == 1
    assert sum(after.get(day) != value for day, value in before.items()) == summary.revised + 1


def test_an_older_document_that_comes_later_changes_nothing(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, station: str
) -> None:
    publisher.publish(station, DocumentFault.REVISED)
    outcome(run, station)
    newer = readings(conn, station)
    stats = job_row(conn, station)["import_stats"]
    publisher.publish(station)
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")

    assert outcome(run, station) is ImportOutcome.SUPERSEDED

    assert readings(conn, station) == newer
    job = job_row(conn, station)
    assert job["status"] == "completed"
    assert job["import_stats"]["total_rows"] == stats["total_rows"]
    assert "superseded_document" in job["import_stats"]
    documents = conn.execute("SELECT outcome FROM source_documents ORDER BY id").fetchall()
    assert documents == [("imported",), ("superseded",)]


def test_a_date_in_the_future_does_not_make_a_document_the_newest_for_ever(
    wiring: Wiring, run: Run, conn: psycopg.Connection, station: str
) -> None:
    kind = wiring.document_kinds["fopr"]

    def mistyped(content: bytes, subject: str) -> FullRecord:
        document = kind.parse(content, subject)
        return replace(document, record=replace(document.record, document_date=date(2199, 1, 1)))

    wiring.document_kinds["fopr"] = replace(kind, parse=mistyped)
    assert outcome(run, station) is ImportOutcome.IMPORTED

    stored = conn.execute("SELECT document_date <= current_date + 1 FROM source_documents").fetchone()
    assert stored == (True,)
    assert any("2199" in warning for warning in job_row(conn, station)["import_stats"]["warnings"])


def test_the_summary_is_stored_and_never_replaces_a_newer_one(
    run: Run, conn: psycopg.Connection, station: str
) -> None:
    observed = datetime(2025, 12, 31, 21, 18, tzinfo=UTC)
    add_gauge(conn, station)
    conn.execute(
        "INSERT INTO gauge_summaries (station_id, gauge_name, rainfall_past_6h_inches, observed_at) "
        "VALUES (%s, 'A', 0.5, %s)",
        (station, observed),
    )

    def with_summary(when: datetime) -> str:
        return message(
            station,
            GaugeSummary(station_id=station, gauge_name="A", rainfall_past_6h_inches=0.1, observed_at=when),
        )

    import_message(with_summary(observed - timedelta(hours=1)), run)
    rain = "SELECT rainfall_past_6h_inches::float8 FROM gauge_summaries"
    assert conn.execute(rain).fetchone() == (0.5,)

    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")
    conn.execute("DELETE FROM rain_readings")  # so that the document is read again
    import_message(with_summary(observed + timedelta(hours=1)), run)
    assert conn.execute(rain).fetchone() == (0.1,)


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
    def broken(content: bytes, subject: str) -> FullRecord:
        raise ZeroDivisionError("a defect of ours")

    wiring.document_kinds["fopr"] = replace(wiring.document_kinds["fopr"], parse=broken)
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


def test_a_corrected_document_replaces_one_with_a_mistyped_future_date(
    wiring: Wiring, run: Run, conn: psycopg.Connection, station: str
) -> None:
    kind = wiring.document_kinds["fopr"]

    def mistyped(content: bytes, subject: str) -> FullRecord:
        document = kind.parse(content, subject)
        return replace(document, record=replace(document.record, document_date=date(2199, 1, 1)))

    wiring.document_kinds["fopr"] = replace(kind, parse=mistyped)
    assert outcome(run, station) is ImportOutcome.IMPORTED
    wiring.document_kinds["fopr"] = replace(kind, parser_version=99)  # the corrected document
    conn.execute("UPDATE fopr_import_jobs SET status = 'pending'")

    assert outcome(run, station) is ImportOutcome.IMPORTED


def test_we_say_who_we_are(run: Run, agency: Simulator, station: str) -> None:
    outcome(run, station)

    assert agency.requests[-1].user_agent == "Gaugehouse/0.1.0 (+https://gauges.example.org)"
