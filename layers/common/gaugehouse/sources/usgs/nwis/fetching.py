"""Where the legacy service's values are, how they are downloaded, and until when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import (
    DocumentNotFound,
    GaugehouseError,
    NoDataAvailable,
    RequestInvalid,
    SourceRetired,
)
from gaugehouse.sources.http import DEADLINE_SECONDS, GZIP, Manner, download, refuse_page
from gaugehouse.sources.http_answers import Refusal, shown
from gaugehouse.sources.usgs.nwis.documents import MAX_BYTES
from gaugehouse.sources.usgs.rate_limits import rate_limited
from gaugehouse.sources.usgs.texts import clean

if TYPE_CHECKING:
    import requests

BASE_URL = "https://waterservices.usgs.gov"
MAX_SITES = 100  # in one request
RETIRED_FROM = date(2027, 2, 22)
_TIMEOUT = (5, DEADLINE_SECONDS)  # it answers with deliberate delays in its last months


def fetch_iv(
    session: "requests.Session",
    base_url: str,
    sites: Sequence[str],
    *,
    parameter_codes: Sequence[str],
    start: datetime,
    end: datetime,
    today: date,
) -> Download:
    """Download the instantaneous values in [start, end], both aware, of up to 100 sites (station ids).

    Raises: SourceRetired (`today` is 2027-02-22 or later), NoDataAvailable (404: the service has nothing),
    RequestInvalid (no site, or too many; a window that ends before it begins), SourceUnavailable.
    """
    _refuse_retired(today)
    return _fetch(session, _url(base_url, "iv", sites, parameter_codes, (_stamp(start), _stamp(end))))


def fetch_dv(
    session: "requests.Session",
    base_url: str,
    sites: Sequence[str],
    *,
    parameter_codes: Sequence[str],
    start: date,
    end: date,
    today: date,
) -> Download:
    """Download the daily values from `start` to `end`, local days, both included. Raises as `fetch_iv`."""
    _refuse_retired(today)
    window = start.isoformat(), end.isoformat()
    return _fetch(session, _url(base_url, "dv", sites, parameter_codes, window))


def _refuse_retired(today: date) -> None:
    if today >= RETIRED_FROM:
        raise SourceRetired(
            f"the legacy service usgs_nwis was shut down on {RETIRED_FROM}: use the modern API, "
            "usgs_waterdata (set USGS_SERVICE to waterdata)"
        )


def _url(
    base_url: str, service: str, sites: Sequence[str], parameter_codes: Sequence[str], window: tuple[str, str]
) -> str:
    start, end = window
    if not 0 < len(sites) <= MAX_SITES:
        raise RequestInvalid(f"the legacy service takes 1 to {MAX_SITES} sites at once, not {len(sites)}")
    if end < start:
        raise RequestInvalid(f"the window from {start} to {end} ends before it begins")
    asked = {
        "format": "json",
        "sites": ",".join(map(_site, sites)),
        "parameterCd": ",".join(parameter_codes),
        "startDT": start,
        "endDT": end,
        "siteStatus": "all",
    }
    return f"{base_url.rstrip('/')}/nwis/{service}/?{urlencode(asked, safe=',:', quote_via=quote)}"


def _site(station_id: str) -> str:
    """Return what this service calls a station: agencies other than the USGS stand before a colon."""
    return station_id.replace("-", ":", 1)


def _stamp(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no offset")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _fetch(session: "requests.Session", url: str) -> Download:
    try:
        document = download(session, url, max_bytes=MAX_BYTES, timeout=_TIMEOUT, manner=_MANNER)
    except DocumentNotFound as error:  # its way of saying that there is no data
        raise NoDataAvailable(f"{shown(url)} has no data (status 404)") from error
    refuse_page(document.content, shown(url))
    return document


def _explain(refusal: Refusal) -> GaugehouseError | None:
    if refusal.status not in (400, 429):
        return None
    said = clean(refusal.body.decode("utf-8", "replace"), 300) or "no reason"
    text = f"{shown(refusal.url)} answered with status {refusal.status}: {said}"
    if refusal.status == 429:
        return rate_limited(text, refusal.retry_after_seconds)
    return RequestInvalid(text)


_MANNER = Manner(headers=GZIP, explain=_explain)
