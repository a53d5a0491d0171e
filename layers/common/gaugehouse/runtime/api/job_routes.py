"""What ran, what runs next, and what is paused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from psycopg import Connection

from gaugehouse.domain.job_runs import JobRun, is_failing
from gaugehouse.domain.pauses import Pause, job_pause
from gaugehouse.domain.schedule_expression import next_run, parse_schedule
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.cursors import read_cursor, read_moment, write_cursor
from gaugehouse.runtime.api.parameters import Cursor, Limit
from gaugehouse.runtime.api.request import connection_of, new_router, wiring_of
from gaugehouse.store import job_runs, pauses
from gaugehouse.store.connection import database_time

router = new_router()

JobName = Annotated[
    str, Path(max_length=100, description="A task (`check_staleness`) or a poll (`poll:mcfcd_gauge_list`)")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A task or a poll: its schedule, its newest run, and when it runs next.

    `schedule` is null for what runs by hand only. `next_run_at` is null where no schedule runs, and for a
    rate until its first scheduled run: a rate counts from when the schedule was made. `is_failing` says that
    its newest end was a failure. `last_scheduled_at` is the newest scheduled time that it ran for.
    """

    job_name: str
    schedule: str | None
    next_run_at: datetime | None
    is_failing: bool
    last_succeeded_at: datetime | None
    last_failed_at: datetime | None
    last_scheduled_at: datetime | None
    pause: Pause | None
    last_run: JobRun


@dataclass(frozen=True, slots=True, kw_only=True)
class JobList:
    """Every job that has run, by name."""

    items: list[Job]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """Runs of one job, newest first."""

    items: list[JobRun]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseList:
    """What is paused now, by name."""

    items: list[Pause]
    next_cursor: str | None = None


@router.get("/jobs", tags=["operations"], responses=described(JobList, "One item for each job"))
def list_jobs() -> Response[str]:
    """List the jobs that have run, each with its newest run and its next scheduled time."""
    conn = connection_of(router)
    runs_schedules = wiring_of(router).api_settings.schedules_state == "ENABLED"
    return json_answer(JobList(items=_jobs(conn, runs_schedules=runs_schedules)))


@router.get("/jobs/<job_name>", tags=["operations"], responses=described(RunPage, "Its runs"))
def list_job_runs(job_name: JobName, limit: Limit = 100, cursor: Cursor = None) -> Response[str]:
    """List the runs of one job, newest first; none for a name that never ran. They are kept for 30 days."""
    runs = job_runs.history(connection_of(router), job_name, limit=limit + 1, before=_run_of(cursor))
    last = runs[limit - 1] if len(runs) > limit else None
    next_cursor = None if last is None else write_cursor(last.started_at.isoformat(), last.id)
    return json_answer(RunPage(items=runs[:limit], next_cursor=next_cursor))


@router.get("/pauses", tags=["operations"], responses=described(PauseList, "What is paused"))
def list_pauses() -> Response[str]:
    """List what an operator has paused: a source, a task, or all imports."""
    return json_answer(PauseList(items=pauses.active(connection_of(router))))


def _jobs(conn: Connection, *, runs_schedules: bool) -> list[Job]:
    # The registries lead to every service; no other route needs them.
    from gaugehouse.runtime.job_schedules import job_schedules

    now = database_time(conn)
    schedules = job_schedules()
    paused = {pause.name: pause for pause in pauses.active(conn)}
    milestones = {past.job_name: past for past in job_runs.milestones(conn)}
    jobs = []
    for run in job_runs.latest(conn):
        past = milestones[run.job_name]
        schedule = schedules.get(run.job_name)
        slot = past.last_scheduled_slot
        last = None if slot is None else datetime.fromisoformat(slot)
        times = parse_schedule(schedule) if schedule and runs_schedules else None
        jobs.append(
            Job(
                job_name=run.job_name,
                schedule=schedule,
                next_run_at=next_run(times, now=now, last=last) if times else None,
                is_failing=is_failing(
                    last_succeeded_at=past.last_succeeded_at, last_failed_at=past.last_failed_at
                ),
                last_succeeded_at=past.last_succeeded_at,
                last_failed_at=past.last_failed_at,
                last_scheduled_at=last,
                pause=paused.get(job_pause(run.job_name)),
                last_run=run,
            )
        )
    return jobs


def _run_of(cursor: str | None) -> tuple[datetime, int] | None:
    """Read which run the page before ended with. Raises: RequestRefused."""
    key = read_cursor(cursor, str, int)
    return key and (read_moment(key[0]), key[1])
