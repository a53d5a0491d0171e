"""The rain of a local day so far, by the counters of watched gauges: what is told, and what is certain."""

from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.live_rain import COUNTER_METHOD
from gaugehouse.domain.rainfall import RAINFALL
from gaugehouse.domain.series import INSTANTANEOUS, Series
from gaugehouse.sources.mcfcd.arizona_time import MOUNTAIN_STANDARD_TIME, day_start
from gaugehouse.store import partitions, series
from gaugehouse.store.connection import database_time
from gaugehouse.store.live_rainfall import rain_today
from tests.integration.store.records import add_gauge
from tests.integration.store.streams import one

DAY = date(2025, 8, 7)
NEW_YEAR = date(2025, 10, 1)
EVENING = {-6: 1.0, 0: 1.0}


@pytest.fixture(autouse=True)
def watched(conn: psycopg.Connection) -> None:
    add_gauge(conn, "59700")
    counter = Series(
        station_id="59700",
        parameter_code=RAINFALL,
        statistic=INSTANTANEOUS,
        method=COUNTER_METHOD,
        unit="in",
        source="mcfcd_tips",
    )
    series.upsert(conn, [counter])


def transmit(conn: psycopg.Connection, midnight: datetime, counters: dict[float, float]) -> None:
    """Store what the counter said so many hours after a midnight."""
    moments = {midnight + timedelta(hours=hour): counter for hour, counter in counters.items()}
    partitions.ensure(conn, partitions.months_of(moments))
    for moment, counter in moments.items():
        conn.execute(
            "INSERT INTO gauge_readings (series_id, approved, reading_time, value, modified_at) "
            "SELECT series_id, false, %s, %s, now() FROM series",
            (moment, counter),
        )


def so_far(conn: psycopg.Connection, hour: float, day: date = DAY) -> tuple[Any, Any]:
    """The rain until so many hours after the day's midnight, and whether it is certain."""
    moment = day_start(day) + timedelta(hours=hour)
    inches, unbroken, told_day = one(
        conn, "SELECT inches::float8, is_unbroken, reading_date FROM rain_until(%s)", moment
    )
    assert told_day == day
    return inches, unbroken


@pytest.mark.parametrize(
    ("counters", "hour", "expected"),
    [
        ({**EVENING, 6: 1.0}, 9, (0.0, True)),
        ({**EVENING, 3: 1.04, 6: 1.08, 8: 1.12}, 9, (0.12, True)),
        ({**EVENING, 3: 1.04, 12: 1.2}, 9, (0.04, True)),  # what comes later is not yet
        ({**EVENING}, 3, (0.0, True)),  # nothing since midnight, and nothing was due
        ({-2: 0.9, 4: 1.0}, 9, (0.1, True)),  # no heartbeat at midnight
        ({-6: 1.0, 6: 1.04}, 9, (0.04, False)),  # twelve hours without a transmission
        ({**EVENING, 6: 1.0}, 13.5, (0.0, False)),  # silent for more than seven hours now
        ({6: 1.0, 8: 1.04}, 9, (0.04, False)),  # nothing is known of the night
        ({6: 1.0}, 9, (None, False)),
        ({-20: 1.0}, 9, (None, False)),
        ({**EVENING, 3: 1.04, 6: 0.5, 8: 0.54}, 9, (0.08, False)),  # a counter that fell
    ],
)
def test_rain_so_far(
    counters: dict[float, float], hour: float, expected: tuple[Any, Any], conn: psycopg.Connection
) -> None:
    transmit(conn, day_start(DAY), counters)
    assert so_far(conn, hour) == expected


@pytest.mark.parametrize(
    ("counters", "expected"),
    [
        ({-6: 5.24, 0: 0.0, 6: 0.0, 8: 0.04}, (0.04, True)),
        ({-6: 5.24, -1: 5.28, 5.5: 0.08, 8: 0.12}, (0.12, True)),  # no heartbeat at midnight
        ({-6: 5.24, 0: 5.24, 6: 0.0, 8: 0.04}, (0.04, False)),  # it did not start again in time
        ({-6: 0.04, -1: 0.04, 5.5: 0.08, 8: 0.12}, (0.04, False)),  # 0.04 or 0.08 by half past five?
    ],
)
def test_the_counter_starts_again_on_1_october(
    counters: dict[float, float], expected: tuple[Any, Any], conn: psycopg.Connection
) -> None:
    transmit(conn, day_start(NEW_YEAR), counters)
    assert so_far(conn, 9, NEW_YEAR) == expected


def test_today_is_the_present_day_of_the_gauge_until_now(conn: psycopg.Connection) -> None:
    now = database_time(conn)
    transmit(conn, now, {-0.001: 2.0})

    reading_date, latest = one(conn, "SELECT reading_date, latest_reading_time FROM rain_today")

    assert reading_date == now.astimezone(MOUNTAIN_STANDARD_TIME).date()
    assert latest == now - timedelta(hours=0.001)
    assert rain_today(conn, "59700") is None, "one transmission tells of no rain"
    assert one(conn, "SELECT count(*) FROM rain_readings") == 0


def test_rain_of_today_is_told_of_the_gauge_that_is_asked_for(conn: psycopg.Connection) -> None:
    now = database_time(conn)
    midnight = day_start(now.astimezone(MOUNTAIN_STANDARD_TIME).date())
    since = (now - midnight) / timedelta(hours=1)
    transmit(conn, midnight, {-1: 2.0, since * 0.9: 2.04})

    today = rain_today(conn, "59700")

    assert today is not None
    assert (today.inches, today.latest_reading_time) == (0.04, midnight + timedelta(hours=since * 0.9))
    assert rain_today(conn, "1000") is None
