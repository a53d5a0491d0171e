from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from gaugehouse.domain.documents import GaugeList, RejectedRecord
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.services.discover_gauges import discover_gauges
from gaugehouse.sources.mcfcd.gauge_list import parse_gauge_list
from tests.real_files import MCFCD, requires_real_files

OBSERVED = datetime(2025, 12, 31, 21, 18, tzinfo=UTC)


def entry(station_id: str, name: str, rain: float | None = 0.0) -> GaugeSummary:
    return GaugeSummary(
        station_id=station_id,
        gauge_name=name,
        city_town="Arlington",
        elevation_ft=905,
        rainfall_past_6h_inches=rain,
        rainfall_past_24h_inches=rain,
        msp_forecast_zone="Palo Verde",
        general_location="2 mi. NW of Hassayampa",
        observed_at=OBSERVED,
    )


def listing(*entries: GaugeSummary, rejects: tuple[RejectedRecord, ...] = ()) -> GaugeList:
    return GaugeList(observed_at=OBSERVED, entries=entries, rejects=rejects)


def count(conn: psycopg.Connection, table: str) -> int:
    row = conn.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_a_gauge_of_which_only_a_book_had_told_is_described_by_its_entry(conn: psycopg.Connection) -> None:
    for station_id, source in {"44800": "monthly_pdf", "44801": "fopr"}.items():
        conn.execute(
            "INSERT INTO gauges (station_id, network, name, time_zone, metadata_source) "
            "VALUES (%s, 'mcfcd', 'as it was', 'America/Phoenix', %s)",
            (station_id, source),
        )

    summary = discover_gauges(listing(entry("44800", "Landfill"), entry("44801", "Dam")), conn=conn)

    assert summary.discovered == 0, "they were known"
    assert conn.execute("SELECT name, city, metadata_source FROM gauges ORDER BY station_id").fetchall() == [
        ("Landfill", "Arlington", "gauge_list"),
        ("as it was", None, "fopr"),
    ]


def test_a_new_gauge_gets_row_summary_and_job(conn: psycopg.Connection) -> None:
    summary = discover_gauges(listing(entry("44800", "Hassayampa Landfill", 0.12)), conn=conn)

    assert (summary.listed, summary.discovered, summary.summaries_updated) == (1, 1, 1)
    assert conn.execute(
        "SELECT station_id, network, name, city, elevation_ft, location, time_zone, metadata_source "
        "FROM gauges"
    ).fetchall() == [
        (
            "44800",
            "mcfcd",
            "Hassayampa Landfill",
            "Arlington",
            905.0,
            "2 mi. NW of Hassayampa",
            "America/Phoenix",
            "gauge_list",
        )
    ]
    job = conn.execute("SELECT kind, subject, status, source, gauge_summary FROM import_jobs").fetchone()
    assert job is not None
    assert job[:4] == ("fopr", "44800", "pending", "discovery")
    assert job[4]["rainfall_past_24h_inches"] == 0.12
    assert job[4]["observed_at"] == "2025-12-31T21:18:00+00:00"


def test_a_second_run_creates_nothing(conn: psycopg.Connection) -> None:
    gauges = listing(entry("1000", "A"), entry("1001", "B"))
    discover_gauges(gauges, conn=conn)

    again = discover_gauges(gauges, conn=conn)

    assert (again.discovered, again.summaries_updated) == (0, 0)
    assert (count(conn, "gauges"), count(conn, "gauge_summaries"), count(conn, "import_jobs")) == (2, 2, 2)


def test_a_known_gauge_gets_its_summary_only(conn: psycopg.Connection) -> None:
    discover_gauges(listing(entry("1000", "A")), conn=conn)
    conn.execute("UPDATE gauges SET city = 'from the full record'")
    conn.execute("UPDATE import_jobs SET priority = 5")
    later = replace(entry("1000", "A", 0.5), observed_at=OBSERVED + timedelta(hours=1))

    summary = discover_gauges(listing(later), conn=conn)

    assert (summary.discovered, summary.summaries_updated) == (0, 1)
    assert conn.execute("SELECT city FROM gauges").fetchone() == ("from the full record",)
    assert conn.execute("SELECT priority FROM import_jobs").fetchone() == (5,)
    assert conn.execute("SELECT rainfall_past_6h_inches::float FROM gauge_summaries").fetchone() == (0.5,)


def test_an_older_list_changes_no_summary(conn: psycopg.Connection) -> None:
    discover_gauges(listing(entry("1000", "A", 0.5)), conn=conn)
    older = replace(entry("1000", "A", 0.1), observed_at=OBSERVED - timedelta(hours=1))

    assert discover_gauges(listing(older), conn=conn).summaries_updated == 0
    assert conn.execute("SELECT rainfall_past_6h_inches::float FROM gauge_summaries").fetchone() == (0.5,)


def test_missing_rainfall_is_null_and_never_zero(conn: psycopg.Connection) -> None:
    summary = discover_gauges(listing(entry("1000", "A", None), entry("1001", "B", 0.0)), conn=conn)

    assert summary.without_rainfall == 1
    assert conn.execute(
        "SELECT station_id, rainfall_past_24h_inches FROM gauge_summaries ORDER BY 1"
    ).fetchall() == [("1000", None), ("1001", 0)]


def test_a_duplicate_id_with_another_name_is_rejected(conn: psycopg.Connection) -> None:
    first, typo = entry("44800", "Hassayampa Landfill", 0.1), entry("44800", "Buckeye FRS #3", 0.9)

    summary = discover_gauges(listing(first, typo), conn=conn)

    assert (summary.listed, summary.discovered, summary.rejected) == (2, 1, 1)
    assert conn.execute("SELECT name FROM gauges").fetchall() == [("Hassayampa Landfill",)]
    reject = conn.execute("SELECT source, reason, detail, raw FROM rejected_records").fetchone()
    assert reject is not None
    assert reject[:2] == ("mcfcd_gauge_list", "duplicate_station_id")
    assert "Hassayampa Landfill" in reject[2] and "Buckeye FRS #3" in reject[3]


def test_the_gauge_that_had_the_id_first_keeps_it_whatever_the_order(conn: psycopg.Connection) -> None:
    first, typo = entry("44800", "Hassayampa Landfill", 0.1), entry("44800", "Buckeye FRS #3", 0.9)
    discover_gauges(listing(first), conn=conn)
    later = OBSERVED + timedelta(hours=1)

    discover_gauges(listing(replace(typo, observed_at=later), replace(first, observed_at=later)), conn=conn)

    assert conn.execute("SELECT name FROM gauges").fetchall() == [("Hassayampa Landfill",)]
    assert conn.execute("SELECT rainfall_past_24h_inches::float FROM gauge_summaries").fetchall() == [(0.1,)]


def test_a_gauge_whose_full_record_spells_its_name_otherwise_keeps_its_id(conn: psycopg.Connection) -> None:
    first, typo = entry("44800", "Hassayampa Landfill", 0.1), entry("44800", "Buckeye FRS #3", 0.9)
    discover_gauges(listing(first), conn=conn)
    conn.execute("UPDATE gauges SET name = 'Hassayampa Lndfl.'")
    later = OBSERVED + timedelta(hours=1)

    summary = discover_gauges(
        listing(replace(typo, observed_at=later), replace(first, observed_at=later)), conn=conn
    )

    assert (summary.renamed, summary.rejected) == (0, 1)
    assert conn.execute("SELECT rainfall_past_24h_inches::float FROM gauge_summaries").fetchall() == [(0.1,)]


def test_a_list_from_the_future_is_refused(conn: psycopg.Connection) -> None:
    """`12/31/52` for `12/31/25` would freeze every summary for decades."""
    future = datetime.now(UTC) + timedelta(days=2)
    with pytest.raises(DocumentInvalid, match="still to come"):
        discover_gauges(replace(listing(entry("1000", "A")), observed_at=future), conn=conn)
    assert count(conn, "gauges") == 0


def test_the_same_row_twice_is_one_gauge_and_no_fault(conn: psycopg.Connection) -> None:
    summary = discover_gauges(listing(entry("1000", "A"), entry("1000", "A")), conn=conn)

    assert (summary.discovered, summary.rejected) == (1, 0)


def test_a_renamed_gauge_is_counted(conn: psycopg.Connection) -> None:
    discover_gauges(listing(entry("1000", "Old name")), conn=conn)

    assert discover_gauges(listing(entry("1000", "New name")), conn=conn).renamed == 1


def test_rejects_seen_again_count_up(conn: psycopg.Connection) -> None:
    reject = RejectedRecord(source="mcfcd_gauge_list", reason="unreadable_row", raw="?\0?", detail="line 12")
    discover_gauges(listing(entry("1000", "A"), rejects=(reject, reject)), conn=conn)
    discover_gauges(listing(entry("1000", "A"), rejects=(reject,)), conn=conn)

    assert conn.execute("SELECT reason, seen_count FROM rejected_records").fetchall() == [
        ("unreadable_row", 2)
    ]


def test_nothing_is_stored_of_a_gauge_when_its_job_cannot_be(conn: psycopg.Connection) -> None:
    """Row, summary and job are one transaction: a gauge without a job would never be imported."""
    conn.execute("ALTER TABLE import_jobs ADD CHECK (subject <> '1001')")

    with pytest.raises(psycopg.errors.CheckViolation):
        discover_gauges(listing(entry("1000", "A"), entry("1001", "B")), conn=conn)

    assert (count(conn, "gauges"), count(conn, "gauge_summaries"), count(conn, "import_jobs")) == (0, 0, 0)


@requires_real_files
def test_the_real_list(conn: psycopg.Connection) -> None:
    summary = discover_gauges(parse_gauge_list((MCFCD / "ev_rain.txt").read_bytes()), conn=conn)

    assert summary.listed == 378
    assert summary.discovered == 377
    assert summary.rejected == 1
    assert summary.without_rainfall == 4
    assert count(conn, "import_jobs") == 377
    assert conn.execute("SELECT name FROM gauges WHERE station_id = '44800'").fetchone() == (
        "Hassayampa Landfill",
    )
