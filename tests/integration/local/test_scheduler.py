"""Schedules fire when they are due, with their scheduled time, and failed runs are tried again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gaugehouse_local.physical_names import PhysicalNames
from gaugehouse_local.resources import Resources
from gaugehouse_local.scheduler import Scheduler
from gaugehouse_local.template import describe, load_template
from gaugehouse_local.worker import Invocation
from tests.integration.local.sample import SAMPLE, TEMPLATE, sample_stack, wait_until

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class Runs:
    """Takes invocations, and fails as many as it is told."""

    def __init__(self, clock: Clock, failures: int = 0) -> None:
        self.clock = clock
        self.failures = failures
        self.events: list[tuple[str, str]] = []

    def invoke(self, logical_id: str, event: object) -> Invocation:
        assert isinstance(event, Mapping) and logical_id == "ActionsFunction"
        self.events.append((f"{self.clock.now:%H:%M:%S}", str(event["at"])))
        self.failures -= 1
        return Invocation(
            request_id="id",
            payload=None,
            error_type="SlotBusy" if self.failures >= 0 else None,
            error_message=None,
            duration_seconds=0.0,
            cold_start=False,
            log=(),
        )


def _resources(**properties: Any) -> Resources:
    template = load_template(TEMPLATE)
    function = template["Resources"]["ActionsFunction"]["Properties"]
    function["Events"]["EveryFiveMinutes"]["Properties"] |= properties.pop("schedule", {})
    function |= properties
    names = PhysicalNames(
        template,
        parameters={"DatabaseSecretArn": "arn"},
        endpoint="http://x",
        http_url="http://y",
        stack_name="sample",
    )
    return describe(template, root=SAMPLE, names=names)


def _scheduler(resources: Resources, runs: Runs) -> Scheduler:
    functions = {function.logical_id: function for function in resources.functions}
    return Scheduler(resources.schedules, functions, invoke=runs.invoke, clock=runs.clock)


def _advance(
    scheduler: Scheduler, clock: Clock, *, minutes: int, step: timedelta = timedelta(seconds=30)
) -> None:
    end = clock.now + timedelta(minutes=minutes)
    while clock.now <= end:
        for thread in scheduler.tick():
            thread.join()
        clock.now += step


def test_a_rate_fires_at_once_and_then_by_its_period() -> None:
    runs = Runs(Clock())
    _advance(_scheduler(_resources(), runs), runs.clock, minutes=11)
    assert runs.events == [
        ("12:00:00", "2026-07-01T12:00:00Z"),
        ("12:05:00", "2026-07-01T12:05:00Z"),
        ("12:10:00", "2026-07-01T12:10:00Z"),
    ]


def test_the_four_quarters_of_an_hour_all_fire_with_their_own_times() -> None:
    runs = Runs(Clock())
    resources = _resources(schedule={"ScheduleExpression": "cron(0/15 * * * ? *)"})
    scheduler = _scheduler(resources, runs)
    _advance(scheduler, runs.clock, minutes=62, step=timedelta(seconds=17))  # never exactly on time
    assert [at for _, at in runs.events] == [
        f"2026-07-01T{time}:00Z" for time in ("12:15", "12:30", "12:45", "13:00")
    ]


def test_a_failed_run_is_tried_again_for_the_same_slot() -> None:
    runs = Runs(Clock(), failures=1)
    resources = _resources(schedule={"ScheduleExpression": "rate(1 hour)"})
    _advance(_scheduler(resources, runs), runs.clock, minutes=10)
    assert runs.events == [("12:00:00", "2026-07-01T12:00:00Z"), ("12:01:00", "2026-07-01T12:00:00Z")]


@pytest.mark.parametrize(
    ("delivery", "times"),
    [
        ({"MaximumRetryAttempts": 0}, ["12:00:00"]),
        ({"MaximumRetryAttempts": 1}, ["12:00:00", "12:01:00"]),
        ({}, ["12:00:00", "12:01:00", "12:03:00"]),
        ({"MaximumEventAgeInSeconds": 90}, ["12:00:00", "12:01:00"]),
    ],
)
def test_tries_are_bounded_as_the_function_says(delivery: dict[str, int], times: list[str]) -> None:
    runs = Runs(Clock(), failures=100)
    resources = _resources(schedule={"ScheduleExpression": "rate(1 day)"}, EventInvokeConfig=delivery)
    _advance(_scheduler(resources, runs), runs.clock, minutes=60)
    assert [time for time, _ in runs.events] == times


def test_after_a_long_sleep_only_the_last_missed_time_fires() -> None:
    runs = Runs(Clock())
    scheduler = _scheduler(_resources(), runs)
    _advance(scheduler, runs.clock, minutes=0)
    runs.clock.now = NOON + timedelta(hours=8, minutes=2)
    _advance(scheduler, runs.clock, minutes=0)
    assert [at for _, at in runs.events] == ["2026-07-01T12:00:00Z", "2026-07-01T20:00:00Z"]


def test_a_stack_with_schedules_runs_them(tmp_path: Path) -> None:
    with sample_stack(tmp_path, stack_name="scheduled", run_event_sources=False, run_schedules=True) as stack:
        wait_until(lambda: "doing echo" in stack.log_file("ActionsFunction").read_text())
