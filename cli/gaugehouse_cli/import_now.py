"""`gaugehouse import fopr`: have gauges imported before everything automatic, and wait for the proof."""

import time
from typing import Annotated, Any

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.screen import Cell, err, name, number, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="Have documents imported now.", no_args_is_help=True)

LONGEST_RETRY_SECONDS = 10.0  # a retry further away is told, not waited for
SWEEP_EVERY_SECONDS = 30.0  # another publication may have been under way when we asked for ours
LOOK_EVERY_SECONDS = {True: 0.2, False: 2.0}  # on this machine, and in AWS

Standing = dict[str, Any]


@verb(app, "fopr", run_importers=True)
def fopr(
    deployment: Deployment,
    station_id: Annotated[str | None, typer.Option(metavar="ID", help="One gauge.")] = None,
    station_ids: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="Several gauges, separated by commas.")
    ] = None,
    enqueue_only: Annotated[
        bool, typer.Option("--enqueue-only", help="Ask for the import and do not wait for it.")
    ] = False,
    wait: Annotated[int, typer.Option(min=1, metavar="SECONDS", help="How long to wait.")] = 900,
) -> Answer:
    """Import the full record of gauges, before everything automatic, and show their proof.

    Exit code 1 if one failed, did not end in time, or contradicts its own document.
    """
    wanted = [part.strip() for part in (station_ids or station_id or "").split(",") if part.strip()]
    if not wanted or (station_id is not None and station_ids is not None):
        raise typer.BadParameter("give either --station-id or --station-ids")
    states = deployment.operate("imports_request", station_ids=wanted)
    if enqueue_only:
        if deployment.stays:
            _sweep(deployment)
        return Answer(document=states, show=lambda: _print_states(states))
    standings = _follow(deployment, wanted, deadline=time.monotonic() + wait)
    return Answer(
        document=standings,
        show=lambda: _print_standings(standings),
        healthy=all(found["status"] == "completed" and not found["mismatches"] for found in standings),
    )


def is_settled(standing: Standing) -> bool:
    """Say whether waiting for this import is over: done, failed for good, or its retry is far away."""
    if standing["status"] == "failed":
        retry = standing["next_retry_seconds"]
        return retry is None or retry > LONGEST_RETRY_SECONDS
    return bool(standing["status"] == "completed")


def _follow(deployment: Deployment, wanted: list[str], *, deadline: float) -> list[Standing]:
    """Show the progress until every import is settled, or the time is up, or imports turn out paused."""
    columns = (
        SpinnerColumn(), TextColumn("imports"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("imports", total=len(set(wanted)))
        next_sweep = 0.0
        while True:
            standings: list[Standing] = deployment.operate("imports_standing", station_ids=wanted)
            unsettled = [standing for standing in standings if not is_settled(standing)]
            bar.update(task, completed=len(standings) - len(unsettled))
            if not unsettled or time.monotonic() > deadline:
                return standings
            if any(_is_due(standing) for standing in unsettled) and time.monotonic() > next_sweep:
                if _sweep(deployment).get("paused"):
                    err.print("[yellow]Imports are paused:[/] `gaugehouse resume imports` lets them go on.")
                    return standings
                next_sweep = time.monotonic() + SWEEP_EVERY_SECONDS
            time.sleep(LOOK_EVERY_SECONDS[deployment.is_local])


def _is_due(standing: Standing) -> bool:
    retry = standing["next_retry_seconds"]
    return standing["status"] == "pending" or (retry is not None and retry <= 0)


def _sweep(deployment: Deployment) -> dict[str, Any]:
    """Have messages sent for what is due, and do not wait for the schedule."""
    summary: dict[str, Any] = deployment.run_task({"task": "requeue_imports"})
    return summary


def _print_states(states: dict[str, str]) -> None:
    print_rows("Asked for", [name("Gauge"), name("State")], [(each, state(states[each])) for each in states])


def _print_standings(standings: list[Standing]) -> None:
    rows = [
        (
            found["subject"],
            state(_state(found)),
            found["days"],
            found["first_date"],
            found["last_date"],
            f"{found['total_inches']:,.2f}" if found["total_inches"] is not None else None,
            _proof(found),
            found["error_message"],
        )
        for found in standings
    ]
    columns = [
        name("Gauge"), name("State"), number("Days"), name("From"), name("To"), number("Inches"),
        name("Proof"), text("Newest error"),
    ]  # fmt: skip
    print_rows("Imports", columns, rows)


def _state(found: Standing) -> str:
    """Name the state; a failed import with a retry to come is waiting."""
    retry = found["next_retry_seconds"]
    return str(found["status"]) if retry is None else f"waiting {max(0, retry):.0f} s"


def _proof(found: Standing) -> Cell:
    """Say how many totals the document states, and how many of them do not hold."""
    if found["claims"] is None:
        return None
    if found["mismatches"]:
        return Text(f"✗ {found['mismatches']}/{found['claims']}", style="bold red")
    return Text(f"✓ {found['claims']}", style="green") if found["claims"] else "no totals"
