"""The rule of the state, row by row, and that nothing of it moves backwards."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from gaugehouse.domain.measurements import Measurements
from gaugehouse.domain.series import DISCHARGE, STAGE
from gaugehouse.store import gauge_readings, monitoring_state, series
from gaugehouse.store.monitoring_state import StateCounts
from tests.conftest import Connect
from tests.integration.store.streams import (
    DAILY_ID,
    FLOW_ID,
    NOON,
    OTHER_SITE,
    SITE,
    STAGE_ID,
    Told,
    add_stream_gauge,
    described_series,
    make_partitions,
    measurements,
    one,
)

QUARTER = timedelta(minutes=15)
WINDOW = timedelta(hours=2)
EMPTY: Measurements[datetime] = Measurements()


@pytest.fixture(autouse=True)
def site(conn: psycopg.Connection) -> None:
    add_stream_gauge(conn, SITE, OTHER_SITE)


def answer(conn: psycopg.Connection, at: datetime, *told: Told, **options: Any) -> StateCounts:
    return monitoring_state.record_answer(
        conn,
        options.pop("station_ids", [SITE]),
        attempted_at=at,
        window_start=at - options.pop("window", WINDOW),
        measurements=measurements(*told) if told else EMPTY,
        **options,
    )


def stage_at(at: datetime, minutes_old: float, value: float = 1.5) -> Told:
    return Told(STAGE_ID, at - timedelta(minutes=minutes_old), value)


def state(conn: psycopg.Connection, parameter_code: str = STAGE, site: str = SITE) -> dict[str, Any]:
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(
            "SELECT * FROM usgs_raw.monitoring_state WHERE site_code = %s AND parameter_code = %s",
            (site, parameter_code),
        ).fetchone()
    assert row is not None
    return row


def verdict(conn: psycopg.Connection) -> tuple[Any, ...]:
    row = state(conn)
    return row["status"], row["status_reason"], row["consecutive_failures"], row["is_stale"]


ACTIVE = ("active", None, 0, False)
STALE = ("degraded", "stale", 0, True)


@pytest.mark.parametrize(
    ("ages", "window", "expected"),
    [
        ([0], 120, ACTIVE),
        ([-14], 120, ACTIVE),  # its clock is ahead of ours
        ([119, 5, 60], 120, ACTIVE),
        ([120], 120, ACTIVE),  # strictly older is stale, and the window includes its start
        ([120.001], 180, STALE),
        ([121], 120, ("offline", "no_data", 1, True)),  # outside the window: not in it, and stale as well
        ([], 120, ("offline", "no_data", 1, True)),
    ],
)
def test_the_rule(
    ages: list[float], window: float, expected: tuple[Any, ...], conn: psycopg.Connection
) -> None:
    told = [stage_at(NOON, age, value=age) for age in ages]

    answer(conn, NOON, *told, window=timedelta(minutes=window))

    assert verdict(conn) == expected
    row = state(conn)
    assert row["last_poll_attempted"] == row["last_poll_succeeded"] == NOON
    assert row["last_data_received"] == (NOON if expected[1] != "no_data" else None)
    newest = min(ages, default=None)
    assert row["latest_reading_value"] == newest
    assert row["latest_reading_time"] == (None if newest is None else NOON - timedelta(minutes=newest))


@pytest.mark.parametrize(("threshold", "expected"), [(29, STALE), (30, ACTIVE)])
def test_each_series_has_its_own_threshold(
    threshold: int, expected: tuple[Any, ...], conn: psycopg.Connection
) -> None:
    conn.execute("UPDATE series SET staleness_minutes = %s WHERE parameter_code = %s", (threshold, STAGE))

    answer(conn, NOON, stage_at(NOON, 30), Told(FLOW_ID, NOON - timedelta(minutes=31), 1.0))

    assert verdict(conn) == expected
    assert state(conn, DISCHARGE)["status"] == "active"


def test_a_request_that_failed_says_nothing_of_the_gauge(conn: psycopg.Connection) -> None:
    answer(conn, NOON, stage_at(NOON, 5))

    assert monitoring_state.record_failure(conn, [SITE], attempted_at=NOON + QUARTER) == StateCounts(
        active=0, degraded=0, offline=2
    )

    row = state(conn)
    assert (row["status"], row["status_reason"], row["consecutive_failures"]) == (
        "offline",
        "request_failed",
        1,
    )
    assert row["last_poll_attempted"] == NOON + QUARTER
    assert row["last_poll_succeeded"] == row["last_data_received"] == NOON
    assert row["latest_reading_time"] == NOON - timedelta(minutes=5)


def test_a_second_parameter_has_a_state_of_its_own_and_a_daily_series_none(conn: psycopg.Connection) -> None:
    series.upsert(conn, [described_series("second", method="downstream", is_primary=False)])

    counts = answer(conn, NOON, stage_at(NOON, 5), Told("second", NOON, 9.0), Told(DAILY_ID, NOON, 7.0))

    assert counts == StateCounts(active=1, degraded=0, offline=1)
    assert (state(conn)["latest_reading_value"], state(conn, DISCHARGE)["status"]) == (1.5, "offline")
    assert one(conn, "SELECT count(*) FROM monitoring_state") == 2


def test_only_what_was_asked_for_is_judged(conn: psycopg.Connection) -> None:
    other = Told(f"stage-of-{OTHER_SITE}", NOON, 1.0)

    answer(conn, NOON, stage_at(NOON, 5), other, parameter_codes=[STAGE])

    assert state(conn)["status"] == "active"
    assert state(conn, DISCHARGE)["status"] is None, "never polled is recognisable"
    assert state(conn, site=OTHER_SITE)["last_poll_attempted"] is None


@pytest.mark.parametrize("answered", [False, True])
def test_an_outage_of_four_polls(answered: bool, conn: psycopg.Connection) -> None:
    """Four attempts, no reading, four failures, offline; whether the agency is silent or has nothing."""
    make_partitions(conn)
    told = stage_at(NOON, 5)
    gauge_readings.merge(conn, measurements(told))
    answer(conn, NOON, told)
    attempts = []
    for number in range(1, 5):
        at = NOON + number * QUARTER
        if answered:
            gauge_readings.merge(conn, EMPTY)
            answer(conn, at)
        else:
            monitoring_state.record_failure(conn, [SITE], attempted_at=at)
        attempts.append((state(conn)["last_poll_attempted"], state(conn)["consecutive_failures"]))

    assert attempts == [(NOON + number * QUARTER, number) for number in range(1, 5)]
    row = state(conn)
    assert (row["status"], row["status_reason"]) == ("offline", "no_data" if answered else "request_failed")
    assert row["last_poll_succeeded"] == (NOON + 4 * QUARTER if answered else NOON)
    assert (row["last_data_received"], row["latest_reading_time"]) == (NOON, told.moment)
    assert one(conn, "SELECT count(*) FROM gauge_readings") == 1

    back = NOON + 5 * QUARTER
    answer(conn, back, stage_at(back, 5))
    assert verdict(conn) == ACTIVE
    assert state(conn)["last_poll_attempted"] == state(conn)["last_data_received"] == back


def test_a_poll_that_is_tried_again_counts_one_failure(conn: psycopg.Connection) -> None:
    for _ in range(3):
        monitoring_state.record_failure(conn, [SITE], attempted_at=NOON)
    assert state(conn)["consecutive_failures"] == 1

    answer(conn, NOON)  # the third try is answered, with nothing
    assert verdict(conn) == ("offline", "no_data", 1, True)

    answer(conn, NOON, stage_at(NOON, 5))
    assert verdict(conn) == ACTIVE


@pytest.mark.parametrize("order", list(permutations(["failure", "nothing", "data"])))
def test_of_several_tries_of_one_poll_the_best_counts(
    order: tuple[str, ...], conn: psycopg.Connection
) -> None:
    monitoring_state.record_failure(conn, [SITE], attempted_at=NOON - QUARTER)
    for outcome in order:
        if outcome == "failure":
            monitoring_state.record_failure(conn, [SITE], attempted_at=NOON)
        else:
            answer(conn, NOON, *([stage_at(NOON, 5)] if outcome == "data" else []))

    assert verdict(conn) == ACTIVE
    assert state(conn)["last_data_received"] == NOON


def test_an_older_poll_that_comes_late_changes_no_verdict_and_moves_nothing_back(
    conn: psycopg.Connection,
) -> None:
    answer(conn, NOON, stage_at(NOON, 5, value=2.0))
    before = state(conn)

    answer(conn, NOON - QUARTER, stage_at(NOON, 20, value=1.0))
    answer(conn, NOON - 2 * QUARTER)
    monitoring_state.record_failure(conn, [SITE], attempted_at=NOON - 3 * QUARTER)

    assert state(conn) == before


def test_a_late_answer_still_brings_its_facts(conn: psycopg.Connection) -> None:
    """The poll of 12:00 was slow, and that of 12:15 has failed before its answer is stored."""
    answer(conn, NOON - QUARTER, stage_at(NOON, 20, value=1.0))
    monitoring_state.record_failure(conn, [SITE], attempted_at=NOON + QUARTER)

    answer(conn, NOON, stage_at(NOON, 5, value=2.0))

    row = state(conn)
    assert (row["status_reason"], row["last_poll_attempted"]) == ("request_failed", NOON + QUARTER)
    assert (row["last_poll_succeeded"], row["last_data_received"]) == (NOON, NOON)
    assert (row["latest_reading_time"], row["latest_reading_value"]) == (NOON - timedelta(minutes=5), 2.0)


def test_the_newest_reading_never_moves_backwards_and_can_be_revised(conn: psycopg.Connection) -> None:
    answer(conn, NOON, stage_at(NOON, 0, value=2.0))

    answer(conn, NOON + QUARTER, stage_at(NOON, 30, value=1.0))
    assert (state(conn)["latest_reading_time"], state(conn)["latest_reading_value"]) == (NOON, 2.0)
    assert state(conn)["last_data_received"] == NOON + QUARTER

    answer(conn, NOON + 2 * QUARTER, stage_at(NOON, 0, value=2.2))
    assert (state(conn)["latest_reading_time"], state(conn)["latest_reading_value"]) == (NOON, 2.2)


def test_an_older_poll_does_not_undo_a_revision_of_the_newest_reading(conn: psycopg.Connection) -> None:
    answer(conn, NOON, stage_at(NOON, 30, value=2.0))

    answer(conn, NOON - QUARTER, stage_at(NOON, 30, value=1.0))

    assert state(conn)["latest_reading_value"] == 2.0


def test_a_reading_before_the_window_is_no_sign_of_life_but_is_the_newest_we_know(
    conn: psycopg.Connection,
) -> None:
    answer(conn, NOON, stage_at(NOON, 300, value=3.0), window=WINDOW)

    row = state(conn)
    assert (row["status_reason"], row["last_data_received"]) == ("no_data", None)
    assert row["latest_reading_value"] == 3.0


def test_a_site_that_is_polled_no_longer_is_not_counted_among_the_others(conn: psycopg.Connection) -> None:
    answer(conn, NOON, stage_at(NOON, 5))

    conn.execute("UPDATE poll_targets SET active = false WHERE station_id = %s", (SITE,))

    assert one(conn, "SELECT count(*) FROM usgs_raw.monitoring_state WHERE site_code = %s", SITE) == 0
    assert one(conn, "SELECT count(*) FROM monitoring_state") == 2, "what is known of it is kept"


def test_many_polls_at_once_end_with_the_newest(open_connection: Connect) -> None:
    """Also where all of them are the first one: two of them insert the same row."""
    connections = [open_connection() for _ in range(6)]
    start = threading.Barrier(len(connections))
    sites = [[SITE, OTHER_SITE], [OTHER_SITE, SITE]]

    def poll(number: int) -> None:
        at = NOON + number * QUARTER
        start.wait()
        answer(
            connections[number],
            at,
            Told(STAGE_ID, at, float(number)),
            Told(f"stage-of-{OTHER_SITE}", at, float(number)),
            station_ids=sites[number % 2],
        )

    with ThreadPoolExecutor(len(connections)) as pool:
        list(pool.map(poll, range(len(connections))))

    for site in (SITE, OTHER_SITE):
        row = state(connections[0], site=site)
        assert (row["last_poll_attempted"], row["latest_reading_value"]) == (NOON + 5 * QUARTER, 5.0)


def test_a_poll_that_waits_for_another_one_counts_on_from_it(open_connection: Connect) -> None:
    conn, other = open_connection(), open_connection()
    answer(conn, NOON - QUARTER, stage_at(NOON - QUARTER, 5))
    with ThreadPoolExecutor(1) as pool:
        with conn.transaction():
            monitoring_state.record_failure(conn, [SITE], attempted_at=NOON)
            second = pool.submit(monitoring_state.record_failure, other, [SITE], attempted_at=NOON + QUARTER)
            wait_until_blocked(conn, other)
        second.result(timeout=10)

    assert state(conn)["consecutive_failures"] == 2


def wait_until_blocked(conn: psycopg.Connection, other: psycopg.Connection) -> None:
    """Wait until the other session waits for a lock."""
    deadline = time.monotonic() + 10
    while not one(conn, "SELECT cardinality(pg_blocking_pids(%s))", other.info.backend_pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        "status = 'active', status_reason = 'stale'",
        "status = 'offline', status_reason = NULL",
        "status = 'degraded', status_reason = 'no_data', is_stale = true",
        "status = 'offline', status_reason = 'stale'",
        "is_stale = true",
        "consecutive_failures = 1",
        "last_poll_succeeded = last_poll_attempted + interval '1 s'",
        "latest_reading_time = NULL",
        "status = 'silent'",
    ],
)
def test_the_table_refuses_a_state_that_contradicts_itself(wrong: str, conn: psycopg.Connection) -> None:
    answer(conn, NOON, stage_at(NOON, 5))

    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute(f"UPDATE monitoring_state SET {wrong} WHERE status = 'active'".encode())


def test_a_poll_of_many_groups_is_planned_for_the_size_of_each(conn: psycopg.Connection) -> None:
    """A plan for any size takes a group for ten rows, and compares each of its series with every other."""
    for number in range(12):  # psycopg prepares the sixth, PostgreSQL keeps a plan from then on
        answer(conn, NOON + number * QUARTER, stage_at(NOON + number * QUARTER, 5))

    prepared = [row[0] for row in conn.execute("SELECT statement FROM pg_prepared_statements")]
    assert prepared, "what is small is prepared"
    assert not [statement for statement in prepared if "INSERT INTO monitoring_state" in statement]
