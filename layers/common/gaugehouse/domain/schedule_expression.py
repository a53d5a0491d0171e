"""Schedule expressions of EventBridge Scheduler: `rate(5 minutes)`, `cron(0 6 ? * MON-FRI *)`, `at(…)`.

Pure. All times are aware and in UTC. The rules are those of AWS's user guide of EventBridge Scheduler,
"Schedule types".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from gaugehouse.domain.cron import Cron, parse_cron

LONGEST_PERIOD = timedelta(days=400)
UNIT_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


class ScheduleExpression(Protocol):
    """When a schedule is due."""

    def due_between(self, start: datetime, end: datetime, *, created: datetime) -> Iterator[datetime]:
        """Give the times that are due after `start` and not after `end`, in order.

        `created` is when the schedule came to be, from which a rate counts.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """Every so often, the first time when the schedule is created."""

    period: timedelta

    def due_between(self, start: datetime, end: datetime, *, created: datetime) -> Iterator[datetime]:
        """See `ScheduleExpression`."""
        steps = max(0, (start - created) // self.period + 1)
        due = created + steps * self.period
        while due <= end:
            yield due
            due += self.period


@dataclass(frozen=True, slots=True)
class Once:
    """One time only."""

    time: datetime

    def due_between(self, start: datetime, end: datetime, *, created: datetime) -> Iterator[datetime]:
        """See `ScheduleExpression`."""
        if max(start, created) < self.time <= end:
            yield self.time


@dataclass(frozen=True, slots=True)
class Calendar:
    """At the minutes that a cron expression names."""

    cron: Cron

    def due_between(self, start: datetime, end: datetime, *, created: datetime) -> Iterator[datetime]:
        """See `ScheduleExpression`."""
        minute = max(start, created).replace(second=0, microsecond=0) + timedelta(minutes=1)
        while minute <= end:
            if not self.cron.has_day(minute.date()):
                minute = minute.replace(hour=0, minute=0) + timedelta(days=1)
            elif minute.hour not in self.cron.hours:
                minute = minute.replace(minute=0) + timedelta(hours=1)
            else:
                if minute.minute in self.cron.minutes:
                    yield minute
                minute += timedelta(minutes=1)


def parse_schedule(text: str) -> ScheduleExpression:
    """Read an expression. Raises: ValueError that says what is wrong with it."""
    found = re.fullmatch(r"(rate|cron|at)\(([^()]*)\)", text.strip())
    if found is None:
        raise ValueError(f"{text!r} is neither rate(…), cron(…) nor at(…)")
    kind, inner = found.groups()
    if kind == "cron":
        return Calendar(parse_cron(inner))
    return _parse_rate(inner) if kind == "rate" else Once(datetime.fromisoformat(inner).replace(tzinfo=UTC))


def next_run(schedule: ScheduleExpression, *, now: datetime, last: datetime | None) -> datetime | None:
    """Return when the schedule is due next. `last` is a time for which it ran, None where that is not known.

    A rate counts from when it was made, which only its runs tell: without one it is None.
    """
    if isinstance(schedule, Rate) and last is None:
        return None
    return next(schedule.due_between(now, now + LONGEST_PERIOD, created=last or now), None)


def _parse_rate(inner: str) -> Rate:
    found = re.fullmatch(r"([1-9]\d*) +(minute|hour|day)s?", inner.strip())
    if found is None:
        raise ValueError(f"rate({inner}) must be a number above 0 and minutes, hours or days")
    return Rate(timedelta(minutes=int(found[1]) * UNIT_MINUTES[found[2]]))
