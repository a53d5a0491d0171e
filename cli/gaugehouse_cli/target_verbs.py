"""`gaugehouse targets`: which gauges are polled one by one, and how they are doing."""

from typing import Annotated, Any

import typer
from rich.text import Text

from gaugehouse.domain.series import USGS
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.screen import Cell, moment, name, print_facts, print_rows, state, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(
    help="The stream gauges that are polled, and the rain gauges that are watched.", no_args_is_help=True
)

SiteIds = Annotated[list[str], typer.Argument(metavar="SITE...", help="The agency's site ids, as 01646500.")]


@verb(app, "list")
def list_targets(
    deployment: Deployment,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were removed.")] = False,
    unhealthy: Annotated[
        bool, typer.Option("--unhealthy", help="Only those with a series that is not active.")
    ] = False,
) -> Answer:
    """Show the sites that are polled: when last, and how their series are doing."""
    targets = [
        target
        for target in deployment.operate("targets_list")
        if (everything or target["active"]) and (not unhealthy or _is_unhealthy(target))
    ]
    return Answer(document=targets, show=lambda: _print_targets(targets))


@verb(app, "add")
def add(
    deployment: Deployment,
    sites: SiteIds,
    called: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What the one site is called, to find out a wrong id."),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="usgs, or mcfcd_tips to watch the tips of rain gauges (59700).")
    ] = "usgs",
) -> Answer:
    """Poll sites from the next poll on. That one asks what they measure.

    With a name it is compared with the agency's, of which it may be the first words; another one is listed
    by `gaugehouse rejects list`.
    """
    answer = deployment.operate("targets_add", station_ids=sites, name=called, source=source)
    return Answer(document=answer, show=lambda: print_facts({"Added": answer["added"]}))


@verb(app, "remove")
def remove(deployment: Deployment, sites: SiteIds) -> Answer:
    """Poll sites no longer. What is stored stays."""
    answer = deployment.operate("targets_remove", station_ids=sites)
    return Answer(document=answer, show=lambda: print_facts({"Removed": answer["removed"]}))


def _is_unhealthy(target: dict[str, Any]) -> bool:
    return bool(target["last_poll_failed"] or target["degraded"] or target["offline"])


def _print_targets(targets: list[dict[str, Any]]) -> None:
    rows = [
        (
            target["station_id"],
            _how(target),
            f"{target['series'] - target['degraded'] - target['offline']}/{target['series']}",
            moment(target["last_polled_at"]) or "never",
            moment(target["latest_reading_time"]) or "never",
            _said(target),
        )
        for target in targets
    ]
    columns = [
        name("Site"), name("State"), name("OK"), name("Last poll (UTC)"), name("Newest (UTC)"),
        text("Name or error"),
    ]  # fmt: skip
    print_rows("Sites", columns, rows)


def _said(target: dict[str, Any]) -> str:
    """Say what went wrong, or the name; and the source where it is no stream gauge's."""
    said = target["last_poll_error"] or target["name"] or ""
    return said if target["source"] == USGS else f"{said} ({target['source']})".strip()


def _how(target: dict[str, Any]) -> Cell:
    if not target["active"]:
        return state("removed")
    if target["discovered_at"] is None:
        return Text("failed", style="bold red") if target["last_poll_failed"] else state("new")
    if not target["series"]:
        return Text("ended" if target["ended"] else "no series", style="yellow")
    if target["offline"] == target["series"]:
        return Text("offline", style="bold red")
    return Text("degraded", style="yellow") if _is_unhealthy(target) else Text("active", style="green")
