import math
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.measurements import MeasuredSeries, Measurements
from gaugehouse.domain.polling import Window
from gaugehouse.domain.series import INSTANTANEOUS, STAGE
from gaugehouse.store import gauge_readings, series
from gaugehouse.store.merge_counts import MergeCounts
from tests.conftest import Connect
from tests.integration.store.streams import (
    DAILY_ID,
    FLOW_ID,
    NOON,
    SITE,
    STAGE_ID,
    Told,
    add_stream_gauge,
    described_series,
    make_partitions,
    measured_series,
    measurements,
    measurements_of,
    one,
    stage,
)

LATER = NOON + timedelta(hours=1)
STORED = """
SELECT extract(epoch FROM reading_time - '2026-08-07 12:00+00')::int / 60, value, qualifiers, approved
FROM gauge_readings ORDER BY series_id, reading_time
"""
VERSIONS = "SELECT tableoid::regclass::text, ctid::text, xmin::text FROM gauge_readings ORDER BY 1, 2"


@pytest.fixture(autouse=True)
def site(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn)
    make_partitions(conn)


def counts(inserted: int = 0, revised: int = 0, unchanged: int = 0, **others: Any) -> MergeCounts:
    return MergeCounts(inserted=inserted, revised=revised, unchanged=unchanged, **others)


def test_what_was_measured_is_stored_as_it_was_told(conn: psycopg.Connection) -> None:
    exact = datetime(2026, 8, 7, 18, 45, 0, 672769, tzinfo=UTC)
    told = [
        stage(0, -64.58, qualifiers="ICE,ESTIMATED", approved=True),
        stage(15, 0.0),
        Told(FLOW_ID, exact, 1e6 / 3, modified=exact),
    ]

    assert gauge_readings.merge(conn, measurements(*told)) == counts(inserted=3)

    stored = set(
        conn.execute(
            "SELECT upstream_series_id, reading_time, value, modified_at, array_to_string(qualifiers, ','), "
            "approved FROM gauge_readings JOIN series USING (series_id)"
        )
    )
    assert stored == set(told), "to the microsecond and to the last digit"


def test_storing_again_writes_nothing(conn: psycopg.Connection) -> None:
    response = measurements(*(stage(15 * n, n / 7) for n in range(200)), Told(FLOW_ID, NOON, 1.0))
    gauge_readings.merge(conn, response)
    before = conn.execute(VERSIONS).fetchall()

    assert gauge_readings.merge(conn, response) == counts(unchanged=201)
    assert conn.execute(VERSIONS).fetchall() == before


def test_only_what_differs_is_written(conn: psycopg.Connection) -> None:
    gauge_readings.merge(conn, measurements(*(stage(15 * n, 1.0) for n in range(4))))
    before = conn.execute(VERSIONS).fetchall()

    merged = gauge_readings.merge(
        conn,
        measurements(
            stage(0, 1.0),
            stage(15, 2.0, modified=LATER),
            stage(30, 1.0, modified=LATER, qualifiers="ICE"),
            stage(45, 1.0, modified=LATER, approved=True),
            stage(60, 1.0),
        ),
    )

    assert merged == counts(inserted=1, revised=3, unchanged=1)
    assert conn.execute(STORED).fetchall() == [
        (0, 1.0, None, False),
        (15, 2.0, None, False),
        (30, 1.0, ["ICE"], False),
        (45, 1.0, None, True),
        (60, 1.0, None, False),
    ]
    assert len(set(before) & set(conn.execute(VERSIONS).fetchall())) == 1


@pytest.mark.parametrize(
    ("second", "wins"),
    [
        (stage(0, 1.0, modified=LATER), True),
        (stage(0, 9.0, modified=NOON - timedelta(microseconds=1)), False),
        # Changed at the same time: the same one wins in whichever order they come.
        (stage(0, 5.1), True),
        (stage(0, 4.9), False),
        (stage(0, 4.9, approved=True), True),
        (stage(0, 5.0, qualifiers="ICE"), True),
    ],
)
def test_the_newer_value_wins_in_whichever_order_they_arrive(
    second: Told, wins: bool, conn: psycopg.Connection
) -> None:
    first = stage(0, 5.0)
    winner = second if wins else first
    expected = (winner.value, winner.modified, winner.approved)
    for order in ((first, second), (second, first)):
        conn.execute("TRUNCATE gauge_readings")
        for told in order:
            gauge_readings.merge(conn, measurements(told))
        assert one(conn, "SELECT value, modified_at, approved FROM gauge_readings") == expected


def test_a_newer_stamp_on_an_equal_value_is_kept_and_is_no_revision(conn: psycopg.Connection) -> None:
    gauge_readings.merge(conn, measurements(stage(0, 1.0)))
    received = one(conn, "SELECT received_at FROM gauge_readings")

    assert gauge_readings.merge(conn, measurements(stage(0, 1.0, modified=LATER))) == counts(unchanged=1)
    assert one(conn, "SELECT modified_at, received_at FROM gauge_readings") == (LATER, received)

    between = stage(0, 2.0, modified=NOON + timedelta(minutes=1))
    assert gauge_readings.merge(conn, measurements(between)) == counts(unchanged=1)
    gauge_readings.merge(conn, measurements(stage(0, 3.0, modified=LATER + timedelta(minutes=1))))
    assert one(conn, "SELECT value, received_at > %s FROM gauge_readings", received) == (3.0, True)


def test_every_measurement_is_accounted_for(conn: psycopg.Connection) -> None:
    series.upsert(conn, [described_series("second", method="downstream", is_primary=False)])
    told = [
        stage(0, 1.0),
        *(Told("second", NOON + timedelta(minutes=n), 2.0) for n in range(3)),
        *(Told("nobody", NOON + timedelta(minutes=n), 3.0, qualifiers="ICE") for n in range(4)),
        *(Told(DAILY_ID, NOON + timedelta(minutes=n), 4.0) for n in range(5)),
    ]

    merged = gauge_readings.merge(conn, measurements(*told))

    assert merged == counts(inserted=1, skipped_not_primary=3, unknown_series=9, unknown_stations=(SITE,)), (
        "a daily series is none of the instantaneous ones"
    )
    assert conn.execute(STORED).fetchall() == [(0, 1.0, None, False)]


def test_without_anything_to_store(conn: psycopg.Connection) -> None:
    assert gauge_readings.merge(conn, Measurements()) == counts()
    assert gauge_readings.merge(conn, Measurements((measured_series(STAGE_ID),))) == counts()


def test_two_names_of_one_series_in_one_response(conn: psycopg.Connection) -> None:
    whose = [measured_series(STAGE_ID), MeasuredSeries(SITE, STAGE, INSTANTANEOUS, "ft")]
    told = [stage(0, 1.0), stage(15, 1.0), stage(0, 2.0, modified=LATER), stage(15, 1.0)]

    merged = gauge_readings.merge(conn, measurements_of(whose, [0, 0, 1, 1], told))

    assert merged == counts(inserted=2, unchanged=2)
    assert conn.execute(STORED).fetchall() == [(0, 2.0, None, False), (15, 1.0, None, False)]


def test_months_and_batches_of_one_transaction(conn: psycopg.Connection) -> None:
    january = datetime(2025, 1, 31, 23, 59, tzinfo=UTC)
    make_partitions(conn, january, january + timedelta(minutes=1))
    with conn.transaction():
        for n in range(3):
            told = [Told(STAGE_ID, january + timedelta(minutes=n), 1.0), stage(n, 2.0)]
            assert gauge_readings.merge(conn, measurements(*told)) == counts(inserted=2)

    spread = conn.execute(
        "SELECT tableoid::regclass::text, count(*) FROM gauge_readings GROUP BY 1 ORDER BY 1"
    )
    assert spread.fetchall() == [
        ("gauge_readings_2025_01", 1),
        ("gauge_readings_2025_02", 2),
        ("gauge_readings_2026_08", 3),
    ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, -999_999.0, -999_000.0])
def test_the_table_itself_refuses_what_is_no_measurement(bad: float, conn: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="value_check"):
        gauge_readings.merge(conn, measurements(stage(0, 1.0), stage(15, bad)))

    assert conn.execute(STORED).fetchall() == [], "nor anything else of that response"
    assert gauge_readings.merge(conn, measurements(stage(0, 1.0))) == counts(inserted=1)


def test_many_writers_of_the_same_readings_at_once(open_connection: Connect) -> None:
    """Backfill and poll can bring the same readings, in another order: nobody fails, and the newest win."""
    connections = [open_connection() for _ in range(8)]
    start = threading.Barrier(len(connections))
    responses = []
    for number in range(len(connections)):
        modified = NOON + timedelta(minutes=number)
        told = [stage(n, number, modified=modified) for n in range(300)]
        told += [Told(FLOW_ID, NOON + timedelta(minutes=n), number, modified) for n in range(300)]
        responses.append(measurements(*(told if number % 2 else reversed(told))))

    def write(conn: psycopg.Connection, response: Measurements[datetime]) -> MergeCounts:
        start.wait()
        return gauge_readings.merge(conn, response)

    with ThreadPoolExecutor(len(connections)) as pool:
        merged = list(pool.map(write, connections, responses))

    assert sum(each.inserted for each in merged) == 600
    assert one(connections[0], "SELECT count(*), min(value), max(value) FROM gauge_readings") == (
        600,
        7.0,
        7.0,
    )


def test_the_extent_of_a_window(conn: psycopg.Connection) -> None:
    gauge_readings.merge(conn, measurements(stage(0, 1.0), stage(60 * 24, 2.0), Told(FLOW_ID, NOON, 3.0)))

    assert gauge_readings.extent(conn, SITE, Window(NOON, NOON + timedelta(days=2))) == (
        3,
        date(2026, 8, 7),
        date(2026, 8, 8),
    )
    assert gauge_readings.extent(conn, SITE, Window(LATER, LATER)) == (0, None, None)
