"""What ran, what runs next, and what is paused."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from psycopg import Connection

from gaugehouse.domain.job_runs import JobRun, is_failing
from gaugehouse.domain.pauses import Pause, job_pause
from gaugehouse.domain.schedule_expression import next_run, parse_schedule
from gaugehouse.runtime.api.answers import described
from gaugehouse.runtime.api.cursors import read_cursor, read_moment, write_cursor
from gaugehouse.runtime.api.lists import answer_list
from gaugehouse.runtime.api.negotiation import CSV
from gaugehouse.runtime.api.pages import Page, page_of
from gaugehouse.runtime.api.parameters import Cursor, Limit
from gaugehouse.runtime.api.request import connection_of, new_router, wiring_of
from gaugehouse.store import job_runs, pauses
from gaugehouse.store.connection import database_time

router = new_router()

RUN_COLUMNS = (
    "id", "job_name", "slot", "reference_time", "trigger", "status", "started_at", "completed_at",
    "rows_affected", "error_text",
)  # fmt: skip
JOB_COLUMNS = (
    "job_name", "schedule", "next_run_at", "is_failing", "last_succeeded_at", "last_failed_at",
    "last_scheduled_at", "pause.reason", "last_run.status", "last_run.started_at", "last_run.completed_at",
    "last_run.rows_affected", "last_run.error_text",
)  # fmt: skip
PAUSE_COLUMNS = tuple(field.name for field in fields(Pause))

JobName = Annotated[
    str,
    Path(
        max_length=100,
        description="A task (`check_staleness`) or a poll (`poll:mcfcd_gauge_list`)",
        examples=["poll:mcfcd_gauge_list"],
    ),
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


@router.get(
    "/jobs", tags=["operations"], responses=described(Page[Job], "One item for each job", other=(CSV,))
)
def list_jobs() -> Response[str]:
    """List the jobs that have run, each with its newest run and its next scheduled time."""
    conn = connection_of(router)
    runs_schedules = wiring_of(router).api_settings.schedules_state == "ENABLED"
    jobs = _jobs(conn, runs_schedules=runs_schedules)
    return answer_list(router, Page(items=jobs, next_cursor=None), JOB_COLUMNS)


@router.get(
    "/jobs/<job_name>", tags=["operations"], responses=described(Page[JobRun], "Its runs", other=(CSV,))
)
def list_job_runs(job_name: JobName, limit: Limit = 100, cursor: Cursor = None) -> Response[str]:
    """List the runs of one job, newest first; none for a name that never ran. They are kept for 30 days."""
    runs = job_runs.history(connection_of(router), job_name, limit=limit + 1, before=_run_of(cursor))
    page = page_of(runs, limit, lambda run: write_cursor(run.started_at.isoformat(), run.id))
    return answer_list(router, page, RUN_COLUMNS)


@router.get("/pauses", tags=["operations"], responses=described(Page[Pause], "What is paused", other=(CSV,)))
def list_pauses() -> Response[str]:
    """List what an operator has paused: a source, a task, or all imports."""
    page = Page(items=pauses.active(connection_of(router)), next_cursor=None)
    return answer_list(router, page, PAUSE_COLUMNS)


def _jobs(conn: Connection, *, runs_schedules: bool) -> list[Job]:
    # The registries lead to every service; no other route needs them.
    from gaugehouse.runtime.job_schedules import job_schedules

    now = database_time(conn)
    schedules = job_schedules()
    paused = {pause.name: pause for pause in pauses.active(conn)}
    runs = job_runs.latest(conn)
    milestones = {past.job_name: past for past in job_runs.milestones(conn)}  # after it: each run has its own
    jobs = []
    for run in runs:
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
