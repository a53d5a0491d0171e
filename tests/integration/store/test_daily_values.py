import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest

from gaugehouse.domain.measurements import Measurements
from gaugehouse.store import daily_values
from gaugehouse.store.merge_counts import MergeCounts
from tests.conftest import Connect
from tests.integration.store.streams import (
    DAILY_ID,
    NOON,
    SITE,
    STAGE_ID,
    Told,
    add_stream_gauge,
    measurements,
    one,
)

DAY = date(1939, 10, 1)
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def site(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)


def daily(day: date, value: float, **more: object) -> Told:
    return Told(DAILY_ID, day, value, **more)  # type: ignore[arg-type]


def test_days_of_any_century_are_stored_as_they_were_told(conn: psycopg.Connection) -> None:
    told = [
        daily(date(1851, 10, 1), 8770.0, approved=True),
        daily(date(2024, 2, 29), 0.0, qualifiers="ESTIMATED,ICE"),
        daily(date(2024, 12, 31), -1.25),
    ]

    assert daily_values.merge(conn, measurements(*told)) == MergeCounts(inserted=3)

    stored = conn.execute(
        "SELECT upstream_series_id, reading_date, value, modified_at, array_to_string(qualifiers, ','), "
        "approved FROM daily_values JOIN series USING (series_id)"
    )
    assert set(stored) == set(told)


def test_only_the_newer_value_is_written(conn: psycopg.Connection) -> None:
    daily_values.merge(conn, measurements(daily(DAY, 1.0), daily(DAY + timedelta(1), 1.0)))

    merged = daily_values.merge(
        conn,
        measurements(
            daily(DAY, 2.0, modified=LATER),
            daily(DAY + timedelta(1), 2.0, modified=NOON - timedelta(1)),
            daily(DAY + timedelta(2), 1.0),
            Told(STAGE_ID, DAY, 5.0),
        ),
    )

    assert merged == MergeCounts(
        inserted=1, revised=1, unchanged=1, unknown_series=1, unknown_stations=(SITE,)
    ), "an instantaneous series is none of the daily ones"
    rows = conn.execute("SELECT value FROM daily_values ORDER BY reading_date").fetchall()
    assert rows == [(2.0,), (1.0,), (1.0,)]


def test_decades_twice(conn: psycopg.Connection) -> None:
    response = measurements(*(daily(DAY + timedelta(n), n / 3) for n in range(20_000)))
    assert daily_values.merge(conn, response) == MergeCounts(inserted=20_000)
    before = conn.execute("SELECT max(xmin::text::bigint) FROM daily_values").fetchall()

    assert daily_values.merge(conn, response) == MergeCounts(unchanged=20_000)
    assert conn.execute("SELECT max(xmin::text::bigint) FROM daily_values").fetchall() == before
    assert daily_values.extent(conn, SITE, first=DAY, last=date(1940, 9, 30)) == (
        366,
        DAY,
        date(1940, 9, 30),
    )


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -999_999.0])
def test_the_table_itself_refuses_what_is_no_measurement(bad: float, conn: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="value_check"):
        daily_values.merge(conn, measurements(daily(DAY, bad)))


def test_many_writers_of_the_same_days_at_once(open_connection: Connect) -> None:
    connections = [open_connection() for _ in range(6)]
    start = threading.Barrier(len(connections))

    def write(conn: psycopg.Connection, number: int) -> MergeCounts:
        told = [daily(DAY + timedelta(n), number, modified=NOON + timedelta(number)) for n in range(500)]
        response: Measurements[date] = measurements(*told)
        start.wait()
        return daily_values.merge(conn, response)

    with ThreadPoolExecutor(len(connections)) as pool:
        merged = list(pool.map(write, connections, range(6)))

    assert sum(each.inserted for each in merged) == 500
    assert one(connections[0], "SELECT count(*), min(value), max(value) FROM daily_values") == (500, 5.0, 5.0)
