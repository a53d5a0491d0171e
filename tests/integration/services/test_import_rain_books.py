"""Documents about many gauges through the product's own wiring, as the simulated agency publishes them."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.operations import operate
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.water_year_faults import BookFault
from gaugehouse_local.simulator.server import Simulator
from tests.integration.services.importing import bring, readings
from tests.integration.store.ledger import job_row
from tests.integration.store.records import add_gauge

YEAR = 2023
AUGUST = date(2021, 8, 1)


def bring_year(run: Run) -> ImportSummary:
    return bring(Kind.WATER_YEAR, f"{YEAR}", run)


def bring_month(run: Run) -> ImportSummary:
    return bring(Kind.MONTHLY_PDF, f"{AUGUST:%Y-%m}", run)


def bring_record(station: str, run: Run) -> ImportSummary:
    return bring(Kind.FOPR, station, run)


def truth(climate: Climate, station: str, first: date, last: date) -> dict[date, float]:
    record = climate.record(station)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: inches for day in days if (inches := record.inches_on(day)) is not None}


def year_of(climate: Climate, station: str) -> dict[date, float]:
    return truth(climate, station, water_year_start(YEAR), water_year_end(YEAR))


def stats(conn: psycopg.Connection, subject: str) -> dict[str, Any]:
    found: dict[str, Any] = job_row(conn, subject)["import_stats"]
    return found


def versions(conn: psycopg.Connection) -> list[Any]:
    return conn.execute(
        "SELECT xmin::text || ctid::text FROM rain_readings UNION ALL "
        "SELECT xmin::text || ctid::text FROM gauge_documents UNION ALL "
        "SELECT xmin::text || ctid::text FROM data_gaps UNION ALL "
        "SELECT xmin::text || ctid::text FROM rain_footnotes ORDER BY 1"
    ).fetchall()


def test_a_water_year_is_stored_and_proven_for_every_gauge(
    run: Run, conn: psycopg.Connection, climate: Climate
) -> None:
    summary = bring_year(run)

    assert (summary.outcome, summary.mismatches) == (ImportOutcome.IMPORTED, 0)
    for gauge in climate.gauges:
        assert readings(conn, gauge.station_id) == year_of(climate, gauge.station_id)
    found = stats(conn, f"{YEAR}")
    rows = conn.execute("SELECT count(*) FROM rain_readings").fetchone()
    assert (found["total_rows"],) == (found["inserted"],) == rows
    assert found["claims"] > 0
    assert found["disagreements"] == []
    sources = conn.execute("SELECT DISTINCT data_source FROM rain_readings").fetchall()
    assert sources == [(f"excel_WY_{YEAR}",)]
    assert conn.execute("SELECT count(*) FROM rain_footnotes").fetchone() == (found["footnotes"],)


def test_gauges_not_known_get_a_row_and_the_wish_for_their_record_and_the_record_fills_it_in(
    run: Run, conn: psycopg.Connection, climate: Climate, station: str
) -> None:
    bring_year(run)

    minimal = "SELECT name, metadata_source FROM gauges WHERE station_id = %s"
    assert conn.execute(minimal, (station,)).fetchone() == (station, "water_year")
    assert station in stats(conn, f"{YEAR}")["gauges_added"]
    job = job_row(conn, station)
    assert (job["kind"], job["status"], job["source"]) == ("fopr", "pending", "water_year")

    bring_record(station, run)

    assert conn.execute(minimal, (station,)).fetchone() == (climate.gauges[0].name, "fopr")


def test_the_full_record_and_the_workbook_agree_day_by_day(
    run: Run, conn: psycopg.Connection, station: str
) -> None:
    bring_record(station, run)
    before = readings(conn, station)

    bring_year(run)

    found = stats(conn, f"{YEAR}")
    assert (found["disagreeing_days"], found["disagreements"]) == (0, [])
    assert readings(conn, station) == before


def test_disagreements_are_listed_and_are_no_mismatch_where_the_other_document_wins(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate
) -> None:
    for gauge in climate.gauges:
        bring_record(gauge.station_id, run)
    before = {gauge.station_id: readings(conn, gauge.station_id) for gauge in climate.gauges}
    publisher.publish_water_year(YEAR, BookFault.REVISED)  # older all the same than the full records

    summary = bring_year(run)

    found = stats(conn, f"{YEAR}")
    assert (found["disagreeing_days"], summary.mismatches) == (2, 0)
    more, missing = found["disagreements"]
    assert more["said_inches"] - more["other_inches"] == pytest.approx(2 * 0.03937, abs=1e-5)
    assert (missing["said_inches"], missing["other_source"]) == (None, "fopr")
    assert (found["overruled"], found["overruled_missing"]) == (1, 1)
    assert [station for station, _ in found["overruled_months"]] == [more["station_id"]]
    after = {gauge.station_id: readings(conn, gauge.station_id) for gauge in climate.gauges}
    assert after == before


def test_an_unchanged_workbook_is_not_parsed_and_a_reread_one_writes_nothing(
    run: Run, conn: psycopg.Connection, agency: Simulator
) -> None:
    bring_year(run)
    before = versions(conn)

    assert bring_year(run).outcome is ImportOutcome.UNCHANGED
    assert agency.requests[-1].status == 304

    conn.execute("UPDATE source_documents SET parser_version = 0")
    again = bring_year(run)
    assert (again.outcome, again.inserted, again.revised) == (ImportOutcome.IMPORTED, 0, 0)
    assert versions(conn) == before


def test_lost_rows_come_back(run: Run, conn: psycopg.Connection, climate: Climate, station: str) -> None:
    bring_year(run)
    conn.execute("DELETE FROM rain_readings WHERE rainfall_inches > 0")

    assert bring_year(run).outcome is ImportOutcome.IMPORTED
    assert readings(conn, station) == year_of(climate, station)


def test_a_newer_workbook_revises_and_withdraws(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    bring_year(run)
    publisher.publish_water_year(YEAR, BookFault.REVISED)

    summary = bring_year(run)

    assert (summary.revised, summary.withdrawn, summary.mismatches) == (1, 1, 0)


def test_a_month_from_a_pdf_gives_way_to_the_exact_values_of_a_workbook(
    run: Run, conn: psycopg.Connection, climate: Climate
) -> None:
    first, last = AUGUST, date(2021, 8, 31)
    stations = [gauge.station_id for gauge in climate.gauges if truth(climate, gauge.station_id, first, last)]
    assert bring_month(run).outcome is ImportOutcome.IMPORTED
    found = stats(conn, f"{AUGUST:%Y-%m}")
    assert found["mismatches"] == []
    for station in stations:
        exact = truth(climate, station, first, last)
        assert readings(conn, station) == {day: round(inches + 1e-9, 2) for day, inches in exact.items()}

    for station in stations:
        bring_record(station, run)
        record = truth(climate, station, first, last)
        assert {day: readings(conn, station)[day] for day in record} == record

    conn.execute("UPDATE source_documents SET parser_version = 0 WHERE source = 'monthly_pdf'")
    again = bring_month(run)
    assert (again.inserted, again.revised, again.withdrawn, again.mismatches) == (0, 0, 0, 0)
    assert stats(conn, f"{AUGUST:%Y-%m}")["disagreements"] == []


def test_a_former_id_means_the_gauge_that_has_it_now(
    run: Run, conn: psycopg.Connection, climate: Climate, station: str
) -> None:
    add_gauge(conn, "12345")
    conn.execute("UPDATE gauges SET previous_ids = %s WHERE station_id = '12345'", ([station],))

    bring_year(run)

    assert stats(conn, f"{YEAR}")["former_ids"] == {station: "12345"}
    assert readings(conn, "12345") == year_of(climate, station)
    assert readings(conn, station) == {}


def test_what_was_stored_under_an_id_that_turns_out_to_be_a_former_one_moves(
    run: Run, conn: psycopg.Connection, climate: Climate, station: str
) -> None:
    bring_year(run)
    assert readings(conn, station) == year_of(climate, station)
    add_gauge(conn, "12345")
    conn.execute("UPDATE gauges SET previous_ids = %s WHERE station_id = '12345'", ([station],))

    assert bring_year(run).outcome is ImportOutcome.IMPORTED

    assert readings(conn, "12345") == year_of(climate, station)
    left = "SELECT 1 FROM {} WHERE station_id = %s"
    for table in ("rain_readings", "data_gaps", "gauge_documents"):
        assert conn.execute(left.format(table).encode(), (station,)).fetchall() == []
    assert bring_year(run).outcome is ImportOutcome.UNCHANGED


def test_a_former_id_that_has_a_gauge_of_its_own_is_that_gauge(
    run: Run, conn: psycopg.Connection, climate: Climate, station: str
) -> None:
    add_gauge(conn, "12345")
    add_gauge(conn, station)
    conn.execute("UPDATE gauges SET previous_ids = %s WHERE station_id = '12345'", ([station],))

    bring_year(run)

    assert stats(conn, f"{YEAR}")["former_ids"] == {}
    assert readings(conn, station) == year_of(climate, station)


def test_a_misspelt_id_is_told_and_what_it_held_is_the_right_gauges(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate
) -> None:
    publisher.publish_water_year(YEAR, BookFault.ID_TYPO)

    bring_year(run)

    [(_, as_written, as_meant)] = stats(conn, f"{YEAR}")["repaired_ids"]
    assert readings(conn, as_meant) == year_of(climate, as_meant)
    assert readings(conn, as_written) == {}


@pytest.mark.parametrize("subject", ["23", "2023-01"])
def test_a_subject_that_is_no_water_year_is_final(subject: str, run: Run, conn: psycopg.Connection) -> None:
    assert bring(Kind.WATER_YEAR, subject, run).outcome is ImportOutcome.FAILED

    job = job_row(conn, subject)
    assert (job["status"], job["next_retry_at"]) == ("failed", None)
    assert "such as 2023" in job["error_message"]


def test_a_workbook_that_is_another_years_is_final_and_kept(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    publisher.publish_water_year(YEAR, BookFault.OTHER_YEAR)

    assert bring_year(run).outcome is ImportOutcome.FAILED

    assert job_row(conn, f"{YEAR}")["next_retry_at"] is None
    assert conn.execute("SELECT outcome FROM source_documents").fetchall() == [("invalid",)]
    assert conn.execute("SELECT count(*) FROM gauges").fetchone() == (0,)


def test_the_agency_is_down_and_back(run: Run, conn: psycopg.Connection, agency: Simulator) -> None:
    agency.order(".xlsx", Fault.status(503))

    assert bring_year(run).outcome is ImportOutcome.FAILED
    job = job_row(conn, f"{YEAR}")
    assert job["next_retry_at"] is not None

    agency.cancel_faults()
    assert bring_year(run).outcome is ImportOutcome.IMPORTED


def test_an_operator_asks_for_a_year_and_for_no_nonsense(conn: psycopg.Connection) -> None:
    answer = operate("imports_request", {"kind": "water_year", "subjects": ["2023"]}, conn=conn)

    assert answer.answer == {"2023": "pending"}
