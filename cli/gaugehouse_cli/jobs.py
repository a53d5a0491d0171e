"""How each scheduled job stands: when it ran, when it runs next, and whether it is in order. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from gaugehouse.domain.job_runs import is_failing
from gaugehouse.domain.pauses import job_pause
from gaugehouse.domain.schedule_expression import Rate, ScheduleExpression, next_run, parse_schedule

MOST_MISSED = 3  # so many scheduled times without a success are too many


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
        return self.is_known and is_failing(
            last_succeeded_at=self.last_succeeded_at, last_failed_at=self.last_failed_at
        )

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
        last = _time(past.get("last_scheduled_slot"))
        jobs.append(
            Job(
                job_name=name,
                schedule=schedule,
                next_run_at=next_run(times, now=now, last=last) if times else None,
                pause=pauses.get(job_pause(name)),
                last_run=runs.get(name),
                last_succeeded_at=succeeded,
                last_failed_at=_time(past.get("last_failed_at")),
                missed=_missed(times, max(succeeded or since, since), now) if times else 0,
                is_known=name in schedules,
            )
        )
    return jobs


def _time(stamp: str | None) -> datetime | None:
    return None if stamp is None else datetime.fromisoformat(stamp).astimezone(UTC)


def _missed(times: ScheduleExpression, start: datetime, now: datetime) -> int:
    """Count the scheduled times since `start`, as far as they matter."""
    if isinstance(times, Rate):
        return min(MOST_MISSED, (now - start) // times.period)
    return len(list(islice(times.due_between(start, now, created=start), MOST_MISSED)))
