"""Rules for schedules: each one runs something that exists, once a slot, and can be switched off."""

import json
from collections.abc import Iterator

from gaugehouse.domain.schedule_expression import parse_schedule
from gaugehouse.runtime.polls import SOURCES
from gaugehouse.runtime.tasks import TASKS
from tests.template.parsed import PROJECT_ROOT, Template, events, functions
from tests.template.rules_silence import DAY, HOUR, longest_pause

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
EVENTS = PROJECT_ROOT / "events"
MINUTE = 60
OWNERS = {"PollerFunction": "source", "MaintenanceFunction": "task"}


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
    """The time for which a run was scheduled is in its event, whenever that is delivered."""
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
    """Schedules once sent names that no handler knew, and seven tasks had no schedule.

    Sources are the poller's, tasks are maintenance's.
    """
    for function, name, schedule in events(template, "Schedule"):
        if OWNERS[function] not in json.loads(schedule.get("Input", "{}")):
            yield f"{function}.{name} does not name a {OWNERS[function]}"
    scheduled = [json.loads(schedule.get("Input", "{}")) for _, _, schedule in events(template, "Schedule")]
    tasks = {task.name for task in TASKS.values() if task.schedule}
    for key, registry in (("source", set(SOURCES)), ("task", tasks)):
        names = [given[key] for given in scheduled if key in given]
        if sorted(names) != sorted(registry):
            yield f"scheduled {key}s are {sorted(names)}, registered ones {sorted(registry)}"


def tasks_are_the_registrys(template: Template) -> Iterator[str]:
    """Registry, schedule, function and sample event say the same of each task."""
    scheduled = {
        given["task"]: (function, schedule)
        for function, _, schedule in events(template, "Schedule")
        if "task" in (given := json.loads(schedule.get("Input", "{}")))
    }
    for task in TASKS.values():
        function, schedule = scheduled.get(task.name, ("MaintenanceFunction", {}))
        written = schedule.get("ScheduleExpression")
        if written != task.schedule:
            yield f"{task.name} runs at {written} in the template and {task.schedule} in the registry"
        if functions(template)[function]["Timeout"] < task.timeout:
            yield f"{task.name} may take {task.timeout} s, longer than {function}"
        given = json.loads(schedule.get("Input", json.dumps({"task": task.name})))
        sample = EVENTS / f"maintenance_{task.name}.json"
        if not sample.is_file() or json.loads(sample.read_text()).keys() < given.keys():
            yield f"{task.name} has no {sample.relative_to(PROJECT_ROOT)} as it is delivered"


def polls_are_the_registrys(template: Template) -> Iterator[str]:
    """The API tells from the registry when a source is polled next."""
    for _, _, schedule in events(template, "Schedule"):
        source = SOURCES.get(json.loads(schedule.get("Input", "{}")).get("source", ""))
        written = schedule["ScheduleExpression"]
        if source is not None and written != source.schedule:
            yield f"{source.name} is polled at {written} in the template, {source.schedule} in the registry"


def polls_are_as_frequent_as_promised(template: Template) -> Iterator[str]:
    """Readings of a stream are a quarter of an hour old at the most when they are asked for."""
    promised = {"usgs": 15 * MINUTE, "mcfcd_gauge_list": HOUR, "usgs_sites": DAY}
    for _, _, schedule in events(template, "Schedule"):
        source = json.loads(schedule.get("Input", "{}")).get("source")
        pause = longest_pause(schedule["ScheduleExpression"])
        if source in promised and pause != promised[source]:
            yield f"{source} is polled every {pause} s instead of {promised[source]} s"


RULES = (
    polls_are_as_frequent_as_promised,
    polls_are_the_registrys,
    schedules_can_be_deployed_twice,
    schedules_are_due_some_time,
    schedules_can_be_switched_off,
    schedules_carry_their_slot,
    schedules_try_again_but_not_for_ever,
    schedules_name_what_exists,
    tasks_are_the_registrys,
)
