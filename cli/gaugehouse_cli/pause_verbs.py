"""`gaugehouse pause` and `gaugehouse resume`: stop a source, a task or all imports for a while."""

from datetime import datetime
from typing import Annotated, Any

import typer

from gaugehouse.domain.pauses import IMPORTS, job_pause
from gaugehouse.runtime.job_schedules import job_schedules
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.screen import moment, name, print_rows, text
from gaugehouse_cli.times import parse_time
from gaugehouse_cli.verbs import Answer

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="task:NAME, source:NAME, or imports for all imports.")
]


def pause(
    deployment: Deployment,
    what: NameArgument,
    reason: Annotated[str, typer.Option(help="Why, for whoever looks next.")],
    until: Annotated[
        datetime | None,
        typer.Option(
            parser=parse_time, metavar="TIME", help="When it resumes by itself, e.g. 2026-11-20T06:00Z."
        ),
    ] = None,
) -> Answer:
    """Pause a source, a task or all imports; again: with the new reason and end."""
    known = {IMPORTS, *map(job_pause, job_schedules())} - {"task:migrate"}
    if what not in known:
        raise typer.BadParameter(f"nothing is called {what!r}; there are {', '.join(sorted(known))}")
    resumes_at = None if until is None else until.isoformat()
    return _told(deployment.operate("pause", name=what, reason=reason, resumes_at=resumes_at))


def resume(deployment: Deployment, what: NameArgument) -> Answer:
    """End a pause."""
    return _told(deployment.operate("resume", name=what))


def print_pauses(pauses: list[dict[str, Any]]) -> None:
    """Print what is paused."""
    rows = [
        (
            pause["name"],
            moment(pause["paused_at"]),
            moment(pause["resumes_at"]) or "someone resumes it",
            pause["reason"],
        )
        for pause in pauses
    ]
    columns = [name("Paused"), name("Since (UTC)"), name("Until (UTC)"), text("Reason")]
    print_rows("Paused", columns, rows, empty="nothing")


def _told(pauses: list[dict[str, Any]]) -> Answer:
    return Answer(document=pauses, show=lambda: print_pauses(pauses))
