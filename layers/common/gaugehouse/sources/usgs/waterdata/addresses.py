"""The addresses of the modern API: which collection, which sites, which window, and no more than we read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlencode

from gaugehouse.domain.errors import RequestInvalid
from gaugehouse.sources.usgs.station_ids import location_id_of

BASE_URL = "https://api.waterdata.usgs.gov/ogcapi/v1"
PAGE_LIMIT = 50_000  # the most that the agency gives in one page
LONGEST_URL = 8_000  # it answers 414 a little above
LONGEST_WINDOW = timedelta(days=1_100)  # of `continuous`
_LITERAL = ",:/"  # commas divide lists, and need not be encoded in a query

BoundingBox = tuple[float, float, float, float]  # west, south, east, north in decimal degrees

_VALUE_PROPERTIES = (
    "time_series_id,monitoring_location_id,parameter_code,statistic_id,time,value,unit_of_measure,"
    "approval_status,qualifier,last_modified"
)
_LOCATION_PROPERTIES = (
    "agency_code,monitoring_location_number,monitoring_location_name,state_name,county_name,site_type,"
    "altitude,time_zone_abbreviation,uses_daylight_savings"
)
_SERIES_PROPERTIES = (
    "monitoring_location_id,parameter_code,statistic_id,unit_of_measure,begin_utc,end_utc,primary,"
    "computation_period_identifier,sublocation_identifier,web_description"
)


def continuous_url(
    base_url: str,
    *,
    sites: Sequence[str],
    parameter_codes: Sequence[str],
    start: datetime,
    end: datetime,
    modified_since: datetime | None = None,
) -> str:
    """Return the address of the instantaneous values in [start, end], both aware.

    `sites` are station ids. With `modified_since` only what the agency changed since then.
    Raises: RequestInvalid (a window of more than 1100 days, or one that ends before it begins).
    """
    if end - start > LONGEST_WINDOW:
        raise RequestInvalid(
            f"USGS continuous takes at most {LONGEST_WINDOW.days} days at once; {start} to {end} is longer"
        )
    return _values_url(
        base_url,
        "continuous",
        sites=sites,
        parameter_codes=parameter_codes,
        window=_window(start, end),
        modified_since=modified_since,
    )


def daily_url(
    base_url: str,
    *,
    sites: Sequence[str],
    parameter_codes: Sequence[str],
    start: date,
    end: date,
    modified_since: datetime | None = None,
) -> str:
    """Return the address of the daily values from `start` to `end`, local days, both included.

    Raises: RequestInvalid (a window that ends before it begins).
    """
    return _values_url(
        base_url,
        "daily",
        sites=sites,
        parameter_codes=parameter_codes,
        window=_window(start, end),
        modified_since=modified_since,
    )


def locations_url(
    base_url: str,
    *,
    sites: Sequence[str] = (),
    state_names: Sequence[str] = (),
    state_codes: Sequence[str] = (),
    bounding_box: BoundingBox | None = None,
) -> str:
    """Return the address of monitoring locations. All filters together; any word of a list."""
    return _items_url(
        base_url,
        "monitoring-locations",
        id=_listed(map(location_id_of, sites)),
        state_name=_listed(state_names),
        state_code=_listed(state_codes),
        bbox=_listed(bounding_box or ()),
        properties=_LOCATION_PROPERTIES,
    )


def series_url(
    base_url: str,
    *,
    sites: Sequence[str] = (),
    parameter_codes: Sequence[str] = (),
    state_names: Sequence[str] = (),
    bounding_box: BoundingBox | None = None,
) -> str:
    """Return the address of the descriptions of time series. Filters as of `locations_url`."""
    return _items_url(
        base_url,
        "time-series-metadata",
        monitoring_location_id=_listed(map(location_id_of, sites)),
        parameter_code=_listed(parameter_codes),
        state_name=_listed(state_names),
        bbox=_listed(bounding_box or ()),
        properties=_SERIES_PROPERTIES,
        skipGeometry="true",
    )


def group_sites(
    sites: Iterable[str], url_of: Callable[[Sequence[str]], str], *, most: int | None = None
) -> list[tuple[str, ...]]:
    """Divide sites into groups whose address, as `url_of` builds it, stays under 8000 characters.

    Every site is in one group, in order, once. `most` bounds the sites of a group further: a long window of
    many sites would be more than fits into memory. Raises: RequestInvalid (not even one site fits).
    """
    groups: list[list[str]] = []
    length = LONGEST_URL
    for site in dict.fromkeys(sites):
        added = len(_encoded(location_id_of(site))) + 1
        if length + added >= LONGEST_URL or len(groups[-1]) == most:
            groups.append([])
            length, added = len(url_of([site])), 0
            if length >= LONGEST_URL:
                raise RequestInvalid(f"an address for the one site {site[:60]!r} has {length} characters")
        groups[-1].append(site)
        length += added
    return [tuple(group) for group in groups]


def _values_url(
    base_url: str,
    collection: str,
    *,
    sites: Sequence[str],
    parameter_codes: Sequence[str],
    window: str,
    modified_since: datetime | None,
) -> str:
    return _items_url(
        base_url,
        collection,
        monitoring_location_id=_listed(map(location_id_of, sites)),
        parameter_code=_listed(parameter_codes),
        time=window,
        last_modified=f"{_stamp(modified_since)}/.." if modified_since else "",
        properties=_VALUE_PROPERTIES,
        skipGeometry="true",
    )


def _items_url(base_url: str, collection: str, **parameters: str) -> str:
    asked = {name: value for name, value in parameters.items() if value}
    query = urlencode({**asked, "limit": PAGE_LIMIT, "f": "json"}, safe=_LITERAL, quote_via=quote)
    return f"{base_url.rstrip('/')}/collections/{collection}/items?{query}"


def _listed(words: Iterable[object]) -> str:
    return ",".join(str(word) for word in words)


def _encoded(text: str) -> str:
    return quote(text, safe=_LITERAL)


def _window(start: date, end: date) -> str:
    if end < start:
        raise RequestInvalid(f"the window from {start} to {end} ends before it begins")
    return f"{_stamp(start)}/{_stamp(end)}"


def _stamp(moment: date) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no offset")
    # Whole seconds: an earlier start asks for a second more, which does no harm.
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
