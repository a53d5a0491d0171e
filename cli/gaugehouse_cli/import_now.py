"""`gaugehouse import fopr`: have gauges imported before everything automatic, and wait for the proof."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from gaugehouse.domain.gauges import MCFCD
from gaugehouse.domain.import_jobs import FOPR, ImportRequest
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import Standing, follow_imports, state_of, sweep
from gaugehouse_cli.import_file import offer_file
from gaugehouse_cli.import_range import Part, ask_for, import_parts
from gaugehouse_cli.import_summary import document_of, print_states, print_summary
from gaugehouse_cli.options import AgainOption, EnqueueOption, FileOption, WaitOption
from gaugehouse_cli.pages import all_pages
from gaugehouse_cli.proof import proof_mark
from gaugehouse_cli.screen import name, number, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="Have documents imported now.", no_args_is_help=True)

WAIT_SECONDS = 900


@verb(app, "fopr", run_importers=True)
def fopr(
    deployment: Deployment,
    *,
    station_id: Annotated[str | None, typer.Option(metavar="ID", help="One gauge.")] = None,
    station_ids: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="Several gauges, separated by commas.")
    ] = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="All gauges of the network that are known.")
    ] = False,
    file: FileOption = None,
    again: AgainOption = False,
    enqueue_only: EnqueueOption = False,
    wait: WaitOption = None,
) -> Answer:
    """Import the full record of gauges, before everything automatic, and show their proof.

    Gauges that are named are always asked for, of --all those that are not fresh. A --file is of the one
    gauge that is named. Exit code 1 if one failed, did not end in time, or (when named) contradicts its own
    document.
    """
    if [station_id is not None, station_ids is not None, everyone].count(True) != 1:
        raise typer.BadParameter("give one of --station-id, --station-ids and --all")
    if file is not None and station_id is None:
        raise typer.BadParameter("a file is of one gauge: name it with --station-id")
    if everyone:
        return _import_all(deployment, again=again, enqueue_only=enqueue_only, wait=wait)
    wanted = [part.strip() for part in (station_ids or station_id or "").split(",") if part.strip()]
    if not wanted:
        raise typer.BadParameter("name at least one gauge")
    states = _ask_for(deployment, wanted, file)
    if enqueue_only:
        return Answer(document=states, show=lambda: _print_states(states))
    standings = follow_imports(
        deployment, [(FOPR.value, each) for each in wanted], wait_seconds=wait or WAIT_SECONDS
    )
    return Answer(
        document=standings,
        show=lambda: _print_standings(standings),
        healthy=all(found["status"] == "completed" and not found["mismatches"] for found in standings),
    )


def _ask_for(deployment: Deployment, wanted: Sequence[str], file: Path | None) -> dict[str, str]:
    if file is not None:
        [station_id] = wanted
        return {station_id: offer_file(deployment, ImportRequest(kind=FOPR, subject=station_id), file)}
    states: dict[str, str] = deployment.operate("imports_request", kind=FOPR.value, subjects=wanted)
    if deployment.stays:
        sweep(deployment)
    return states


def _import_all(deployment: Deployment, *, again: bool, enqueue_only: bool, wait: int | None) -> Answer:
    gauges = all_pages(deployment, "gauges_list", "gauges", network=MCFCD)
    requests = [ImportRequest(kind=FOPR, subject=gauge["station_id"]) for gauge in gauges]
    if enqueue_only:
        states = ask_for(deployment, requests, again=again)
        return Answer(document=states, show=lambda: print_states(states))
    parts = [Part(name="full records", requests=requests)]
    outcome = import_parts(deployment, parts, again=again, continue_on_error=True, wait_seconds=wait)
    return Answer(
        document=document_of(outcome), show=lambda: print_summary(parts, outcome), healthy=outcome.healthy
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
