"""Rules for what must not go silent: polls, tasks, imports, and events that Lambda gave up."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

from gaugehouse.domain.schedule_expression import parse_schedule
from gaugehouse.runtime.telemetry import NAMESPACE, metric_name
from tests.template.parsed import Properties, Template, environment, events, functions, of_type
from tests.template.rules_alarms import least_alarming

PERIODS = 3
HOUR, DAY, WEEK = 3600, 86_400, 604_800
LATE_SECONDS = HOUR
ENDS = ("succeeded", "failed")
START = datetime(2026, 1, 1, tzinfo=UTC)


def metrics_belong_to_the_stack(template: Template) -> Iterator[str]:
    """The service is the dimension of every metric: two stacks in an account must not add theirs up."""
    services = {name: service_of(function) for name, function in functions(template).items()}
    for name, service in services.items():
        if "${AWS::StackName}" not in str(service):
            yield f"{name} counts for the service {service} of every stack"
        if list(services.values()).count(service) > 1:
            yield f"{name} shares the service {service}"


def silence_is_heard(template: Template) -> Iterator[str]:
    """Each scheduled job has an alarm on three periods without success, as far as an alarm can look back."""
    for function, name, schedule in events(template, "Schedule"):
        job = job_of(schedule)
        period = longest_pause(schedule["ScheduleExpression"])
        service = service_of(functions(template)[function])
        if PERIODS * period <= farthest_look_back(period):
            alarm = alarm_on(template, f"{job}_succeeded", service)
            if {key: alarm.get(key) for key in SILENCE} != SILENCE | {"Period": period}:
                yield f"{function}.{name}: no alarm after {PERIODS} periods of {period} s without success"
            elif not is_only_where_schedules_run(template, alarm):
                yield f"{function}.{name}: its alarm rings where the schedules are off"
        elif least_alarming(alarm_on(template, f"{job}_failed", service), statistic="Sum") != 1:
            yield f"{function}.{name}: nobody hears of its failure, and its silence cannot be an alarm"


def an_agency_that_is_down_is_one_alarm(template: Template) -> Iterator[str]:
    """The polls of each source have one alarm; none counts gauges or series, of which there are thousands."""
    alarms = of_type(template, "CloudWatch::Alarm")
    watched = [alarm["MetricName"] for alarm in alarms.values() if alarm.get("Namespace") == NAMESPACE]
    for _, name, schedule in events(template, "Schedule"):
        job = job_of(schedule)
        on_job = [metric for metric in watched if metric in (metric_name(f"{job}_{end}") for end in ENDS)]
        if job.startswith("poll:") and len(on_job) != 1:
            yield f"{name}: {len(on_job)} alarms ring where its agency is down"
    for metric in watched:
        if any(word in metric for word in ("Series", "Gauges", "Sites")) and not metric.startswith("Poll"):
            yield f"an alarm rings for each of many: {metric}"


def late_imports_are_heard(template: Template) -> Iterator[str]:
    """The importer has no schedule: its silence shows in the work that waits for it."""
    service = service_of(functions(template)["MaintenanceFunction"])
    alarm = alarm_on(template, "publish_system_state_oldest_due_seconds", service)
    told = {key: alarm.get(key) for key in ("Statistic", "Threshold", "ComparisonOperator")}
    expected = {
        "Statistic": "Maximum",
        "Threshold": LATE_SECONDS,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    if told != expected:
        yield "no alarm rings when an import has been due for more than an hour"
    elif alarm.get("TreatMissingData") != "breaching" or not is_only_where_schedules_run(template, alarm):
        yield "that nothing is known of the imports is no alarm, or one where the schedules are off"


def events_that_were_given_up_are_heard(template: Template) -> Iterator[str]:
    """A run that never began leaves no run behind; Lambda counts the event that it dropped."""
    scheduled = {function for function, _, _ in events(template, "Schedule")}
    heard = {
        str(dimension["Value"].get("Ref"))
        for alarm in of_type(template, "CloudWatch::Alarm").values()
        if alarm.get("Namespace") == "AWS/Lambda" and alarm["MetricName"] == "AsyncEventsDropped"
        for dimension in alarm["Dimensions"]
        if least_alarming(alarm, statistic="Sum") == 1
    }
    for function in sorted(scheduled - heard):
        yield f"{function}: nobody hears of an event that was dropped after its last try"


def alarms_fit_cloudwatch(template: Template) -> Iterator[str]:
    """An alarm looks back a day at the most, with periods of an hour or more seven. cfn-lint knows not."""
    for name, alarm in of_type(template, "CloudWatch::Alarm").items():
        period = alarm["Period"] if "Period" in alarm else alarm["Metrics"][0]["MetricStat"]["Period"]
        if period % 60 or period * alarm["EvaluationPeriods"] > farthest_look_back(period):
            yield f"{name}: CloudWatch refuses {alarm['EvaluationPeriods']} periods of {period} s"


SILENCE: dict[str, Any] = {
    "Statistic": "Sum",
    "EvaluationPeriods": PERIODS,
    "Threshold": 1,
    "ComparisonOperator": "LessThanThreshold",
    "TreatMissingData": "breaching",
    "Period": None,
}


def service_of(function: Properties) -> Any:
    """Give what the function's metrics have as their dimension."""
    return environment(function)["POWERTOOLS_SERVICE_NAME"]


def job_of(schedule: Properties) -> str:
    """Name the job that a schedule runs, as the code does."""
    given = json.loads(schedule["Input"])
    return str(given["task"]) if "task" in given else f"poll:{given['source']}"


def alarm_on(template: Template, metric: str, service: Any) -> Properties:
    """Give the alarm that watches one of the functions' own metrics; empty where there is none."""
    dimensions = [{"Name": "service", "Value": service}]
    for alarm in of_type(template, "CloudWatch::Alarm").values():
        if (alarm.get("Namespace"), alarm.get("MetricName")) == (NAMESPACE, metric_name(metric)):
            return alarm if alarm["Dimensions"] == dimensions else {}
    return {}


def is_only_where_schedules_run(template: Template, alarm: Properties) -> bool:
    """Say whether the alarm depends on the condition, and the condition on the parameter."""
    condition = template["Conditions"].get("SchedulesRun")
    return condition == {"Fn::Equals": [{"Ref": "SchedulesState"}, "ENABLED"]} and any(
        resource.get("Condition") == "SchedulesRun"
        for resource in template["Resources"].values()
        if resource.get("Properties") is alarm
    )


def longest_pause(expression: str) -> int:
    """Give the longest time between two runs, in seconds."""
    due = parse_schedule(expression).due_between(START, START + timedelta(days=400), created=START)
    return max(int((later - earlier).total_seconds()) for earlier, later in pairwise(islice(due, 400)))


def farthest_look_back(period: int) -> int:
    """Give how much time an alarm with such a period may span, in seconds."""
    return DAY if period < HOUR else WEEK


RULES = (
    metrics_belong_to_the_stack,
    silence_is_heard,
    an_agency_that_is_down_is_one_alarm,
    late_imports_are_heard,
    events_that_were_given_up_are_heard,
    alarms_fit_cloudwatch,
)
