"""`gaugehouse task`: the maintenance tasks, and running one by hand."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from gaugehouse.domain.errors import OperationRefused
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.job_verbs import find_jobs
from gaugehouse_cli.screen import Cell, moment, name, print_facts, print_rows, state, text
from gaugehouse_cli.times import parse_time
from gaugehouse_cli.verbs import Answer, verb

if TYPE_CHECKING:
    from gaugehouse.runtime.tasks import Task

app = typer.Typer(help="The maintenance tasks, and running one by hand.", no_args_is_help=True)


@verb(app, "list", over_api=True)
def list_tasks(deployment: Deployment) -> Answer:
    """Show every task: its schedule, next and last run, and what it does."""
    from gaugehouse.runtime.tasks import TASKS

    jobs = {job.job_name: job for job in find_jobs(deployment)}
    tasks = [(task, jobs[task.name]) for task in TASKS.values() if task.name in jobs]
    rows = [
        (
            task.name,
            state("paused") if job.pause else state(job.status),
            moment(job.last_run["started_at"] if job.last_run else None),
            moment(job.next_run_at),
        )
        for task, job in tasks
    ]
    columns = [name("Task"), name("State"), name("Last run (UTC)"), name("Next run (UTC)")]
    duties = [(task.name, task.schedule or "manual", task.does) for task, _ in tasks]

    def show() -> None:
        print_rows("Tasks", columns, rows)
        print_rows("What they do", [name("Task"), name("Schedule"), text("Does")], duties)

    return Answer(
        document=[{"does": task.does, "timeout": task.timeout, **job.as_dict()} for task, job in tasks],
        show=show,
        healthy=not any(job.is_failing or job.is_overdue for _, job in tasks),
    )


@verb(app, "run")
def run(
    deployment: Deployment,
    task_name: Annotated[str, typer.Argument(metavar="NAME", help="See `gaugehouse task list`.")],
    reference_time: Annotated[
        datetime | None,
        typer.Option(
            parser=parse_time, metavar="TIME", help="The business time of the run, e.g. 2026-11-20T06:00Z."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run it although its slot is done.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what the run would meet.")] = False,
) -> Answer:
    """Run a task now, or say with --dry-run whether it would run.

    A run with a reference time has that time as its slot: asking again does nothing, without --force.
    """
    task = _task(task_name)
    event: dict[str, Any] = {"task": task.name, "force": force}
    if reference_time is not None:
        event["reference_time"] = reference_time.isoformat()
    if dry_run or reference_time is not None:
        preview = deployment.operate("preview", **event, in_slot=task.in_slot)
        if dry_run:
            return Answer(document=preview, show=lambda: _print_preview(preview))
        if preview["in_future"]:  # asked of the function, it would be a failed run: a slip of ours is none
            raise OperationRefused(f"{reference_time} is still to come")
    summary = deployment.run_task(event)
    return Answer(document=summary, show=lambda: _print_summary(task, summary))


def _task(name: str) -> "Task":
    from gaugehouse.runtime.tasks import TASKS

    runnable = {task.name: task for task in TASKS.values() if task.name != "operate"}
    if name not in runnable:
        raise typer.BadParameter(f"no task {name!r}; there are {', '.join(sorted(runnable))}")
    return runnable[name]


def _print_summary(task: "Task", summary: dict[str, Any]) -> None:
    skipped = summary.get("skipped")
    first: dict[str, Cell] = {task.name: state("skipped" if skipped else "succeeded")}
    print_facts(first | {name: _fact(value) for name, value in summary.items()})


def _print_preview(preview: dict[str, Any]) -> None:
    lock, pause = preview["lock"], preview["pause"]
    would = Text("yes", style="green") if preview["would_run"] else Text("no", style="yellow")
    facts: dict[str, Cell] = {
        "Task": preview["task"],
        "Slot": preview["slot"] or "its own: every run without a reference time has one",
        "Done before": "yes" if preview["done"] else "no",
        "Paused": pause["reason"] if pause else "no",
        "Lock": f"{lock['worker_id']} until {moment(lock['expires_at'])} UTC" if lock else "free",
        "Would run": would if preview["why_not"] is None else would.append(f": {preview['why_not']}"),
    }
    print_facts(facts)


def _fact(value: Any) -> Cell:
    return value if isinstance(value, int | str) and not isinstance(value, bool) else str(value)
