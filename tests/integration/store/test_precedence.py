"""Who wins where several documents speak of one day, in every order in which they can come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import permutations
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gaugehouse.domain.precedence import Standing, standing_of
from gaugehouse.domain.rainfall import DailyRainfall, Quality, RainRecord
from gaugehouse.store import rain_readings
from gaugehouse.store.rain_readings import MergeCounts
from tests.integration.store.records import DAY, STATION, add_gauge, rain_record

Truth = dict[date, tuple[float, Quality]]

DAYS = [DAY + timedelta(days=number) for number in range(4)]
DATES = [date(2024, 1, day) for day in (29, 30, 31)]
EXACT = [0.0, 0.03937, 0.04, 0.07874, 0.5]
ROUNDED = [0.0, 0.04, 0.08, 0.5]
QUALITIES = [Quality.MEASURED, Quality.ESTIMATED]


@st.composite
def documents(draw: st.DrawFn) -> list[RainRecord]:
    """Two to four documents that speak of the same few days; no two of one source have one date."""
    kinds = draw(
        st.lists(
            st.sampled_from(
                [("fopr", DATES[0]), ("fopr", DATES[1]), ("fopr", DATES[2]), ("live_scrape", DATES[0])]
                + [(source, written) for source in ("excel_WY_2024", "pdf_0124") for written in DATES]
            ),
            min_size=2,
            max_size=4,
            unique=True,
        ).filter(lambda kinds: sum(source == "pdf_0124" for source, _ in kinds) <= 1)
    )
    return [draw(document(source, written)) for source, written in kinds]


@st.composite
def document(draw: st.DrawFn, source: str, written: date) -> RainRecord:
    standing = standing_of(source)
    days, missing = [], []
    for day in DAYS:
        said = draw(st.sampled_from(["number", "number", "missing", "nothing"]))
        if said == "number":
            inches = draw(st.sampled_from(ROUNDED if standing is Standing.PDF else EXACT))
            quality = Quality.MEASURED if standing is Standing.PDF else draw(st.sampled_from(QUALITIES))
            days.append(DailyRainfall(day, inches, quality))
        elif said == "missing" and standing is not Standing.LIVE:
            missing.append(day)
    return RainRecord(
        station_id="", data_source=source, document_date=written, days=tuple(days), missing=tuple(missing),
        gaps=(),
    )  # fmt: skip


def truth(told: Sequence[RainRecord]) -> Truth:
    """What must be stored in the end, told without looking at any order."""
    found: Truth = {}
    for day in DAYS:
        if winner := winning(told, day):
            found[day] = (winner.rainfall_inches, winner.quality)
    return found


def winning(told: Sequence[RainRecord], day: date) -> DailyRainfall | None:
    speaking = [each for each in told if day in each.missing or number(each, day)]
    official = [each for each in speaking if standing_of(each.data_source) is not Standing.LIVE]
    if not official:
        return number(speaking[0], day) if speaking else None
    newest = max(official, key=rank)
    books = [each for each in official if standing_of(each.data_source) is not Standing.PDF]
    if newest in books or not books:
        return number(newest, day)
    pdf, book = number(newest, day), number(max(books, key=rank), day)
    agrees = pdf and book and abs(pdf.rainfall_inches - book.rainfall_inches) <= 0.005
    return book if agrees else pdf


def rank(record: RainRecord) -> tuple[date, Standing]:
    return record.document_date, standing_of(record.data_source)


def number(record: RainRecord, day: date) -> DailyRainfall | None:
    return next((each for each in record.days if each.reading_date == day), None)


def stored(conn: psycopg.Connection) -> dict[str, Truth]:
    found: dict[str, Truth] = {}
    for station_id, day, inches, quality in conn.execute(
        "SELECT station_id, reading_date, rainfall_inches::float8, quality FROM rain_readings"
    ):
        found.setdefault(station_id, {})[day] = (inches, Quality(quality))
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=documents())
def test_the_order_in_which_documents_come_does_not_matter(
    told: list[RainRecord], conn: psycopg.Connection
) -> None:
    """Each order has a gauge of its own, so that one merge brings all of them a step further."""
    conn.execute("TRUNCATE gauges CASCADE")
    orders = {f"gauge{place}": order for place, order in enumerate(permutations(told))}
    for station_id in orders:
        add_gauge(conn, station_id)

    for step in range(len(told)):
        arriving = [replace(order[step], station_id=station_id) for station_id, order in orders.items()]
        counts = rain_readings.merge(conn, arriving).counts
        numbers = sum(len(record.days) for record in arriving)
        assert counts.inserted + counts.revised + counts.unchanged + counts.overruled == numbers

    found = stored(conn)
    assert [found.get(station_id, {}) for station_id in orders] == [truth(told)] * len(orders)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=documents())
def test_a_document_that_comes_again_changes_nothing(
    told: list[RainRecord], conn: psycopg.Connection
) -> None:
    conn.execute("TRUNCATE gauges CASCADE")
    add_gauge(conn)
    for record in told:
        rain_readings.merge(conn, [replace(record, station_id=STATION)])
    before = versions(conn)

    again = max(
        (record for record in told if standing_of(record.data_source) is not Standing.PDF),
        key=rank,
        default=told[0],
    )
    rain_readings.merge(conn, [replace(again, station_id=STATION)])

    assert versions(conn) == before


def versions(conn: psycopg.Connection) -> list[tuple[str]]:
    return conn.execute(
        "SELECT xmin::text || ctid::text FROM rain_readings UNION ALL "
        "SELECT xmin::text || ctid::text FROM gauge_documents ORDER BY 1"
    ).fetchall()


@pytest.fixture
def gauge(conn: psycopg.Connection) -> None:
    add_gauge(conn)


def merge(conn: psycopg.Connection, record: RainRecord) -> MergeCounts:
    return rain_readings.merge(conn, [record]).counts


def rows(conn: psycopg.Connection) -> list[tuple[Any, ...]]:
    return conn.execute(
        "SELECT extract(day FROM reading_date)::int, rainfall_inches::float8, data_source, document_date "
        "FROM rain_readings ORDER BY 1"
    ).fetchall()


END_OF_MONTH = date(2024, 1, 31)
pdf = partial(rain_record, source="pdf_0124", written=END_OF_MONTH)
early = partial(rain_record, source="fopr", written=date(2024, 1, 20))
late = partial(rain_record, source="excel_WY_2024", written=date(2024, 3, 1))


@pytest.mark.usefixtures("gauge")
def test_an_equal_value_keeps_its_row_and_its_source(conn: psycopg.Connection) -> None:
    merge(conn, early({1: 0.5}))

    assert merge(conn, late({1: 0.5})) == MergeCounts(unchanged=1)
    assert rows(conn) == [(1, 0.5, "fopr", date(2024, 1, 20))]


@pytest.mark.usefixtures("gauge")
def test_a_value_that_a_newer_document_confirmed_is_not_overruled_by_one_between(
    conn: psycopg.Connection,
) -> None:
    merge(conn, early({1: 0.5}))
    merge(conn, late({1: 0.5}))

    between = merge(conn, rain_record({1: 0.9}, source="fopr", written=date(2024, 2, 1)))

    assert between == MergeCounts(overruled=1)
    assert [row[1] for row in rows(conn)] == [0.5]


@pytest.mark.usefixtures("gauge")
def test_a_day_that_a_newer_document_withdrew_does_not_come_back(conn: psycopg.Connection) -> None:
    merge(conn, early({1: 0.5, 2: 0.0}))
    assert merge(conn, late({2: 0.0}, missing=[1])) == MergeCounts(withdrawn=1, unchanged=1)

    between = merge(conn, rain_record({1: 0.9}, source="fopr", written=date(2024, 2, 1)))

    assert between == MergeCounts(overruled=1)
    assert [row[0] for row in rows(conn)] == [2]


@pytest.mark.usefixtures("gauge")
def test_a_pdf_does_not_replace_the_exact_value_that_it_rounds(conn: psycopg.Connection) -> None:
    merge(conn, early({1: 0.03937, 2: 0.03937}))

    assert merge(conn, pdf({1: 0.04, 2: 0.05})) == MergeCounts(unchanged=1, revised=1)
    assert rows(conn) == [(1, 0.03937, "fopr", date(2024, 1, 20)), (2, 0.05, "pdf_0124", END_OF_MONTH)]


@pytest.mark.usefixtures("gauge")
def test_an_older_workbook_makes_the_value_of_a_pdf_exact(conn: psycopg.Connection) -> None:
    merge(conn, pdf({1: 0.04, 2: 0.05}))

    assert merge(conn, early({1: 0.03937, 2: 0.03937})) == MergeCounts(revised=1, overruled=1)
    assert [row[1:3] for row in rows(conn)] == [(0.03937, "fopr"), (0.05, "pdf_0124")]


@pytest.mark.usefixtures("gauge")
def test_a_live_value_gives_way_to_an_official_one_whatever_the_dates(conn: psycopg.Connection) -> None:
    live = rain_record({1: 0.1, 2: 0.2}, source="live_scrape", written=date(2024, 12, 1))
    merge(conn, live)

    assert merge(conn, early({1: 0.3}, missing=[2])) == MergeCounts(revised=1, withdrawn=1)
    assert merge(conn, live) == MergeCounts(overruled=2)
    assert [row[:3] for row in rows(conn)] == [(1, 0.3, "fopr")]


@pytest.mark.usefixtures("gauge")
def test_disagreements_name_day_source_and_both_values(conn: psycopg.Connection) -> None:
    merge(conn, early({1: 0.1, 2: 0.2, 3: 0.3, 5: 0.03937}, missing=[4]))

    merged = rain_readings.merge(conn, [late({1: 0.1, 2: 0.25, 4: 0.4}, missing=[3])])

    assert merged.disagreeing_days == 3
    assert [
        (each.reading_date.day, each.said_inches, each.other_inches, each.other_source)
        for each in merged.disagreements
    ] == [(2, 0.25, 0.2, "fopr"), (3, None, 0.3, "fopr"), (4, 0.4, None, "fopr")]
    rounded = rain_readings.merge(conn, [pdf({5: 0.04})])
    assert rounded.disagreeing_days == 0, "a PDF's number that rounds the other agrees with it"


@pytest.mark.usefixtures("gauge")
def test_a_month_of_which_a_winner_says_something_else_is_told(conn: psycopg.Connection) -> None:
    merge(conn, late({1: 0.1}, missing=[2]))

    agreeing = rain_readings.merge(conn, [early({1: 0.1})])
    overruled = rain_readings.merge(conn, [early({1: 0.1, 2: 0.2})])

    assert agreeing.overruled_months == frozenset()
    assert overruled.overruled_months == {(STATION, date(2024, 1, 1))}


@pytest.mark.usefixtures("gauge")
def test_documents_of_one_source_do_not_pile_up(conn: psycopg.Connection) -> None:
    for month in range(2, 8):
        merge(conn, rain_record({1: 0.1, 2: 0.2}, missing=[3], written=date(2024, month, 1)))

    assert conn.execute(
        "SELECT document_date, told::text, missing::text FROM gauge_documents"
    ).fetchall() == [(date(2024, 7, 1), "{[2024-01-01,2024-01-03)}", "{[2024-01-03,2024-01-04)}")]


@pytest.mark.usefixtures("gauge")
def test_two_records_of_one_gauge_are_refused(conn: psycopg.Connection) -> None:
    with pytest.raises(ValueError, match="one gauge"):
        rain_readings.merge(conn, [rain_record({1: 0.1}), rain_record({1: 0.2})])
