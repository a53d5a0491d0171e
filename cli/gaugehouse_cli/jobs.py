"""How each scheduled job stands: when it ran, when it runs next, and whether it is in order. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from gaugehouse_local.schedule_expression import Rate, ScheduleExpression, parse_schedule

MOST_MISSED = 3  # so many scheduled times without a success are too many
LONGEST_PERIOD = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One task, or one poll (`poll:<source>`). Times are aware; `last_run` is a row of the history.

    `schedule` None means manual; `next_run_at` None that it is not known or that no schedule runs.
    """

    job_name: str
    schedule: str | None
    next_run_at: datetime | None
    pause: Mapping[str, Any] | None
    last_run: Mapping[str, Any] | None
    last_succeeded_at: datetime | None
    last_failed_at: datetime | None
    missed: int
    is_known: bool

    @property
    def is_failing(self) -> bool:
        """Whether its newest end was a failure. A name that no job has is somebody's mistyped event."""
        if self.last_failed_at is None or not self.is_known:
            return False
        return self.last_succeeded_at is None or self.last_failed_at > self.last_succeeded_at

    @property
    def is_overdue(self) -> bool:
        """Whether its schedule came several times without a success."""
        return self.missed >= MOST_MISSED and self.pause is None

    @property
    def status(self) -> str:
        """How its newest run stands, in a word."""
        return self.last_run["status"] if self.last_run else "never ran"

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {**asdict(self), "is_failing": self.is_failing, "is_overdue": self.is_overdue}


def jobs_of(
    answer: Mapping[str, Any],
    schedules: Mapping[str, str | None],
    *,
    now: datetime,
    runs_schedules: bool,
    since: datetime,
) -> list[Job]:
    """Put together what the operation `jobs_list` answers and what the schedules say.

    `schedules` has the expression of each known job. `since` is when the schedules began to run.
    """
    runs = {run["job_name"]: run for run in answer["runs"]}
    milestones = {found["job_name"]: found for found in answer["milestones"]}
    pauses = {pause["name"]: pause for pause in answer["pauses"]}
    jobs = []
    for name in (*schedules, *sorted(set(runs) - set(schedules))):
        past = milestones.get(name, {})
        succeeded = _time(past.get("last_succeeded_at"))
        schedule = schedules.get(name)
        times = parse_schedule(schedule) if schedule and runs_schedules else None
        scheduled = _time(past.get("last_scheduled_slot"))
        jobs.append(
            Job(
                job_name=name,
                schedule=schedule,
                next_run_at=_next_run(times, now, scheduled) if times else None,
                pause=pauses.get(pause_name(name)),
                last_run=runs.get(name),
                last_succeeded_at=succeeded,
                last_failed_at=_time(past.get("last_failed_at")),
                missed=_missed(times, max(succeeded or since, since), now) if times else 0,
                is_known=name in schedules,
            )
        )
    return jobs


def pause_name(job_name: str) -> str:
    """Name the pause of a job: `source:x` of `poll:x`, else `task:x`."""
    source = job_name.removeprefix("poll:")
    return f"task:{job_name}" if source == job_name else f"source:{source}"


def _time(stamp: str | None) -> datetime | None:
    return None if stamp is None else datetime.fromisoformat(stamp).astimezone(UTC)


def _next_run(times: ScheduleExpression, now: datetime, scheduled: datetime | None) -> datetime | None:
    """Return the next scheduled time. A rate counts from when it was made, which only its runs tell."""
    if isinstance(times, Rate) and scheduled is None:
        return None
    due = times.due_between(now, now + LONGEST_PERIOD, created=scheduled or now)
    return next(iter(due), None)


def _missed(times: ScheduleExpression, start: datetime, now: datetime) -> int:
    """Count the scheduled times since `start`, as far as they matter."""
    if isinstance(times, Rate):
        return min(MOST_MISSED, (now - start) // times.period)
    return len(list(islice(times.due_between(start, now, created=start), MOST_MISSED)))
