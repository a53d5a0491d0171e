"""How Gaugehouse asks an agency for a document: politely, within bounds of time and size, or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import DocumentInvalid, DocumentNotFound, SourceUnavailable
from gaugehouse.domain.quotas import Budget

if TYPE_CHECKING:
    import requests

# The whole of one download, with its retries and waits. A server that sends a byte now and then keeps
# every single read within its time-out, so the reads need a common end.
DEADLINE_SECONDS = 60.0
_CHUNK_BYTES = 64 * 1024
_MAX_ETAG_LENGTH = 1024
_USUAL_WINDOW_SECONDS = 3600
_LONGEST_WINDOW_SECONDS = 86_400  # a reset that is further away is a time of day, not a wait


def open_session(user_agent: str) -> "requests.Session":
    """Make the session for one agency. It tells who we are and trusts certifi's certificates.

    The environment (proxies, .netrc, other certificate bundles) has no say. A session serves one
    download at a time.
    """
    # requests costs 100 ms of a cold start, so only a handler that downloads pays for it.
    from gaugehouse.sources import http_transport

    return http_transport.new_session(user_agent)


def download(
    session: "requests.Session",
    url: str,
    *,
    max_bytes: int,
    timeout: tuple[float, float] = (5, 30),
    etag: str | None = None,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> Download | None:
    """Get one document, or None when `etag` was given and the agency still has that version.

    `timeout` is the wait for a connection and for each read, in seconds. `session` comes from
    `open_session`. It asks again only where no request arrived (two more connections) or where the agency
    named a wait of at most 10 s (twice): any other try is the ledger's, minutes later.
    Raises: DocumentNotFound (404), DocumentInvalid (larger than `max_bytes`), SourceUnavailable
    (anything else that is not the whole document; `retry_after_seconds` is what the agency asked for).
    """
    from gaugehouse.sources import http_transport

    headers = {} if etag is None else {"If-None-Match": etag}
    with _network_errors_named(url), http_transport.overall_deadline(session, url, deadline_seconds):
        response = session.get(url, headers=headers, timeout=timeout, stream=True)
        with response:
            if response.status_code == 304 and etag is not None:
                return None
            _refuse_other_than_ok(response, url)
            return Download(
                url=url,
                content=_whole_body(response, url, max_bytes),
                etag=_etag(response),
                last_modified=_last_modified(response),
                budget=read_budget(response.headers),
            )


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
        raise SourceUnavailable(f"{url} could not be read: {_innermost(error)}") from error


def _innermost(error: Exception) -> Exception:
    """Return what really happened; requests and urllib3 wrap it up to three times."""
    inner = getattr(error, "reason", None) or next(iter(error.args), None)
    return _innermost(inner) if isinstance(inner, Exception) else error


def _refuse_other_than_ok(response: "requests.Response", url: str) -> None:
    from gaugehouse.sources import http_transport

    status = response.status_code
    if status == 200:
        return
    if status == 404:
        raise DocumentNotFound(f"{url} does not exist (status 404)")
    meaning = _MEANINGS.get(status, "")
    raise SourceUnavailable(
        f"{url} answered with status {status}{meaning}",
        retry_after_seconds=http_transport.retry_after_seconds(
            response.headers.get("Retry-After"), answered=response.headers.get("Date")
        ),
    )


_MEANINGS = {
    403: ": we may be blocked; look at the User-Agent and at how often we ask",
    429: ": we ask too often",
    503: ": the agency is overloaded or down for maintenance",
}


def _whole_body(response: "requests.Response", url: str, max_bytes: int) -> bytes:
    declared = response.headers.get("Content-Length", "")
    length = int(declared) if declared.isascii() and declared.isdigit() else None
    if length is not None and length > max_bytes:
        raise DocumentInvalid(f"{url} has {length} bytes, more than the {max_bytes} that we take")
    content = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        content += chunk
        if len(content) > max_bytes:
            raise DocumentInvalid(f"{url} has more than the {max_bytes} bytes that we take")
    # A body that came compressed in transit has another length; urllib3 has checked that one.
    if length is not None and "Content-Encoding" not in response.headers and len(content) != length:
        raise SourceUnavailable(f"{url} was cut off: {len(content)} of {length} bytes came")
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
