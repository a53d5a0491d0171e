"""When schedules are due, against what AWS's user guide says of its expressions."""

from datetime import UTC, datetime, timedelta

import pytest

from gaugehouse.domain.schedule_expression import parse_schedule


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _due(expression: str, start: str, end: str, created: str = "2000-01-01") -> list[str]:
    due = parse_schedule(expression).due_between(_utc(start), _utc(end), created=_utc(created))
    return [f"{time:%Y-%m-%d %H:%M}" for time in due]


@pytest.mark.parametrize(
    ("expression", "start", "end", "expected"),
    [
        ("cron(15 10 * * ? *)", "2026-07-01", "2026-07-03", ["2026-07-01 10:15", "2026-07-02 10:15"]),
        ("cron(0/15 8 1 1 ? *)", "2026-01-01", "2026-01-01 08:29", ["2026-01-01 08:00", "2026-01-01 08:15"]),
        ("cron(5,35 14 1 1 ? *)", "2026-01-01", "2026-02-01", ["2026-01-01 14:05", "2026-01-01 14:35"]),
        ("cron(0 18 ? * MON-FRI *)", "2026-07-03", "2026-07-07", ["2026-07-03 18:00", "2026-07-06 18:00"]),
        ("cron(0 0 ? * 1 *)", "2026-07-01", "2026-07-08", ["2026-07-05 00:00"]),  # 1 is Sunday
        ("cron(0 6 L * ? *)", "2028-02-01", "2028-03-31 07:00", ["2028-02-29 06:00", "2028-03-31 06:00"]),
        ("cron(15 10 ? * 6L *)", "2026-07-01", "2026-08-01", ["2026-07-31 10:15"]),  # the last Friday
        ("cron(0 9 ? * 2#1 *)", "2026-07-01", "2026-09-01", ["2026-07-06 09:00", "2026-08-03 09:00"]),
        ("cron(0 9 15W * ? *)", "2026-08-01", "2026-10-01", ["2026-08-14 09:00", "2026-09-15 09:00"]),
        ("cron(0 9 15W * ? *)", "2026-11-01", "2026-12-01", ["2026-11-16 09:00"]),  # a Sunday
        ("cron(0 9 1W 8 ? *)", "2026-07-30", "2026-08-10", ["2026-08-03 09:00"]),  # the 1st is a Saturday
        ("cron(0 9 31W * ? *)", "2026-05-01", "2026-06-30", ["2026-05-29 09:00"]),  # not in June
        ("cron(0 0 1 JAN,jul ? 2026-2027)", "2025-01-01", "2028-01-02",
         ["2026-01-01 00:00", "2026-07-01 00:00", "2027-01-01 00:00", "2027-07-01 00:00"]),
        ("cron(30 23/12 ? * * *)", "2026-07-01", "2026-07-02", ["2026-07-01 23:30"]),
        ("at(2026-07-01T10:00:00)", "2026-07-01", "2026-07-02", ["2026-07-01 10:00"]),
        ("at(2026-07-01T10:00:00)", "2026-07-01 10:00", "2026-07-02", []),
    ],
)  # fmt: skip
def test_cron_and_at(expression: str, start: str, end: str, expected: list[str]) -> None:
    assert _due(expression, start, end) == expected


def test_a_rate_counts_from_the_creation_and_fires_then_for_the_first_time() -> None:
    before, end = "2026-07-01 12:02:59", "2026-07-01 12:20:00"
    assert _due("rate(5 minutes)", before, end, created="2026-07-01 12:03:00") == [
        f"2026-07-01 12:{minute:02}" for minute in (3, 8, 13, 18)
    ]
    assert _due("rate(1 hour)", "2026-07-02", "2026-07-02 01:59", created="2026-07-01 12:30:00") == [
        "2026-07-02 00:30",
        "2026-07-02 01:30",
    ]
    assert (
        _due("rate(1 day)", "2026-07-01 12:30:00", "2026-07-01 12:30:00", created="2026-07-01 12:30:00") == []
    )


@pytest.mark.parametrize("expression", ["rate(7 minutes)", "cron(3/20 * * * ? *)"])
def test_steps_of_any_length_find_each_time_once(expression: str) -> None:
    created = _utc("2026-07-01 00:00")
    schedule = parse_schedule(expression)
    whole = list(schedule.due_between(created, created + timedelta(hours=6), created=created))
    steps: list[datetime] = []
    moment = created
    for seconds in (1, 59, 60, 61, 300, 3599) * 5:
        steps += schedule.due_between(moment, moment + timedelta(seconds=seconds), created=created)
        moment += timedelta(seconds=seconds)
    assert moment > created + timedelta(hours=5)
    assert steps == [time for time in whole if time <= moment]
    assert len(steps) == len(set(steps)) > 10


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("every day", "neither rate"),
        ("rate(5)", "minutes, hours or days"),
        ("rate(0 minutes)", "above 0"),
        ("cron(0 6 * * *)", "six fields, not 5"),
        ("cron(0 6 * * * *)", "`\\?` in one of its two day fields"),
        ("cron(0 6 ? * ? *)", "`\\?` in one of its two day fields"),
        ("cron(60 6 * * ? *)", "minutes has '60', which is not within 0-59"),
        ("cron(0 24 * * ? *)", "hours has '24'"),
        ("cron(0 6 0 * ? *)", "day of month has '0'"),
        ("cron(0 6 32W * ? *)", "day of month has '32W'"),
        ("cron(0 6 ? * 8 *)", "day of week has '8'"),
        ("cron(0/0 6 * * ? *)", "minutes has '0/0'"),
        ("cron(9-5 6 * * ? *)", "minutes has '9-5'"),
        ("cron(x 6 * * ? *)", "minutes has 'X', which is no number"),
        ("at(tomorrow)", "tomorrow"),
    ],
)
def test_a_wrong_expression_is_named(expression: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_schedule(expression)
