"""What a client asks a collection of the modern services for, read from the parameters of its query."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.paging import Cursor, first_cursor, read_cursor
from gaugehouse_local.simulator.usgs.refusals import invalid_value
from gaugehouse_local.simulator.usgs.sites import SimulatedSite

MAX_LIMIT = 50_000
DEFAULT_LIMIT = 10
_ANYWHERE = {
    "limit", "cursor", "f", "lang", "properties", "skipGeometry", "bbox", "state_code", "state_name",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query, understood. An empty filter means everything; `cursor.now` is the time to answer of."""

    sites: tuple[SimulatedSite, ...]
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    properties: frozenset[str] | None
    geometry: bool
    limit: int
    cursor: Cursor

    def wants(self, name: str, value: str) -> bool:
        """Tell whether a filter lets a value through."""
        chosen = self.only.get(name)
        return not chosen or value in chosen


def read_question(
    parameters: Mapping[str, str],
    network: Network,
    *,
    site_filter: str,
    filters: frozenset[str],
    times: frozenset[str],
) -> Question:
    """Read a query. `site_filter` names the parameter that lists sites; `filters` and `times` are the others.

    Raises Refused for a parameter that the collection does not have, or with a value that makes no sense.
    """
    unknown = sorted(set(parameters) - _ANYWHERE - filters - times - {site_filter, "monitoring_location_id"})
    if unknown:
        raise invalid_value(f"unknown query parameter: {unknown[0]}")
    if parameters.get("f", "json") != "json":
        raise invalid_value("the simulator writes f=json only")
    properties = _listed(parameters, "properties")
    cursor = parameters.get("cursor")
    return Question(
        sites=_sites(parameters, network, site_filter),
        only={name: _listed(parameters, name) for name in filters},
        times={name: parameters[name] for name in times if name in parameters},
        properties=properties or None,
        geometry=parameters.get("skipGeometry", "false").lower() != "true",
        limit=_limit(parameters),
        cursor=read_cursor(cursor) if cursor else first_cursor(network.present),
    )


def _limit(parameters: Mapping[str, str]) -> int:
    text = parameters.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise invalid_value("limit value should be strictly positive")
    if int(text) > MAX_LIMIT:
        raise invalid_value(f"Limit of {MAX_LIMIT} exceeded")
    return int(text)


def _listed(parameters: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(part for part in parameters.get(name, "").split(",") if part)


def _sites(parameters: Mapping[str, str], network: Network, site_filter: str) -> tuple[SimulatedSite, ...]:
    asked = {*_listed(parameters, site_filter), *_listed(parameters, "monitoring_location_id")}
    found = [network.site(site_id) for site_id in asked] if asked else network.sites
    codes, names = _listed(parameters, "state_code"), _listed(parameters, "state_name")
    box = _box(parameters)
    chosen = [
        site
        for site in found
        if site is not None
        and (not codes or site.state.code in codes)
        and (not names or site.state.name in names)
        and (box is None or (box[0] <= site.longitude <= box[2] and box[1] <= site.latitude <= box[3]))
    ]
    return tuple(sorted(chosen, key=lambda site: site.index))


def _box(parameters: Mapping[str, str]) -> tuple[float, ...] | None:
    if "bbox" not in parameters:
        return None
    try:
        box = tuple(float(part) for part in parameters["bbox"].split(","))
    except ValueError:
        box = ()
    if len(box) != 4:
        raise invalid_value("bbox values must be four numbers: west, south, east, north")
    return box
