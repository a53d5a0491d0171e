"""Documents about many gauges, when a process is killed, a row is locked, or two come at once."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.domain.rainfall import DailyRainfall, RainRecord
from gaugehouse.runtime.import_queue import ImportMessage
from gaugehouse.store import rain_readings
from gaugehouse_local.simulator.climate import Climate
from tests.conftest import Connect
from tests.integration.conftest import due_now, message
from tests.integration.faults.conftest import Importer, wait_for
from tests.integration.store.ledger import job_row, let_lock_expire
from tests.integration.store.records import add_gauge, rain_record

YEAR = "2023"


def year_message() -> str:
    wish = ImportRequest(kind=Kind.WATER_YEAR, subject=YEAR)
    return ImportMessage.model_validate(wish, from_attributes=True).model_dump_json()


def count(conn: psycopg.Connection, table: bytes) -> int:
    row = conn.execute(b"SELECT count(*) FROM " + table).fetchone()
    assert row is not None
    return int(row[0])


def is_completed(conn: psycopg.Connection, subject: str) -> bool:
    found = conn.execute(
        "SELECT 1 FROM import_jobs WHERE subject = %s AND status = 'completed'", (subject,)
    ).fetchone()
    return found is not None


def test_killed_before_the_commit_no_gauge_has_half_a_year(
    importer: Importer, conn: psycopg.Connection
) -> None:
    with importer.stopped_at("LOCK TABLE source_documents IN ACCESS EXCLUSIVE MODE"):
        importer.send(year_message())
        wait_for(
            "claimed",
            lambda: conn.execute("SELECT 1 FROM import_jobs WHERE status = 'in_progress'").fetchone(),
        )
        importer.wait_until_stopped()
        importer.kill()
    for table in (b"rain_readings", b"gauges", b"gauge_documents", b"data_gaps", b"rain_footnotes"):
        assert count(conn, table) == 0

    let_lock_expire(conn, f"import:water_year:{YEAR}")
    wait_for(
        "death is counted",
        lambda: job_row(conn, YEAR)["status"] == "failed" or (importer.sweep() and None),
    )
    assert "died" in job_row(conn, YEAR)["error_message"]
    due_now(conn)
    importer.sweep()
    wait_for("imported", lambda: is_completed(conn, YEAR))

    assert count(conn, b"rain_readings") == job_row(conn, YEAR)["import_stats"]["total_rows"] > 0


def test_a_gauge_that_another_has_locked_is_waited_for(
    importer: Importer, conn: psycopg.Connection, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    add_gauge(conn, station)
    with importer.stopped_at(f"SELECT FROM gauges WHERE station_id = '{station}' FOR UPDATE"):
        importer.send(year_message())
        importer.wait_until_stopped()
        assert count(conn, b"rain_readings") == 0

    wait_for("imported", lambda: is_completed(conn, YEAR))


def test_two_who_import_the_same_year_at_once_import_it_once(
    importer: Importer, conn: psycopg.Connection, climate: Climate
) -> None:
    for _ in range(3):
        importer.send(year_message())
    importer.send(message(climate.gauges[0].station_id))

    wait_for(
        "imported", lambda: is_completed(conn, YEAR) and is_completed(conn, climate.gauges[0].station_id)
    )
    importer.wait_until_idle()

    imported = conn.execute(
        "SELECT count(*) FROM source_documents WHERE source = 'water_year' AND outcome = 'imported'"
    ).fetchone()
    assert imported == (1,)
    assert job_row(conn, YEAR)["import_stats"]["mismatches"] == []
    assert job_row(conn, YEAR)["error_history"] == {"errors": []}


@pytest.mark.parametrize("rounds", [5])
def test_documents_about_the_same_gauges_in_any_order_do_not_wait_in_a_circle(
    rounds: int, open_connection: Connect
) -> None:
    """Years and months in opposite orders of their gauges, and full records among them."""
    stations = [f"{number}" for number in range(1000, 1040)]
    connections = [open_connection() for _ in range(6)]
    for station in stations:
        add_gauge(connections[0], station)
    books = [
        [about(station, "excel_WY_2024", date(2024, 3, 1), 0.5) for station in stations],
        [about(station, "pdf_0124", date(2024, 1, 31), 0.25) for station in reversed(stations)],
        [about(station, "excel_WY_2024", date(2024, 2, 1), 0.75) for station in reversed(stations)],
        [about(stations[7], "fopr", date(2024, 2, 15), 0.1)],
        [about(stations[39], "fopr", date(2024, 2, 15), 0.1)],
        [about(stations[0], "live_scrape", date(2024, 1, 9), 0.2)],
    ]
    start = threading.Barrier(len(connections))

    def write(conn: psycopg.Connection, records: Sequence[RainRecord]) -> None:
        for _ in range(rounds):
            start.wait()
            rain_readings.merge(conn, records)

    with ThreadPoolExecutor(len(connections)) as pool:
        list(pool.map(write, connections, books))

    rows = (
        connections[0]
        .execute("SELECT DISTINCT rainfall_inches::float8, document_date FROM rain_readings")
        .fetchall()
    )
    assert rows == [(0.5, date(2024, 3, 1))]


def about(station_id: str, source: str, written: date, inches: float) -> RainRecord:
    days = [DailyRainfall(date(2024, 1, 1) + timedelta(days=number), inches) for number in range(31)]
    return replace(rain_record(days, source=source, written=written), station_id=station_id)
