import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaugehouse.domain.rainfall import DailyRainfall, Quality, RainRecord
from gaugehouse.store import data_gaps, rain_readings, record_totals
from gaugehouse.store.rain_readings import MergeCounts
from tests.conftest import Connect
from tests.integration.store.records import DAY, STATION, add_gauge, gap, rain_record


@pytest.fixture(autouse=True)
def gauge(conn: psycopg.Connection) -> None:
    add_gauge(conn)


def stored(conn: psycopg.Connection) -> dict[int, Decimal]:
    rows = conn.execute("SELECT extract(day FROM reading_date)::int, rainfall_inches FROM rain_readings")
    return dict(rows.fetchall())


def merge(conn: psycopg.Connection, *records: RainRecord) -> MergeCounts:
    return rain_readings.merge(conn, records).counts


def row_versions(conn: psycopg.Connection) -> list[tuple[str]]:
    return conn.execute("SELECT xmin::text || ctid::text FROM rain_readings ORDER BY 1").fetchall()


def test_dry_is_a_row_with_zero_and_missing_is_no_row(conn: psycopg.Connection) -> None:
    merged = merge(conn, rain_record({1: 0.0, 2: 0.43307}, missing=[3]))

    assert merged == MergeCounts(inserted=2)
    assert stored(conn) == {1: Decimal("0.00000"), 2: Decimal("0.43307")}


def test_a_second_merge_touches_no_row(conn: psycopg.Connection) -> None:
    record = rain_record({day: day * 0.03937 for day in range(1, 31)})
    merge(conn, record)
    before = row_versions(conn)

    assert merge(conn, record) == MergeCounts(unchanged=30)
    assert row_versions(conn) == before


def test_only_what_differs_is_written(conn: psycopg.Connection) -> None:
    merge(conn, rain_record({1: 0.1, 2: 0.2}))

    merged = merge(conn, rain_record({1: 0.1, 2: 0.3, 3: 0.4}, written=date(2024, 3, 1)))

    assert merged == MergeCounts(inserted=1, revised=1, unchanged=1)
    assert stored(conn) == {1: Decimal("0.1"), 2: Decimal("0.3"), 3: Decimal("0.4")}


def test_a_number_that_turned_missing_is_withdrawn(conn: psycopg.Connection) -> None:
    merge(conn, rain_record({1: 0.1, 2: 0.2}))

    merged = merge(conn, rain_record({1: 0.1}, missing=[2], written=date(2024, 3, 1)))

    assert merged == MergeCounts(unchanged=1, withdrawn=1)
    assert stored(conn) == {1: Decimal("0.1")}


def test_a_day_of_which_the_document_says_nothing_stays(conn: psycopg.Connection) -> None:
    merge(conn, rain_record({1: 0.1, 2: 0.2}))

    merge(conn, rain_record({1: 0.1}, written=date(2024, 3, 1)))

    assert stored(conn) == {1: Decimal("0.1"), 2: Decimal("0.2")}


@pytest.mark.parametrize(
    ("source", "written", "wins"),
    [
        ("excel_WY_2024", date(2024, 3, 1), True),
        ("excel_WY_2024", date(2024, 1, 15), False),
        ("excel_WY_2024", date(2024, 2, 1), False),  # a tie goes to the full record
        ("fopr", date(2024, 2, 1), True),  # a source may revise itself on the same day
        ("fopr", date(2024, 1, 15), False),
    ],
)
def test_the_newer_document_wins(source: str, written: date, wins: bool, conn: psycopg.Connection) -> None:
    merge(conn, rain_record({1: 0.1, 2: 0.2}))

    merged = merge(conn, rain_record({1: 0.5}, missing=[2], source=source, written=written))

    assert merged == (
        MergeCounts(revised=1, withdrawn=1) if wins else MergeCounts(overruled=1, overruled_missing=1)
    )
    assert stored(conn) == ({1: Decimal("0.5")} if wins else {1: Decimal("0.1"), 2: Decimal("0.2")})


def test_the_full_record_wins_a_tie_when_it_comes_second(conn: psycopg.Connection) -> None:
    merge(conn, rain_record({1: 0.1}, source="excel_WY_2024"))

    assert merge(conn, rain_record({1: 0.5})) == MergeCounts(revised=1)


def test_a_change_of_quality_or_note_is_a_revision(conn: psycopg.Connection) -> None:
    merge(conn, rain_record({1: 0.1}))
    assigned = DailyRainfall(DAY, 0.1, Quality.ASSIGNED, "Assigned 3mm to 1/1")

    assert merge(conn, rain_record([assigned])) == MergeCounts(revised=1)
    row = conn.execute("SELECT quality, import_metadata FROM rain_readings").fetchone()
    assert row == ("assigned", {"note": "Assigned 3mm to 1/1"})


@pytest.mark.parametrize("bad", [-0.1, 1000.0])
def test_the_table_itself_refuses_what_is_no_rain(bad: float, conn: psycopg.Connection) -> None:
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.NumericValueOutOfRange)):
        merge(conn, rain_record({1: bad}))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tips=st.lists(st.integers(0, 380), min_size=1, max_size=31))
def test_no_sum_is_corrupted_by_rounding(tips: Sequence[int], conn: psycopg.Connection) -> None:
    """One tip is 0.03937 in: two decimals would lose a hundredth of it in every row."""
    conn.execute("TRUNCATE rain_readings, gauge_documents")
    merge(conn, rain_record({day: tip * 0.03937 for day, tip in enumerate(tips, start=1)}))

    (totals,) = record_totals.water_year_totals(conn, STATION, "fopr")
    assert totals.water_year == 2024
    assert totals.rows == len(tips)
    assert totals.total_inches == pytest.approx(sum(tips) * 0.03937, abs=1e-9)


def test_water_years_and_the_monsoon(conn: psycopg.Connection) -> None:
    edges = [
        (date(2023, 9, 30), 1.0),
        (date(2023, 10, 1), 2.0),
        (date(2024, 6, 14), 3.0),
        (date(2024, 6, 15), 4.0),
        (date(2024, 9, 30), 5.0),
        (date(2024, 10, 1), 6.0),
    ]
    merge(conn, rain_record([DailyRainfall(*edge) for edge in edges]))

    totals = {
        t.water_year: (t.rows, t.total_inches, t.monsoon_inches)
        for t in record_totals.water_year_totals(conn, STATION, "fopr")
    }
    assert totals == {2023: (1, 1.0, 1.0), 2024: (4, 14.0, 9.0), 2025: (1, 6.0, 0.0)}


def test_a_newer_document_replaces_its_sources_gaps(conn: psycopg.Connection) -> None:
    data_gaps.replace(conn, [rain_record({}, gaps=[gap(1, 3), gap(5, 6, notes="No rain fell")])])
    other_source = rain_record({}, source="excel_WY_2024", gaps=[gap(1, 3)])
    data_gaps.replace(conn, [other_source])

    touched = data_gaps.replace(conn, [rain_record({}, gaps=[gap(1, 4), gap(10, 11)])])

    assert touched == 3  # one gone, one revised, one new
    rows = conn.execute(
        "SELECT source, gap_start::date::text, gap_end::date::text FROM data_gaps "
        "ORDER BY source DESC, gap_start"
    )
    assert rows.fetchall() == [
        ("fopr", "2024-01-01", "2024-01-04"),
        ("fopr", "2024-01-10", "2024-01-11"),
        ("excel_WY_2024", "2024-01-01", "2024-01-03"),
    ]


def test_equal_gaps_are_not_written_again(conn: psycopg.Connection) -> None:
    record = rain_record({}, gaps=[gap(1, 3, quality_code=1), gap(5, 6)])
    data_gaps.replace(conn, [record])

    assert data_gaps.replace(conn, [record]) == 0


def test_two_writers_at_once_write_each_day_once(open_connection: Connect) -> None:
    """A workbook of the district and a gauge's own record can speak of the same days at the same time."""
    documents = [
        rain_record(dict.fromkeys(range(1, 31), 0.1), source="excel_WY_2024", written=date(2024, 1, 15)),
        rain_record(dict.fromkeys(range(1, 31), 0.2), written=date(2024, 2, 1)),
    ]
    connections = [open_connection() for _ in range(8)]
    start = threading.Barrier(len(connections))

    def write(conn: psycopg.Connection, record: RainRecord) -> MergeCounts:
        start.wait()
        return merge(conn, record)

    with ThreadPoolExecutor(len(connections)) as pool:
        merged = list(pool.map(write, connections, documents * 4))

    assert sum(counts.inserted for counts in merged) == 30
    rows = connections[0].execute("SELECT DISTINCT data_source, rainfall_inches::float8 FROM rain_readings")
    assert rows.fetchall() == [("fopr", 0.2)]
