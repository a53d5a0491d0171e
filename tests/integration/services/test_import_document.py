"""The main job through the product's own wiring: a simulated agency, real PostgreSQL, S3 over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.runtime.imports import import_message
from gaugehouse.runtime.invocation import Run
from gaugehouse.services.import_outcome import ImportOutcome
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.conftest import Cloud, message
from tests.integration.services.importing import outcome, readings
from tests.integration.store.ledger import job_row
from tests.integration.store.records import add_gauge


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
    # Days before the first number are missed by nobody.
    assert stats["missing_days"] == (max(stored) - min(stored)).days + 1 - len(stored)
    assert stats["before_record_days"] == (min(stored) - first).days > 0
    assert sum(year["missing_days"] for year in stats["water_years"]) == stats["missing_days"]
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


def test_we_say_who_we_are(run: Run, agency: Simulator, station: str) -> None:
    outcome(run, station)

    assert agency.requests[-1].user_agent == "Gaugehouse/0.1.0 (+https://gauges.example.org)"
