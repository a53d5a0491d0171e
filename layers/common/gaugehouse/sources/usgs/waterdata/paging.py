"""All pages of one answer of the modern API, or none of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import (
    ConfigurationInvalid,
    DocumentInvalid,
    GaugehouseError,
    SourceBusy,
    SourceUnavailable,
)
from gaugehouse.domain.quotas import Budget
from gaugehouse.sources.http import DEADLINE_SECONDS, GZIP, Manner, download
from gaugehouse.sources.http_answers import Refusal, shown
from gaugehouse.sources.usgs.waterdata.pages import MAX_PAGE_BYTES, read_page
from gaugehouse.sources.usgs.waterdata.refusals import KEY_SETTING, explain

if TYPE_CHECKING:
    import requests

_LONGEST_ADDRESS = 16_000
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimits:
    """What one answer may take: an agency in disorder must not fill memory, nor keep us for ever.

    The session may have less time left than these; then that counts.
    """

    pages: int = 200
    page_bytes: int = MAX_PAGE_BYTES
    total_bytes: int = 200_000_000
    seconds: float = 300.0
    request_seconds: float = DEADLINE_SECONDS


def fetch_pages(
    session: "requests.Session",
    url: str,
    *,
    api_key: str | None,
    take_turn: Callable[[], None],
    on_budget: Callable[[Budget], None],
    limits: PageLimits = PageLimits(),
) -> tuple[Download, ...]:
    """Download a page and all that follow it, as the agency links them.

    `take_turn` is called before every request, and waits or raises until one may be sent; `on_budget` is
    told what each answer, also a refusal, says of our quota. The key goes to the host of `url` only: not
    along a redirect, and not into any message.
    Raises: RateLimited (429), SourceUnavailable (retryable; also when the agency leads to another host, in a
    circle, or to more than `limits`), RequestInvalid (400), ApiKeyInvalid, ConfigurationInvalid (a key that
    is none), DocumentNotFound (404), DocumentInvalid (no page of features), and what `take_turn` raises.
    Whatever page it is that fails, none of the others is returned; the message names it.
    """
    fetching = _Fetching(session, _checked(api_key), take_turn, on_budget, limits)
    pages: list[Download] = []
    seen: set[str] = set()
    next_url: str | None = url
    while next_url is not None:
        number = len(pages) + 1
        try:
            _refuse_circle(next_url, seen)
            if number > limits.pages:
                raise SourceUnavailable(f"{shown(url)} has more than {limits.pages} pages")
            page = fetching.page(next_url, limits.total_bytes - sum(len(page.content) for page in pages))
            pages.append(page)
            next_url = _next_url(page)
        except GaugehouseError as error:
            shows_key = api_key is not None and api_key in str(error)
            raise _of_page(number, error, api_key) from (None if shows_key else error)
    return tuple(pages)


class _Fetching:
    """One answer that is being fetched: how it is asked for, and until when."""

    def __init__(
        self,
        session: "requests.Session",
        api_key: str | None,
        take_turn: Callable[[], None],
        on_budget: Callable[[Budget], None],
        limits: PageLimits,
    ) -> None:
        self._session = session
        self._take_turn = take_turn
        self._on_budget = on_budget
        self._limits = limits
        self._ends_at = time.monotonic() + limits.seconds
        key = {} if api_key is None else {"X-Api-Key": api_key}
        # A redirect would be a request without a turn, and could carry the key to another host.
        self._manner = Manner(headers={**GZIP, **key}, follow_redirects=False, explain=self._explain)

    def page(self, url: str, bytes_left: int) -> Download:
        """Download one page, in its turn."""
        self._take_turn()
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            raise SourceUnavailable(f"{shown(url)} was not asked for: {self._limits.seconds:g} s are over")
        try:
            page = download(
                self._session,
                url,
                max_bytes=min(self._limits.page_bytes, bytes_left),
                timeout=(5, self._limits.request_seconds),
                deadline_seconds=min(seconds, self._limits.request_seconds),
                manner=self._manner,
            )
        except DocumentInvalid as error:  # the next answer may be smaller
            raise SourceUnavailable(str(error)) from error
        if page.budget is not None:
            self._on_budget(page.budget)
        return page

    def _explain(self, refusal: Refusal) -> GaugehouseError | None:
        if refusal.budget is not None:
            self._on_budget(refusal.budget)
        return explain(refusal)


def _checked(api_key: str | None) -> str | None:
    """Refuse a key that cannot stand in a header: the library's own error would show it."""
    if api_key is None:
        return None
    if (
        not api_key.isascii()
        or not api_key.isprintable()
        or " " in api_key
        or not 0 < len(api_key) < _LONGEST_KEY
    ):
        raise ConfigurationInvalid(
            f"the secret that {KEY_SETTING} names is not an API key: it must be one word of ASCII characters"
        )
    return api_key


def _next_url(page: Download) -> str | None:
    """Return where the page leads to. Raises: SourceUnavailable (elsewhere)."""
    href = read_page(page.content, shown(page.url)).next_address
    if href is None:
        return None
    if len(href) > _LONGEST_ADDRESS or not href.isascii() or not href.isprintable() or " " in href:
        raise SourceUnavailable(f"the next link is no address; it begins {href[:80]!r}")
    try:
        address = urljoin(page.url, href)
        elsewhere = _origin(address) != _origin(page.url)
    except ValueError as error:
        raise SourceUnavailable(f"the next link is no address ({error}); it begins {href[:80]!r}") from error
    if elsewhere:
        raise SourceUnavailable(
            f"the next link leads to another host: {shown(address)}; our key and questions stay at the agency"
        )
    return address


def _origin(url: str) -> tuple[str, str | None, int | None, bool]:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, port, parts.username is not None


def _refuse_circle(url: str, seen: set[str]) -> None:
    """Refuse an address or a cursor that was there before: such pages never end."""
    marks = {url, *(f"cursor={cursor}" for cursor in parse_qs(urlsplit(url).query).get("cursor", []))}
    if marks & seen:
        raise SourceUnavailable(f"the agency's pages lead in a circle: {shown(url)} was there before")
    seen |= marks


def _of_page(number: int, error: GaugehouseError, api_key: str | None) -> GaugehouseError:
    """Return the error with its page's number, and without the key where an answer repeated it."""
    if type(error) is SourceBusy:  # nothing was asked, so no page failed
        return error
    message = str(error).replace(api_key, "(our key)") if api_key else str(error)
    unused = f" (the {number - 1} before it are not used)" if number > 1 else ""
    return type(error)(f"page {number}{unused}: {message}", retry_after_seconds=error.retry_after_seconds)
