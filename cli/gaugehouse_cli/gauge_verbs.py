"""`gaugehouse gauges`: which gauges there are, and which are near a place."""

import re
from typing import Annotated, Any

import typer

from gaugehouse.domain.search_circle import KM_PER_MILE
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.pages import all_pages
from gaugehouse_cli.screen import name, number, out, print_rows, text
from gaugehouse_cli.verbs import Answer, verb

app = typer.Typer(help="Which gauges there are.", no_args_is_help=True)

POINTS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip
RADIUS = re.compile(r"(\d+(?:\.\d+)?)\s*(mi|km)")


def parse_radius(written: str) -> float:
    """Read a distance with its unit, `10mi` or `16km`; return statute miles.

    Raises: typer.BadParameter.
    """
    match = RADIUS.fullmatch(written.strip().lower())
    if match is None:
        raise typer.BadParameter(f"{written!r} is no distance such as 10mi or 16km")
    distance = float(match[1])
    return distance if match[2] == "mi" else distance / KM_PER_MILE


@verb(app, "near", takes_negatives=True, over_api=True)
def near(
    deployment: Deployment,
    latitude: Annotated[float, typer.Argument(min=-90, max=90, help="Decimal degrees, north positive.")],
    longitude: Annotated[
        float, typer.Argument(min=-180, max=180, help="Decimal degrees; west is negative, as -111.87.")
    ],
    radius: Annotated[
        float, typer.Option(parser=parse_radius, metavar="10mi|16km", help="How far to look.")
    ] = "10mi",  # type: ignore[assignment]  # typer parses it as it parses what is typed
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
) -> Answer:
    """Show the gauges around a place, the nearest first. One whose position is not known is in no place."""
    gauges = deployment.operate(
        "gauges_near", latitude=latitude, longitude=longitude, radius_miles=radius, limit=limit
    )
    return Answer(document=gauges, show=lambda: _print_near(gauges, radius))


@verb(app, "list", over_api=True)
def list_gauges(
    deployment: Deployment,
    network: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only those of one network: mcfcd, usgs.")
    ] = None,
) -> Answer:
    """Show every gauge and from when to when there is daily rainfall of it."""
    gauges = list(all_pages(deployment, "gauges_list", "gauges", network=network))
    return Answer(document=gauges, show=lambda: _print_list(gauges, network))


def _print_near(gauges: list[dict[str, Any]], radius: float) -> None:
    rows = [
        (
            gauge["station_id"],
            f"{gauge['distance_miles']:.1f}",
            f"{gauge['distance_miles'] * KM_PER_MILE:.1f}",
            _point(gauge["bearing_degrees"]) if gauge["distance_miles"] >= 0.01 else "here",
            gauge["name"],
            feet(gauge["elevation_ft"]),
            extent(gauge),
        )
        for gauge in gauges
    ]
    columns = [
        name("Gauge"), number("mi"), number("km"), name("To"), text("Name"), number("Elev. ft"),
        name("Daily rainfall"),
    ]  # fmt: skip
    empty = f"none within {radius:.1f} mi ({radius * KM_PER_MILE:.1f} km)"
    print_rows("Gauges near", columns, rows, empty=empty)
    out.print("A rain gauge has a position once its full record is imported.\n", style="dim")


def _print_list(gauges: list[dict[str, Any]], network: str | None) -> None:
    rows = [
        (
            gauge["station_id"],
            gauge["network"],
            ", ".join(word for word in (gauge["name"], gauge["city"]) if word),
            feet(gauge["elevation_ft"]),
            extent(gauge),
        )
        for gauge in gauges
    ]
    columns = [
        name("Gauge"), name("Network"), text("Name"), number("Elev. ft"), name("Daily rainfall"),
    ]  # fmt: skip
    empty = "none is known yet: gaugehouse up polls the agency's list"
    print_rows("Gauges", columns, rows, empty=empty if network is None else f"none of the network {network}")


def _point(bearing: float) -> str:
    """Name the point of the compass nearest to a bearing in degrees."""
    return POINTS[round(bearing / 22.5) % 16]


def feet(elevation: float | None) -> str:
    """Write an elevation in whole feet."""
    return "" if elevation is None else f"{elevation:,.0f}"


def extent(gauge: dict[str, Any]) -> str:
    """Write from when to when there is daily rainfall; nothing where it is not told."""
    if "first_day" not in gauge:
        return ""
    return f"{gauge['first_day']} to {gauge['last_day']}" if gauge["first_day"] else "none"
