"""How many connections of the database the functions can need at the same time, at the very most."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from gaugehouse.domain.schedule_expression import parse_schedule
from tests.template.parsed import Template, events, functions, mappings, of_type, target

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 32  # with the first of a month in it, twice
# A sandbox keeps its connection until it is used again or ends. A retry or a late delivery beside the next
# run has a sandbox of its own: twice the peak.
SPARE = 2
OPERATOR = 5  # the command's own invocations, and a person with psql
KEPT_BACK = 5  # three for superusers and two for RDS itself, which count


def most_connections(template: Template) -> dict[str, int]:
    """Give the connections by who has them."""
    needed = {name: SPARE * peak(template, name) for name in functions(template)}
    for function, _, mapping in mappings(template):
        needed[function] += mapping["ScalingConfig"]["MaximumConcurrency"]
    for function, _, requests in events(template, "HttpApi"):
        limits = of_type(template, "Serverless::HttpApi")[target(requests["ApiId"])]["DefaultRouteSettings"]
        needed[function] += limits["ThrottlingBurstLimit"]
    unscheduled = {name: 1 for name, number in needed.items() if number == 0}
    return needed | unscheduled | {"operator": OPERATOR, "kept back": KEPT_BACK}


def peak(template: Template, function: str) -> int:
    """Count the runs of a function's schedules that overlap, if each took all the time that it may."""
    longest = timedelta(seconds=functions(template)[function]["Timeout"])
    begins = sorted(_begins(template, function))
    return max(
        (bisect_left(begins, begin + longest) - place for place, begin in enumerate(begins)), default=0
    )


def _begins(template: Template, function: str) -> Iterator[datetime]:
    for owner, _, schedule in events(template, "Schedule"):
        if owner == function:
            expression = parse_schedule(schedule["ScheduleExpression"])
            yield from expression.due_between(START, START + timedelta(days=DAYS), created=START)
