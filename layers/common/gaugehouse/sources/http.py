"""How Gaugehouse asks an agency for a document: politely, within bounds of time and size, or not at all."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceUnavailable
from gaugehouse.sources.http_answers import Explain, Refusal, read_budget, refuse_other_than_ok, shown

if TYPE_CHECKING:
    import requests

# The whole of one download, with its retries and waits. A server that sends a byte now and then keeps
# every single read within its time-out, so the reads need a common end.
DEADLINE_SECONDS = 60.0
GZIP = {"Accept-Encoding": "gzip"}  # for text at volume; whether it is whole, its own reader must tell
_TIMEOUT = (5.0, 30.0)
_CHUNK_BYTES = 64 * 1024
_MAX_ETAG_LENGTH = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one agency is asked, and how its refusals are read.

    `headers` go with the request, and to wherever it is redirected: where one is a secret, redirects must
    not be followed. `explain` may know a better error than the usual one for an answer other than 200.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    follow_redirects: bool = True
    explain: Explain | None = None


def open_session(
    user_agent: str, *, seconds_left: Callable[[], float] = lambda: math.inf
) -> "requests.Session":
    """Make the session for one agency. It tells who we are and trusts certifi's certificates.

    The environment (proxies, .netrc, other certificate bundles) has no say. A session serves one
    download at a time. `seconds_left` is what is left to whoever runs: no download outlives that.
    """
    # requests costs 100 ms of a cold start, so only a handler that downloads pays for it.
    from gaugehouse.sources import http_transport

    return http_transport.new_session(user_agent, seconds_left)


def download(
    session: "requests.Session",
    url: str,
    *,
    max_bytes: int,
    timeout: tuple[float, float] = _TIMEOUT,
    form: Mapping[str, str] | None = None,
    deadline_seconds: float = DEADLINE_SECONDS,
    manner: Manner = Manner(),
) -> Download:
    """Get one document.

    `timeout` is the wait for a connection and for each read, in seconds. `session` comes from
    `open_session`, and ends all of it after `deadline_seconds`, or when its own time is up. It asks again
    only where no request arrived (two more connections) or where the agency named a wait of at most 10 s
    (twice): any other try is the ledger's, minutes later. With a `form` it is sent by POST, for pages that
    are asked that way; then a named wait is the caller's to keep.
    `manner` is for agencies that are to be asked otherwise than usual.
    Raises: DocumentNotFound (404), DocumentInvalid (larger than `max_bytes`), SourceUnavailable
    (anything else that is not the whole document; `retry_after_seconds` is what the agency asked for), and
    what the manner's `explain` returns.
    """
    from gaugehouse.sources import http_transport

    with _network_errors_named(url), http_transport.overall_deadline(session, url, deadline_seconds):
        response = session.request(
            "GET" if form is None else "POST",
            url,
            data=form,
            headers=manner.headers,
            timeout=timeout,
            stream=True,
            allow_redirects=manner.follow_redirects,
        )
        with response:
            refuse_other_than_ok(response, url, manner.explain)
            return Download(
                url=url,
                content=_whole_body(response, url, max_bytes),
                etag=_etag(response),
                last_modified=_last_modified(response),
                budget=read_budget(response.headers),
            )


def download_if_changed(
    session: "requests.Session",
    url: str,
    *,
    etag: str | None,
    max_bytes: int,
    timeout: tuple[float, float] = _TIMEOUT,
) -> Download | None:
    """Get one document as `download` does, or None when the agency still has the version `etag`."""
    if etag is None:
        return download(session, url, max_bytes=max_bytes, timeout=timeout)
    manner = Manner(headers={"If-None-Match": etag}, explain=_unchanged)
    try:
        return download(session, url, max_bytes=max_bytes, timeout=timeout, manner=manner)
    except _Unchanged:
        return None


class _Unchanged(GaugehouseError):
    """The agency still has the version that was named."""


def _unchanged(refusal: Refusal) -> GaugehouseError | None:
    return _Unchanged(f"{shown(refusal.url)} is unchanged") if refusal.status == 304 else None


def refuse_page(content: bytes, name: str) -> None:
    """Raise SourceUnavailable when `content` is nothing, or a page where data should be."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise SourceUnavailable(f"{name} is empty; the agency may be replacing it just now")
    if start.startswith(b"<"):
        beginning = " ".join(start[:80].decode("ascii", "replace").split())
        raise SourceUnavailable(f"{name} is a web page instead of data; it begins: {beginning}")


@contextmanager
def _network_errors_named(url: str) -> Iterator[None]:
    import requests
    import urllib3

    try:
        yield
    # urllib3's own errors come through where requests does not wrap them, as in a broken redirect.
    except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
        raise SourceUnavailable(f"{shown(url)} could not be read: {_innermost(error)}") from error


def _innermost(error: Exception) -> Exception:
    """Return what really happened; requests and urllib3 wrap it up to three times."""
    inner = getattr(error, "reason", None) or next(iter(error.args), None)
    return _innermost(inner) if isinstance(inner, Exception) else error


def _whole_body(response: "requests.Response", url: str, max_bytes: int) -> bytes:
    declared = response.headers.get("Content-Length", "")
    length = int(declared) if declared.isascii() and declared.isdigit() else None
    if length is not None and length > max_bytes:
        raise DocumentInvalid(f"{shown(url)} has {length} bytes, more than the {max_bytes} that we take")
    content = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        content += chunk
        if len(content) > max_bytes:
            raise DocumentInvalid(f"{shown(url)} has more than the {max_bytes} bytes that we take")
    # A body that came compressed in transit has another length; urllib3 has checked that one.
    if length is not None and "Content-Encoding" not in response.headers and len(content) != length:
        raise SourceUnavailable(f"{shown(url)} was cut off: {len(content)} of {length} bytes came")
    return bytes(content)


def _etag(response: "requests.Response") -> str | None:
    etag = response.headers.get("ETag")
    return etag if etag and len(etag) <= _MAX_ETAG_LENGTH else None


def _last_modified(response: "requests.Response") -> datetime | None:
    try:
        moment = parsedate_to_datetime(response.headers.get("Last-Modified", ""))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
