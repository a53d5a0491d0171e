"""What an agency says of our request besides the document: its quota, or why there is no document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gaugehouse.domain.errors import DocumentNotFound, GaugehouseError, SourceUnavailable
from gaugehouse.domain.quotas import Budget

if TYPE_CHECKING:
    import requests

_REFUSAL_BYTES = 4 * 1024
_LONGEST_SHOWN_URL = 300
_USUAL_WINDOW_SECONDS = 3600
_LONGEST_WINDOW_SECONDS = 86_400  # a reset that is further away is a time of day, not a wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer other than the document. `body` is its beginning, where an agency may say why."""

    url: str
    status: int
    body: bytes
    location: str | None  # where a redirect leads to that was not followed
    retry_after_seconds: float | None
    budget: Budget | None


Explain = Callable[[Refusal], GaugehouseError | None]


def refuse_other_than_ok(response: "requests.Response", url: str, explain: Explain | None) -> None:
    """Raise unless the answer is a document: what `explain` makes of it, or else the usual error."""
    if response.status_code == 200:
        return
    refusal = _refusal(response, url, with_body=explain is not None)
    raise (explain and explain(refusal)) or _usual_error(refusal)


def _refusal(response: "requests.Response", url: str, *, with_body: bool) -> Refusal:
    from gaugehouse.sources import http_transport

    return Refusal(
        url=url,
        status=response.status_code,
        body=_beginning(response) if with_body else b"",
        location=response.headers.get("Location"),
        retry_after_seconds=http_transport.retry_after_seconds(
            response.headers.get("Retry-After"), answered=response.headers.get("Date")
        ),
        budget=read_budget(response.headers),
    )


def _beginning(response: "requests.Response") -> bytes:
    import requests
    import urllib3

    try:
        return next(iter(response.iter_content(_REFUSAL_BYTES)), b"")
    except (requests.RequestException, urllib3.exceptions.HTTPError):
        return b""  # the status says enough


def _usual_error(refusal: Refusal) -> GaugehouseError:
    if refusal.status == 404:
        return DocumentNotFound(f"{shown(refusal.url)} does not exist (status 404)")
    return SourceUnavailable(
        f"{shown(refusal.url)} answered with status {refusal.status}{_MEANINGS.get(refusal.status, '')}",
        retry_after_seconds=refusal.retry_after_seconds,
    )


_MEANINGS = {
    403: ": we may be blocked; look at the User-Agent and at how often we ask",
    429: ": we ask too often",
    503: ": the agency is overloaded or down for maintenance",
}


def read_budget(headers: Mapping[str, str]) -> Budget | None:
    """Read X-RateLimit-Limit, -Remaining and -Reset (seconds; an hour where it is absent).

    None where the agency says nothing, or nonsense.
    """
    limit, remaining = (_whole_number(headers.get(f"X-RateLimit-{name}")) for name in ("Limit", "Remaining"))
    if not limit or remaining is None:
        return None
    window = _whole_number(headers.get("X-RateLimit-Reset")) or _USUAL_WINDOW_SECONDS
    return Budget(
        limit=limit, remaining=min(remaining, limit), window_seconds=min(window, _LONGEST_WINDOW_SECONDS)
    )


def _whole_number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 13 else None


def shown(url: str) -> str:
    """Return an address as a message shows it: one that names hundreds of sites only by its beginning."""
    if len(url) <= _LONGEST_SHOWN_URL:
        return url
    return f"{url[:_LONGEST_SHOWN_URL]}... ({len(url)} characters)"
