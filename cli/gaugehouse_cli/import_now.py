"""`gaugehouse import fopr`: have gauges imported before everything automatic, and wait for the proof."""

from typing import Annotated

import typer

from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import Standing, follow_imports, state_of, sweep
from gaugehouse_cli.proof import proof_mark
from gaugehouse_cli.screen import name, number, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="Have documents imported now.", no_args_is_help=True)


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
    states = deployment.operate("imports_request", kind="fopr", subjects=wanted)
    if enqueue_only:
        if deployment.stays:
            sweep(deployment)
        return Answer(document=states, show=lambda: _print_states(states))
    standings = follow_imports(deployment, [("fopr", each) for each in wanted], wait_seconds=wait)
    return Answer(
        document=standings,
        show=lambda: _print_standings(standings),
        healthy=all(found["status"] == "completed" and not found["mismatches"] for found in standings),
    )


def _print_states(states: dict[str, str]) -> None:
    print_rows("Asked for", [name("Gauge"), name("State")], [(each, state(states[each])) for each in states])


def _print_standings(standings: list[Standing]) -> None:
    rows = [
        (
            found["subject"],
            state(state_of(found)),
            found["days"],
            found["first_date"],
            found["last_date"],
            f"{found['total_inches']:,.2f}" if found["total_inches"] is not None else None,
            proof_mark(found["claims"], found["mismatches"]),
            found["error_message"],
        )
        for found in standings
    ]
    columns = [
        name("Gauge"), name("State"), number("Days"), name("From"), name("To"), number("Inches"),
        name("Proof"), text("Newest error"),
    ]  # fmt: skip
    print_rows("Imports", columns, rows)
