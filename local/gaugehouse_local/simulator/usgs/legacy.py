"""The legacy services `iv` and `dv`: WaterML as JSON, as the agency writes it until it closes them."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from gaugehouse_local.simulator.agency import Request
from gaugehouse_local.simulator.faults import Answer, html_page
from gaugehouse_local.simulator.usgs.daily_values import daily_values
from gaugehouse_local.simulator.usgs.epoch import DAY, date_of, instant, seconds_of
from gaugehouse_local.simulator.usgs.legacy_answers import (
    INSTANTANEOUS_STATISTIC,
    response,
    time_series,
)
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.refusals import Refused
from gaugehouse_local.simulator.usgs.series import SimulatedSeries
from gaugehouse_local.simulator.usgs.sites import SimulatedSite
from gaugehouse_local.simulator.usgs.spans import MICROSECONDS, read_span
from gaugehouse_local.simulator.usgs.states import hours_behind_utc

MAX_SITES = 100
_KNOWN = {"format", "sites", "parameterCd", "statCd", "period", "startDT", "endDT", "siteStatus"}
_HOUR = 3600


def instantaneous(network: Network, request: Request) -> bytes:
    """Answer `/nwis/iv/`: a series for each site and parameter, in it an entry for each method.

    Raises Refused: 404 where there is not one value, 400 for a question that makes no sense.
    """
    now = network.present
    found = []
    for site in _sites(network, request):
        start, end = _window(request, site, now)
        for code, methods in _by_parameter(network, request, site).items():
            values = [(one, network.values(one, start, end, now)) for one in methods]
            values = [(one, of_method) for one, of_method in values if of_method]
            if values:
                named = f"{site.agency_code}:{site.number}:{code}:{INSTANTANEOUS_STATISTIC}"
                texts = [
                    (one, [_in_clock_time(site, value.time) for value in some], some) for one, some in values
                ]
                found.append(time_series(network, named, INSTANTANEOUS_STATISTIC, texts))
    if not found:
        raise Refused(_no_data())
    return json.dumps(response(network, request, found)).encode()


def daily(network: Network, request: Request) -> bytes:
    """Answer `/nwis/dv/`: a series for each site, parameter and statistic, even where it has no values.

    Raises Refused: 404 where there is no series, 400 for a question that makes no sense.
    """
    now = network.present
    statistics = _listed(request, "statCd")
    found = []
    for site in _sites(network, request):
        start, end = _window(request, site, now)
        behind = site.state.behind_utc * _HOUR
        for code, methods in _by_parameter(network, request, site).items():
            series = next((one for one in map(network.daily_of, methods) if one is not None), None)
            if series is None or (statistics and series.statistic_id not in statistics):
                continue
            first, last = ((moment - behind) // DAY for moment in (start, end))
            values = daily_values(series, first, last, network.end_of(series.source), now)
            named = f"{site.agency_code}:{site.number}:{code}:{series.statistic_id}"
            days = [f"{date_of(value.time)}T00:00:00.000" for value in values]
            found.append(time_series(network, named, series.statistic_id, [(series.source, days, values)]))
    if not found:
        raise Refused(_no_data())
    return json.dumps(response(network, request, found)).encode()


LEGACY_SERVICES: Mapping[str, Callable[[Network, Request], bytes]] = {
    "/nwis/iv": instantaneous,
    "/nwis/dv": daily,
}


def _sites(network: Network, request: Request) -> list[SimulatedSite]:
    """Return the sites that are asked for, by their number or as `USGS:05568500`."""
    parameters = request.parameters
    numbers = [text.rpartition(":")[2] for text in _listed(request, "sites")]
    unknown = sorted(set(parameters) - _KNOWN)
    if unknown or parameters.get("format") != "json" or not 1 <= len(numbers) <= MAX_SITES:
        reason = f"unknown parameter {unknown[0]}" if unknown else "format=json and 1 to 100 sites, please"
        raise Refused(_bad_request(reason))
    return [site for number in numbers if (site := network.site_by_number(number))]


def _by_parameter(
    network: Network, request: Request, site: SimulatedSite
) -> dict[str, list[SimulatedSeries]]:
    asked = _listed(request, "parameterCd")
    methods: dict[str, list[SimulatedSeries]] = {}
    for series in network.series_of(site.site_id):
        if not asked or series.parameter.code in asked:
            methods.setdefault(series.parameter.code, []).append(series)
    return methods


def _window(request: Request, site: SimulatedSite, now: int) -> tuple[int, int]:
    """Return the seconds that are asked for; without any, the newest day's. Bare times are the site's own."""
    parameters = request.parameters
    if "startDT" not in parameters:
        try:
            start = read_span(parameters.get("period", "P1D"), now).start
        except Refused:
            start = None
        if start is None or not parameters.get("period", "P1D").startswith("P"):
            raise Refused(_bad_request("period is no ISO 8601 duration"))
        return start // MICROSECONDS, now
    return _moment(parameters["startDT"], site), _moment(parameters.get("endDT", ""), site, now)


def _moment(text: str, site: SimulatedSite, default: int | None = None) -> int:
    if not text and default is not None:
        return default
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(_bad_request(f"{text!r} is no ISO 8601 time")) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC) + timedelta(hours=site.state.behind_utc)
        if default is not None and len(text) == len("2026-01-31"):
            moment += timedelta(days=1, seconds=-1)  # an end that is a day means all of it
    return seconds_of(moment)


def _in_clock_time(site: SimulatedSite, moment: int) -> str:
    behind = hours_behind_utc(site.state, moment)
    local = instant(moment) - timedelta(hours=behind)
    return f"{local:%Y-%m-%dT%H:%M:%S}.000-{behind:02d}:00"


def _listed(request: Request, name: str) -> list[str]:
    return [part for part in request.parameters.get(name, "").split(",") if part]


def _no_data() -> Answer:
    return Answer(status=404, body=html_page("HTTP Status 404 - No sites/data found", "No data."))


def _bad_request(reason: str) -> Answer:
    return Answer(status=400, body=html_page("HTTP Status 400 - Bad Request", reason))
