"""`gaugehouse jobs`: what ran, what runs next, and how it ended."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.runtime.job_schedules import job_schedules
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.jobs import Job, jobs_of
from gaugehouse_cli.screen import err, moment, name, number, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="What ran, what runs next, and how it ended.", no_args_is_help=True)


@verb(app, "list", over_api=True)
def list_jobs(deployment: Deployment) -> Answer:
    """Show each job's newest run and its next one. Exit code 1 if one is failing or overdue."""
    jobs = find_jobs(deployment)

    def show() -> None:
        print_jobs(jobs)
        _print_reasons(jobs)
        if not deployment.runs_schedules:
            err.print("No schedules run here, so there are no next runs.", style="dim")

    return Answer(
        document=[job.as_dict() for job in jobs],
        show=show,
        healthy=not any(job.is_failing or job.is_overdue for job in jobs),
    )


@verb(app, "history", over_api=True)
def history(
    deployment: Deployment,
    job_name: Annotated[str, typer.Argument(metavar="NAME", help="A task, or poll:SOURCE.")],
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many runs.")] = 20,
) -> Answer:
    """Show the runs of one job, newest first."""
    runs = deployment.operate("jobs_history", job_name=job_name, limit=limit)
    if not runs and job_name not in (
        known := job_schedules()
    ):  # mistyped: it must not look as if it never ran
        raise OperationRefused(f"no job is called {job_name}; there are {', '.join(known)}")
    rows = [
        (
            moment(run["started_at"]),
            _slot(run["slot"]),
            run["trigger"],
            state(run["status"]),
            _seconds(run["started_at"], run["completed_at"]),
            run["rows_affected"],
        )
        for run in runs
    ]
    columns = [
        name("Started (UTC)"), name("Slot"), name("Trigger"), name("State"), number("Took"), number("Rows"),
    ]  # fmt: skip
    reasons = [(moment(run["started_at"]), run["error_text"]) for run in runs if run["error_text"]]

    def show() -> None:
        print_rows(f"Runs of {job_name}", columns, rows)
        if reasons:
            print_rows("Why", [name("Started (UTC)"), text("What the run says")], reasons)

    return Answer(document=runs, show=show)


def find_jobs(deployment: Deployment) -> list[Job]:
    """Ask how every job stands."""
    return jobs_of(
        deployment.operate("jobs_list"),
        job_schedules(),
        now=datetime.now(UTC),
        runs_schedules=deployment.runs_schedules,
        since=deployment.since,
    )


def print_jobs(jobs: list[Job]) -> None:
    """Print how every job stands."""
    rows = [
        (
            job.job_name,
            state("paused") if job.pause else state(job.status),
            moment(job.last_run["started_at"] if job.last_run else None),
            job.last_run["rows_affected"] if job.last_run else None,
            moment(job.next_run_at),
        )
        for job in jobs
    ]
    columns = [
        name("Job"), name("State"), name("Last run (UTC)"), number("Rows"), name("Next run (UTC)"),
    ]  # fmt: skip
    print_rows("Jobs", columns, rows)


def _print_reasons(jobs: list[Job]) -> None:
    """Print why newest runs failed or were skipped, which is too long for the table of jobs."""
    rows = [
        (job.job_name, job.last_run["error_text"])
        for job in jobs
        if job.last_run and job.last_run["error_text"]
    ]
    if rows:
        print_rows("Why", [name("Job"), text("What its newest run says")], rows)


def _slot(slot: str) -> str:
    """Write the time that a run was for. A run by hand without one has a slot that nobody else has."""
    try:
        datetime.fromisoformat(slot)
    except ValueError:  # the id of a request
        return "its own"
    return slot


def _seconds(started: str, completed: str | None) -> str:
    if completed is None:
        return ""
    took = datetime.fromisoformat(completed) - datetime.fromisoformat(started)
    return f"{took.total_seconds():.2f} s"
