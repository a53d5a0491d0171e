"""How the command judges a job: its next run, what it missed, and whether it is failing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gaugehouse.domain.pauses import job_pause
from gaugehouse_cli.jobs import Job, jobs_of

NOW = datetime(2026, 11, 20, 12, 7, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)


def job(
    schedule: str | None,
    *,
    slot: str | None = None,
    succeeded: datetime | None = None,
    failed: datetime | None = None,
    since: datetime = LONG_AGO,
    runs_schedules: bool = True,
    pauses: tuple[str, ...] = (),
    known: bool = True,
) -> Job:
    """The job `tidy` with this past."""
    past = {
        "job_name": "tidy",
        "last_succeeded_at": succeeded and succeeded.isoformat(),
        "last_failed_at": failed and failed.isoformat(),
        "last_scheduled_slot": slot,
    }
    answer: dict[str, Any] = {
        "runs": [{"job_name": "tidy", "status": "succeeded"}],
        "milestones": [past],
        "pauses": [{"name": name, "reason": "storm"} for name in pauses],
    }
    (found,) = jobs_of(
        answer, {"tidy": schedule} if known else {}, now=NOW, runs_schedules=runs_schedules, since=since
    )
    return found


@pytest.mark.parametrize(
    ("schedule", "slot", "next_run"),
    [
        ("rate(5 minutes)", "2026-11-20T12:04Z", datetime(2026, 11, 20, 12, 9, tzinfo=UTC)),
        ("rate(5 minutes)", "2026-11-20T09:03Z", datetime(2026, 11, 20, 12, 8, tzinfo=UTC)),
        ("rate(5 minutes)", None, None),  # it counts from when it was made, and nobody knows that
        ("cron(0 5 * * ? *)", None, datetime(2026, 11, 21, 5, 0, tzinfo=UTC)),
        ("cron(0 2 1 * ? *)", None, datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("cron(7 12 * * ? *)", "2026-11-19T12:07Z", datetime(2026, 11, 21, 12, 7, tzinfo=UTC)),
        (None, None, None),
    ],
)
def test_the_next_run(schedule: str | None, slot: str | None, next_run: datetime | None) -> None:
    assert job(schedule, slot=slot).next_run_at == next_run


def test_where_no_schedule_runs_there_is_no_next_run_and_nothing_is_missed() -> None:
    stopped = job("cron(0 5 * * ? *)", runs_schedules=False)

    assert (stopped.next_run_at, stopped.missed) == (None, 0)


@pytest.mark.parametrize(
    ("schedule", "ago", "overdue"),
    [
        ("rate(5 minutes)", timedelta(minutes=14), False),
        ("rate(5 minutes)", timedelta(minutes=16), True),
        ("cron(0 5 * * ? *)", timedelta(days=2), False),
        ("cron(0 5 * * ? *)", timedelta(days=3), True),
        (None, timedelta(days=300), False),
    ],
)
def test_three_times_without_a_success_are_too_many(
    schedule: str | None, ago: timedelta, overdue: bool
) -> None:
    assert job(schedule, slot="2026-11-20T12:07Z", succeeded=NOW - ago).is_overdue is overdue


def test_a_job_that_never_ran_is_overdue_only_when_it_had_the_time() -> None:
    assert job("rate(5 minutes)").is_overdue
    assert not job("rate(5 minutes)", since=NOW - timedelta(minutes=9)).is_overdue


def test_a_house_that_was_off_missed_nothing() -> None:
    started = NOW - timedelta(minutes=1)

    assert not job("rate(5 minutes)", succeeded=LONG_AGO, since=started).is_overdue


def test_a_paused_job_is_not_overdue() -> None:
    paused = job("rate(5 minutes)", succeeded=LONG_AGO, pauses=("task:tidy",))

    assert paused.pause is not None
    assert not paused.is_overdue


def test_a_failure_counts_until_the_next_success() -> None:
    earlier = NOW - timedelta(minutes=1)

    assert job(None, failed=NOW).is_failing
    assert job(None, failed=NOW, succeeded=earlier).is_failing
    assert not job(None, failed=earlier, succeeded=NOW).is_failing
    assert not job(None, failed=NOW, known=False).is_failing, "a mistyped event is no job"


def test_the_pause_of_a_job() -> None:
    assert job_pause("cleanup_rejects") == "task:cleanup_rejects"
    assert job_pause("poll:mcfcd_gauge_list") == "source:mcfcd_gauge_list"
