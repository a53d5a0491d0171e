"""`gaugehouse backfill usgs`: have a stream gauge's past fetched, and wait for it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.domain.import_jobs import Kind
from gaugehouse.runtime.function_answer import FunctionFailed
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.follow_imports import Standing, follow_imports, state_of, sweep
from gaugehouse_cli.screen import err, name, number, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="Have the past of stream gauges fetched.", no_args_is_help=True)


class What(StrEnum):
    """What of the past: the agency's daily values, its instantaneous ones, or both."""

    DAILY = "daily"
    CONTINUOUS = "continuous"
    BOTH = "both"


KINDS = {
    What.DAILY: [Kind.USGS_DAILY],
    What.CONTINUOUS: [Kind.USGS_CONTINUOUS],
    What.BOTH: [Kind.USGS_DAILY, Kind.USGS_CONTINUOUS],
}


@verb(app, "usgs", run_importers=True)
def usgs(
    deployment: Deployment,
    *,
    site: Annotated[str, typer.Option("--site", metavar="ID", help="The agency's site id, as 05568500.")],
    first_day: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="First day.")
    ],
    last_day: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="DAY", help="Last day; today unless given."),
    ] = None,
    what: Annotated[What, typer.Option("--what", help="Which values.")] = What.BOTH,
    again: Annotated[bool, typer.Option("--again", help="Also what was fetched before.")] = False,
    enqueue_only: Annotated[bool, typer.Option("--enqueue-only", help="Ask for it and do not wait.")] = False,
    wait: Annotated[int, typer.Option(min=1, metavar="SECONDS", help="How long to wait.")] = 3600,
) -> Answer:
    """Fetch a site's past: daily values by decades, instantaneous ones by water years.

    Only what is missing is asked for, so that the same command goes on where it was stopped. Exit code 1 if
    a part failed or did not end in time.
    """
    not_looked_up = _look_up(deployment, site)
    try:
        states: dict[str, str] = deployment.operate(
            "backfill_request",
            station_id=site,
            kinds=[kind.value for kind in KINDS[what]],
            first_day=_iso(first_day),
            last_day=last_day and _iso(last_day),
            again=again,
        )
    except FunctionFailed:
        if not_looked_up is not None:  # nothing is known of the site, and that is why
            raise not_looked_up from None
        raise
    wanted = [(kind, subject) for kind, _, subject in (window.partition(" ") for window in states)]
    if enqueue_only:
        if deployment.stays:
            sweep(deployment)
        return Answer(document=states, show=lambda: _print_states(states))
    standings = follow_imports(deployment, wanted, wait_seconds=wait)
    return Answer(
        document=standings,
        show=lambda: _print_standings(standings),
        healthy=all(standing["status"] == "completed" for standing in standings),
    )


def _look_up(deployment: Deployment, site: str) -> FunctionFailed | None:
    """Have the agency asked what the site measures now, and since when.

    Return the error where it could not be asked: what is known of the site may be enough, and all else of
    the command needs no request where everything is done.
    """
    try:
        deployment.poll({"source": "usgs_sites", "sites": [site]})
    except FunctionFailed as error:
        if error.error_type != PollIncomplete.__name__:
            raise
        err.print(f"{site} is not looked up again: {error}", style="yellow", markup=False)
        return error
    return None


def _iso(day: datetime) -> str:
    return date(day.year, day.month, day.day).isoformat()


def _print_states(states: dict[str, str]) -> None:
    rows = [(_part(*window.split(" ")), state(status)) for window, status in states.items()]
    print_rows("Asked for", [name("Water years"), name("State")], rows)


def _print_standings(standings: list[Standing]) -> None:
    rows = [
        (
            _part(standing["kind"], standing["subject"]),
            state(state_of(standing)),
            standing["days"],
            (standing["first_date"] or "")[:10],
            (standing["last_date"] or "")[:10],
            standing["inserted"],
            standing["revised"],
        )
        for standing in standings
    ]
    columns = [
        name("Water years"), name("State"), number("Stored"), name("From"), name("To"), number("New"),
        number("Revised"),
    ]  # fmt: skip
    print_rows("Backfill", columns, rows, empty="nothing lies in these days")
    errors = [
        (_part(standing["kind"], standing["subject"]), standing["error_message"])
        for standing in standings
        if standing["status"] != "completed"
    ]
    if errors:
        print_rows("Not done", [name("Water years"), text("Newest error")], errors)


def _part(kind: str, subject: str) -> str:
    years = subject.rpartition(":")[2]
    return f"{years} daily" if kind == Kind.USGS_DAILY else years
