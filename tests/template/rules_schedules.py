"""Rules for schedules: each one runs something that exists, once a slot, and can be switched off."""

import json
from collections.abc import Iterator

from gaugehouse.runtime.polls import SOURCES
from gaugehouse.runtime.tasks import TASKS
from gaugehouse_local.schedule_expression import parse_schedule
from tests.template.parsed import Template, events

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
BY_HAND = {"migrate"}


def schedules_can_be_deployed_twice(template: Template) -> Iterator[str]:
    """ScheduleV2 gives a schedule a fixed name unless it is told not to."""
    for function, name, schedule in events(template, "Schedule"):
        if schedule.get("OmitName") is not True:
            yield f"{function}.{name} has a fixed name"


def schedules_are_due_some_time(template: Template) -> Iterator[str]:
    """cfn-lint takes any text for an expression. The local stack reads it by the same rules as AWS."""
    for function, name, schedule in events(template, "Schedule"):
        try:
            parse_schedule(schedule["ScheduleExpression"])
        except ValueError as error:
            yield f"{function}.{name}: {error}"


def schedules_can_be_switched_off(template: Template) -> Iterator[str]:
    """One parameter stops all of them."""
    for function, name, schedule in events(template, "Schedule"):
        if schedule.get("State") != {"Ref": "SchedulesState"}:
            yield f"{function}.{name} runs whatever SchedulesState says"


def schedules_carry_their_slot(template: Template) -> Iterator[str]:
    """The time for which a run was scheduled is in its event, whenever that is delivered (lesson 21)."""
    for function, name, schedule in events(template, "Schedule"):
        if json.loads(schedule.get("Input", "{}")).get("scheduled_time") != SCHEDULED_TIME:
            yield f"{function}.{name} does not say for which time it runs"
    for function, name, _ in events(template, "Schedule"):
        if template["Resources"][function]["Properties"]["Events"][name]["Type"] != "ScheduleV2":
            yield f"{function}.{name} is not a ScheduleV2, which alone can pass the scheduled time"


def schedules_try_again_but_not_for_ever(template: Template) -> Iterator[str]:
    """Scheduler's own default keeps trying for a day: long after the next run has done the work."""
    for function, name, schedule in events(template, "Schedule"):
        retry = schedule.get("RetryPolicy", {})
        if not 0 < retry.get("MaximumRetryAttempts", 185) <= 10:
            yield f"{function}.{name} retries without measure"
        if retry.get("MaximumEventAgeInSeconds", 86_400) > 3600:
            yield f"{function}.{name} is delivered too late to matter"


def schedules_name_what_exists(template: Template) -> Iterator[str]:
    """Schedules once sent names that no handler knew, and seven tasks had no schedule (lesson 27)."""
    scheduled = [json.loads(schedule.get("Input", "{}")) for _, _, schedule in events(template, "Schedule")]
    for key, registry in (("source", set(SOURCES)), ("task", set(TASKS) - BY_HAND)):
        names = [given[key] for given in scheduled if key in given]
        if sorted(names) != sorted(registry):
            yield f"scheduled {key}s are {sorted(names)}, registered ones {sorted(registry)}"


RULES = (
    schedules_can_be_deployed_twice,
    schedules_are_due_some_time,
    schedules_can_be_switched_off,
    schedules_carry_their_slot,
    schedules_try_again_but_not_for_ever,
    schedules_name_what_exists,
)
