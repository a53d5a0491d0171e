"""A day's rain by the counter: what is certain, and what is not."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.live_rain import Tip, rain_of_day
from gaugehouse.sources.mcfcd.arizona_time import day_start
from gaugehouse.sources.mcfcd.tips import parse_tips
from tests.real_files import MCFCD, requires_real_files

DAY = date(2025, 8, 7)
QUIET: dict[float, float] = dict.fromkeys((-6.0, 0.0, 6.0, 12.0, 18.0, 24.0), 1.0)


def tips(counters: dict[float, float], day: date = DAY) -> list[Tip]:
    """Transmissions by their hour after the midnight that begins the day."""
    return [Tip(day_start(day) + timedelta(hours=hour), counters[hour]) for hour in sorted(counters)]


def rain(counters: dict[float, float], day: date = DAY) -> float | None:
    return rain_of_day(tips(counters, day), day, day_start)


@pytest.mark.parametrize(
    ("more", "inches"),
    [
        ({}, 0.0),
        ({13.5: 1.04, 13.6: 1.08, 18: 1.08, 24: 1.08}, 0.08),
        ({12: 1.04, 18: 1.12, 24: 1.12}, 0.12),  # a tip that was lost shows in the next counter
        ({24: 1.04}, 0.04),  # what midnight says fell before it
    ],
)
def test_an_unbroken_day_is_what_the_counter_grew(more: dict[float, float], inches: float) -> None:
    assert rain({**QUIET, **more}) == inches


def test_a_heartbeat_short_of_midnight_will_do() -> None:
    """The step from 0.9 ends in this day, and the one to 1.2 tomorrow."""
    assert rain({-2: 0.9, 4.9: 1.04, 11: 1.04, 17.5: 1.08, 24.4: 1.2}) == 0.18


@pytest.mark.parametrize(
    "without",
    [(-6, 0), (0, 6), (6,), (18, 24), (24,)],
    ids=["begins too late", "no edge in the morning", "a hole", "ends too soon", "not over yet"],
)
def test_a_day_with_a_hole_or_an_open_end_is_not_certain(without: tuple[int, ...]) -> None:
    assert rain({hour: value for hour, value in QUIET.items() if hour not in without}) is None


def test_seven_hours_are_just_not_too_long() -> None:
    assert rain({0: 1.0, 7: 1.0, 14: 1.0, 21: 1.0, 28: 1.0}) == 0
    assert rain({0: 1.0, 7.01: 1.0, 14: 1.0, 21: 1.0, 28: 1.0}) is None


def test_nothing_is_certain_of_nothing() -> None:
    assert rain({}) is None


def test_a_counter_that_falls_on_any_other_day_was_tampered_with() -> None:
    assert rain({**QUIET, 12: 0.0, 18: 0.0, 24: 0.0}) is None


@pytest.mark.parametrize(
    ("counters", "last", "first"),
    [
        ({18: 5.24, 24: 0.0, 30: 0.0}, 0.0, 0.0),
        ({18: 5.28, 24: 0.0, 30: 0.04}, 0.04, 0.04),
        ({18: 5.24, 23: 5.28, 25: 0.04, 30: 0.04}, 0.04, 0.04),  # no heartbeat at midnight
        ({18: 5.24, 24: 5.24, 30: 0.0}, None, None),  # it did not start again: or passed where it stood
        ({-6: 0, 0: 0, 6: 0, 12: 0, 18: 0, 24: 0.04, 30: 0.04}, 0.04, 0.0),  # a year without rain
    ],
)
def test_the_counter_starts_again_on_1_october(
    counters: dict[float, float], last: float | None, first: float | None
) -> None:
    before: dict[float, float] = dict.fromkeys((-6.0, 0.0, 6.0, 12.0), 5.24)
    after: dict[float, float] = dict.fromkeys((36.0, 42.0, 48.0), counters[30])
    told = tips({**before, **counters, **after}, date(2025, 9, 30))

    assert rain_of_day(told, date(2025, 9, 30), day_start) == last
    assert rain_of_day(told, date(2025, 10, 1), day_start) == first


@requires_real_files
def test_the_real_page_adds_up_to_its_counter_and_not_to_its_increments() -> None:
    content = (MCFCD / "showdata4_59700.html").read_bytes()
    record = parse_tips(content, station_id="59700", not_after=datetime(2026, 1, 1, tzinfo=UTC))
    days = [date(2025, 9, 14) + timedelta(days=n) for n in range(31)]
    totals = {day: rain_of_day(record.tips, day, day_start) for day in days}

    october = {day: inches for day, inches in totals.items() if day.month == 10 and inches is not None}
    assert round(sum(october.values()), 2) == 1.85, "the displayed increments add up to 1.88"
    assert (totals[date(2025, 9, 30)], totals[date(2025, 10, 1)]) == (0.0, 0.0), "and not 5.24 or -5.24"
    open_days = {day for day, inches in totals.items() if inches is None}
    assert date(2025, 9, 14) in open_days, "the page begins in it"
    assert date(2025, 10, 14) in open_days, "it is not over"
    heartbeats_lost = {date(2025, 9, day) for day in (15, 18, 20)} | {date(2025, 10, 4)}
    assert heartbeats_lost <= open_days


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_days_add_up_to_the_counter(data: st.DataObject) -> None:
    """Over unbroken days their rain is the whole growth of the counter, wherever its steps are."""
    steps = data.draw(st.lists(st.tuples(st.integers(1, 4 * 86_400), st.integers(1, 3)), max_size=20))
    moments = {60 * 60 * 6 * n for n in range(17)} | {second for second, _ in steps}
    told = [
        Tip(day_start(DAY) + timedelta(seconds=moment), _counter(steps, moment)) for moment in sorted(moments)
    ]
    days = [rain_of_day(told, DAY + timedelta(days=n), day_start) for n in range(4)]

    assert None not in days
    assert sum(day for day in days if day) == pytest.approx(told[-1].counter_inches, abs=0.001)


def _counter(steps: Iterable[tuple[int, int]], moment: int) -> float:
    return round(sum(0.04 * count for second, count in steps if second <= moment), 2)
