"""Monthly and water-year rainfall: what a total is the total of, and that one gauge is read by its index."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from gaugehouse.domain.water_year import in_monsoon, water_year_of
from gaugehouse.store import gauge_record, rain_coverage
from gaugehouse.store.connection import connect
from gaugehouse_local.postgres import LocalPostgres
from tests.integration.store.plans import explain, nodes, ways_of
from tests.integration.store.records import STATION, add_gauge

INDEXED = {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}
INSERT = """
INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, quality, data_source, document_date)
VALUES (%s, %s, %s, %s, %s, '2026-01-01')
"""
INSERT_DOCUMENT = """
INSERT INTO gauge_documents (station_id, data_source, document_date, standing, told, missing)
VALUES (%s, %s, '2026-01-01', 3, '{}', %s)
"""
# Sixty gauges with twenty years, by gauge as imports write them.
NETWORK = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
    SELECT (10000 + n)::text, 'mcfcd', 'Gauge ' || n, 'America/Phoenix', 'test'
    FROM generate_series(1, 60) AS n;
INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, data_source, document_date)
    SELECT station_id, day::date, 0.03937, 'fopr', '2026-01-01'
    FROM gauges, generate_series('2000-10-01'::date, '2020-09-30', interval '1 day') AS day
    ORDER BY station_id, day
"""


def put(
    conn: psycopg.Connection,
    first: date,
    last: date,
    inches: float = 0.0,
    *,
    quality: str = "measured",
    source: str = "fopr",
) -> None:
    """The same value on each of these days."""
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    with conn.cursor() as cursor:
        cursor.executemany(INSERT, [(STATION, day, inches, quality, source) for day in days])


def call_missing(conn: psycopg.Connection, *spans: tuple[date, date], source: str = "fopr") -> None:
    """A document that calls these days missing, first and last of each span included."""
    missing = Multirange([Range(first, last, "[]") for first, last in spans])
    conn.execute(INSERT_DOCUMENT, (STATION, source, missing))


def years(conn: psycopg.Connection) -> dict[int, dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("SELECT * FROM water_year_rainfall").fetchall()
    return {row["water_year"]: row for row in rows}


def months(conn: psycopg.Connection) -> dict[date, dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("SELECT * FROM monthly_rainfall_summary").fetchall()
    return {row["month"]: row for row in rows}


def days_of(row: dict[str, Any]) -> tuple[int, int, int, int]:
    """Present, missing, before the record, untold."""
    return row["days_present"], row["days_missing"], row["days_before_record"], row["days_untold"]


def monsoon_of(stored: dict[date, Decimal]) -> Decimal | None:
    monsoon = [value for day, value in stored.items() if in_monsoon(day)]
    return sum(monsoon, Decimal()) if monsoon else None


def missing_in(first: date, last: date, outages: list[tuple[date, date]], stored: dict[date, Decimal]) -> int:
    """By walking through every day."""
    span = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return sum(day not in stored and any(start <= day <= end for start, end in outages) for day in span)


@pytest.fixture(autouse=True)
def gauge(request: pytest.FixtureRequest) -> None:
    if "conn" in request.fixturenames:
        add_gauge(request.getfixturevalue("conn"))


def test_a_whole_year_is_complete_and_its_totals_are_those_of_its_days(conn: psycopg.Connection) -> None:
    put(conn, date(2022, 10, 1), date(2023, 6, 14), 0.03937)
    put(conn, date(2023, 6, 15), date(2023, 9, 30), 0.0)
    conn.execute("UPDATE rain_readings SET rainfall_inches = 2.5 WHERE reading_date = '2023-08-01'")
    conn.execute("UPDATE rain_readings SET rainfall_inches = 0.004 WHERE reading_date = '2023-08-02'")

    row = years(conn)[2023]

    assert days_of(row) == (365, 0, 0, 0)
    assert (row["is_complete"], row["monsoon_is_complete"]) == (True, True)
    wet = (date(2023, 6, 14) - date(2022, 10, 1)).days + 1
    assert float(row["total_inches"]) == pytest.approx(wet * 0.03937 + 2.504)
    assert float(row["monsoon_inches"]) == pytest.approx(2.504)
    assert row["wet_days"] == wet + 1, "0.004 in is not measurable"
    assert (float(row["max_day_inches"]), row["max_day"]) == (2.5, date(2023, 8, 1))
    assert row["sources"] == ["fopr"]


def test_missing_untold_and_before_the_record_are_different_things(conn: psycopg.Connection) -> None:
    put(conn, date(2021, 11, 1), date(2022, 2, 28), 0.1)
    call_missing(conn, (date(2021, 10, 1), date(2021, 10, 31)), (date(2022, 3, 1), date(2022, 3, 31)))
    put(conn, date(2023, 12, 1), date(2024, 1, 31), 0.0, source="excel_WY_2024")
    call_missing(conn, (date(2023, 10, 1), date(2023, 11, 30)), source="excel_WY_2024")

    found = years(conn)

    assert days_of(found[2022]) == (120, 31, 31, 183)
    assert days_of(found[2023]) == (0, 0, 0, 365), "nobody imported it"
    assert days_of(found[2024]) == (62, 61, 0, 243)
    assert not any(row["is_complete"] for row in found.values())
    assert found[2023]["total_inches"] is None, "no value is not a dry year"
    assert found[2022]["monsoon_inches"] is None
    assert (found[2024]["max_day_inches"], found[2024]["max_day"]) == (0, None), "it never rained"
    assert found[2024]["sources"] == ["excel_WY_2024"]
    by_month = months(conn)
    assert (min(by_month), max(by_month), len(by_month)) == (date(2021, 11, 1), date(2024, 1, 1), 27)
    assert all(by_month[each]["is_complete"] for each in (date(2021, 11, 1), date(2024, 1, 1)))
    assert days_of(by_month[date(2022, 3, 1)]) == (0, 31, 0, 0)
    assert days_of(by_month[date(2023, 6, 1)]) == (0, 0, 0, 30)


def test_a_day_with_a_value_is_not_missing_whatever_another_document_says(conn: psycopg.Connection) -> None:
    put(conn, date(2023, 10, 1), date(2023, 12, 31))
    call_missing(conn, (date(2023, 12, 30), date(2024, 1, 2)))
    call_missing(conn, (date(2024, 1, 1), date(2024, 1, 3)), source="excel_WY_2024")

    assert days_of(years(conn)[2024]) == (92, 3, 0, 271)
    assert days_of(months(conn)[date(2023, 12, 1)]) == (31, 0, 0, 0)
    assert days_of(months(conn)[date(2024, 1, 1)]) == (0, 3, 0, 28)


def test_a_day_that_is_a_lower_bound_makes_its_total_incomplete(conn: psycopg.Connection) -> None:
    put(conn, date(2022, 10, 1), date(2023, 9, 29), 0.0)
    put(conn, date(2023, 9, 30), date(2023, 9, 30), 0.5, quality="incomplete")

    row = years(conn)[2023]

    assert (days_of(row), row["days_incomplete"]) == ((365, 0, 0, 0), 1)
    assert (row["is_complete"], row["monsoon_is_complete"]) == (False, False)
    assert months(conn)[date(2023, 9, 1)]["is_complete"] is False
    assert months(conn)[date(2023, 8, 1)]["is_complete"] is True


def test_the_record_reaches_as_far_as_a_document_calls_days_missing(conn: psycopg.Connection) -> None:
    put(conn, date(2023, 9, 1), date(2023, 9, 30))
    assert list(years(conn)) == [2023]

    call_missing(conn, (date(2023, 10, 1), date(2023, 10, 31)))

    assert days_of(years(conn)[2024]) == (0, 31, 0, 335)


def test_every_day_of_the_calendar_is_one_of_four(conn: psycopg.Connection) -> None:
    for first in range(0, 900, 13):  # with holes of every kind
        day = date(2019, 8, 20) + timedelta(days=first)
        put(conn, day, day + timedelta(days=first % 11), 0.01 * (first % 7))
    outages = [(date(2020, 3, 1), date(2020, 4, 20)), (date(2021, 9, 25), date(2021, 10, 5))]
    call_missing(conn, *outages)
    stored: dict[date, Decimal] = dict(
        conn.execute("SELECT reading_date, rainfall_inches FROM rain_readings").fetchall()
    )

    for row in years(conn).values():
        assert sum(days_of(row)) == (row["last_day"] - row["first_day"]).days + 1
        mine = {day: value for day, value in stored.items() if water_year_of(day) == row["water_year"]}
        assert (row["days_present"], row["total_inches"]) == (len(mine), sum(mine.values()))
        assert row["monsoon_inches"] == monsoon_of(mine)
        assert row["days_missing"] == missing_in(row["first_day"], row["last_day"], outages, stored)
    for month, row in months(conn).items():
        assert sum(days_of(row)) == ((month + timedelta(days=31)).replace(day=1) - month).days
        mine = {day: value for day, value in stored.items() if day.replace(day=1) == month}
        assert (row["days_present"], row["total_inches"] or 0) == (len(mine), sum(mine.values()))
        assert row["water_year"] == water_year_of(month)
        last_day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        assert row["days_missing"] == missing_in(month, last_day, outages, stored)
        assert row["monsoon_inches"] == monsoon_of(mine)


def test_a_gauge_without_a_value_has_no_totals(conn: psycopg.Connection) -> None:
    assert (years(conn), months(conn)) == ({}, {})


@pytest.fixture(scope="module")
def network(postgres: LocalPostgres, migrated_template: str) -> Iterator[psycopg.Connection]:
    url = postgres.create_database("rain_network", template=migrated_template)
    with connect(url, application_name="test") as conn:
        conn.execute(NETWORK)
        conn.execute("VACUUM ANALYZE")
        yield conn
    postgres.drop_database("rain_network")


@pytest.mark.parametrize("view", ["water_year_rainfall", "monthly_rainfall_summary"])
def test_one_gauge_is_read_by_its_index(network: psycopg.Connection, view: str) -> None:
    plan = explain(network, f"SELECT * FROM {view} WHERE station_id = '10007'", analyze=True)

    assert ways_of(plan, "rain_readings") <= INDEXED
    # The days of this gauge, once, and its first and its last.
    assert _rows_read(plan) <= 20 * 366 + 2


@pytest.mark.parametrize("view", ["water_year_rainfall", "monthly_rainfall_summary"])
def test_many_outages_do_not_make_every_day_slow(network: psycopg.Connection, view: str) -> None:
    """Cutting three hundred outages for each of seven thousand days took seconds."""
    outages = Multirange(
        [Range(date(2001, 1, 1) + timedelta(n), date(2001, 1, 3) + timedelta(n)) for n in range(0, 6000, 20)]
    )
    with network.transaction(force_rollback=True):
        network.execute(INSERT_DOCUMENT, ("10007", "fopr", outages))
        network.execute("SET LOCAL statement_timeout = '1500ms'")
        rows = network.execute(f"SELECT days_missing FROM {view} WHERE station_id = '10007'".encode())
        assert sum(missing for (missing,) in rows) == 0, "all of these days have values"


def test_one_water_year_of_all_gauges_reads_no_other(network: psycopg.Connection) -> None:
    plan = explain(network, "SELECT * FROM water_year_rainfall WHERE water_year = 2010", analyze=True)

    assert ways_of(plan, "rain_readings") <= INDEXED
    assert _rows_read(plan) <= 60 * (365 + 2)


def test_the_water_years_of_one_gauge_and_its_wettest_days_are_read_by_its_index(
    network: psycopg.Connection,
) -> None:
    for statement in (gauge_record.SELECT_WATER_YEARS, gauge_record.SELECT_WETTEST, gauge_record.SELECT_DAYS):
        where = {"station_id": "10007", "limit": 10, "after": date(2019, 1, 1)}
        assert ways_of(explain(network, statement, where), "rain_readings") <= INDEXED


def test_gauges_are_counted_by_water_year_without_reading_the_record(network: psycopg.Connection) -> None:
    plan = explain(network, rain_coverage.SELECT_GAUGES_BY_WATER_YEAR, analyze=True)

    assert ways_of(plan, "rain_readings") <= INDEXED
    assert _rows_read(plan) <= 60 * 22
    assert rain_coverage.gauges_by_water_year(network) == dict.fromkeys(range(2001, 2021), 60)


def _rows_read(plan: dict[str, Any]) -> int:
    return sum(
        round(node["Actual Rows"] * node["Actual Loops"])
        for node in nodes(plan)
        if node.get("Relation Name") == "rain_readings"
    )
