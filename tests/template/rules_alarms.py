"""Rules for alarms. Those on silence are in `rules_silence.py`."""

import re
from collections.abc import Iterator
from typing import Any

from tests.template.parsed import PROJECT_ROOT, Properties, Template, functions, of_type
from tests.template.rules_queues import queues_of_a_person


def dead_letters_are_heard(template: Template) -> Iterator[str]:
    """Messages that SQS moves never count as sent: alarm on what is visible, and on its age."""
    alarms = of_type(template, "CloudWatch::Alarm")
    for queue in sorted(queues_of_a_person(template)):
        retention = of_type(template, "SQS::Queue")[queue]["MessageRetentionPeriod"]
        watching = {alarm["MetricName"]: alarm for alarm in alarms.values() if _watches(alarm, queue)}
        depth = watching.get("ApproximateNumberOfMessagesVisible", {})
        age = watching.get("ApproximateAgeOfOldestMessage", {})
        if least_alarming(depth) != 1:
            yield f"no alarm rings at the first message in {queue}"
        if not 0 < age.get("Threshold", 0) < retention or age.get("Statistic") != "Maximum":
            yield f"no alarm rings before {queue} deletes its oldest message"
        if "NumberOfMessagesSent" in watching:
            yield f"an alarm watches messages sent to {queue}, which stays 0"


def alarms_reach_somebody(template: Template) -> Iterator[str]:
    """Every alarm goes to a topic, and ends there. Each says what missing data means.

    A queue that nobody uses is no alarm; a job that is silent is one, but only where the schedules run.
    """
    topic = [{"Fn::If": ["HasAlarmTopic", {"Ref": "AlarmTopicArn"}, {"Ref": "AlarmTopic"}]}]
    for name, alarm in of_type(template, "CloudWatch::Alarm").items():
        if alarm.get("AlarmActions") != topic or alarm.get("OKActions") != topic:
            yield f"{name} tells nobody"
        if alarm.get("TreatMissingData") not in ("breaching", "notBreaching"):
            yield f"{name} has no say on missing data"
        conditional = template["Resources"][name].get("Condition") == "SchedulesRun"
        if (alarm.get("TreatMissingData") == "breaching") != conditional:
            yield f"{name} takes silence for an alarm where it is none, or for none where it is one"


def _watches(alarm: Properties, queue: str) -> bool:
    dimension: dict[str, Any] = {"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}
    return bool(alarm.get("Namespace") == "AWS/SQS" and alarm["Dimensions"] == [dimension])


def least_alarming(alarm: Properties, *, statistic: str = "Maximum") -> int | None:
    """Give the least whole number at which an alarm rings; None if at none, or by another statistic."""
    if alarm.get("Statistic") != statistic or alarm.get("EvaluationPeriods") != 1:
        return None
    threshold = int(alarm["Threshold"])
    return {
        "GreaterThanThreshold": threshold + 1,
        "GreaterThanOrEqualToThreshold": threshold,
    }.get(alarm["ComparisonOperator"])


def functions_are_heard(template: Template) -> Iterator[str]:
    """Errors, throttles and runs near the time-out of each function that works by itself."""
    for name, function in functions(template).items():
        if "Events" not in function:
            continue  # a person or a deployment waits for its answer
        of_it = {
            alarm["MetricName"]: alarm
            for alarm in of_type(template, "CloudWatch::Alarm").values()
            if alarm.get("Namespace") == "AWS/Lambda"
            and alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": name}}]
        }
        yield from (
            f"{name}: no alarm on {metric}" for metric in ("Errors", "Throttles") if metric not in of_it
        )
        slow = of_it.get("Duration", {})
        if slow.get("Threshold") != function["Timeout"] * 800 or slow.get("Statistic") != "Maximum":
            yield f"{name}: no alarm at four fifths of its {function['Timeout']} s"


def the_database_is_heard(template: Template) -> Iterator[str]:
    """Processor, storage and connections, where the database is the stack's own."""
    alarms = of_type(template, "CloudWatch::Alarm")
    heard = {
        metric
        for name, alarm in alarms.items()
        for metric in re.findall(r"'MetricName': '(\w+)'", str(alarm))
        if "DBInstanceIdentifier" in str(alarm)
        and template["Resources"][name].get("Condition") == "OwnDatabase"
    }
    for metric in sorted({"CPUUtilization", "FreeStorageSpace", "DatabaseConnections"} - heard):
        yield f"no alarm on the database's {metric}"


def the_runbook_knows_every_alarm(template: Template) -> Iterator[str]:
    """Whoever is woken by an alarm finds what it means and what to do."""
    runbook = (PROJECT_ROOT / "docs" / "runbook.md").read_text()
    for name in of_type(template, "CloudWatch::Alarm"):
        if f"`{name}`" not in runbook:
            yield f"{name} is not in the runbook"


RULES = (
    dead_letters_are_heard,
    alarms_reach_somebody,
    functions_are_heard,
    the_database_is_heard,
    the_runbook_knows_every_alarm,
)
