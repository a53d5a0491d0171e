"""The part of `sources.http` that needs requests: what is retried, how long, and when all of it ends.

Only `sources.http` imports this module, and only when something is downloaded.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection as StdlibConnection
from typing import Any, Self

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import MaxRetryError
from urllib3.util.retry import Retry

from gaugehouse.domain.errors import SourceUnavailable
from gaugehouse.sources.http_answers import shown
from gaugehouse.sources.http_sockets import OpenSockets

LONGEST_WAIT_IN_PLACE_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 86_400.0  # a server that asks for more than a day has a broken clock


def new_session(user_agent: str, seconds_left: Callable[[], float]) -> requests.Session:
    """Make a session whose every connection, try and wait is bounded."""
    session = requests.Session()
    session.trust_env = False
    session.verify = certifi.where()
    session.max_redirects = 5
    # Without compression in transit, Content-Length tells whether the document is whole.
    session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "identity"})
    adapter = BoundedAdapter(seconds_left)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


@contextmanager
def overall_deadline(session: requests.Session, url: str, seconds: float) -> Iterator[None]:
    """End everything that `session` still does after `seconds`, and say so with SourceUnavailable.

    Where the session itself has less time left, that is the end; nothing is begun when it has none.

    Raises: SourceUnavailable; TypeError for a session that `open_session` did not make.
    """
    adapter = session.get_adapter(url)
    if not isinstance(adapter, BoundedAdapter):
        raise TypeError("this session has no deadlines; make it with open_session")
    seconds = min(seconds, adapter.seconds_left())
    if seconds <= 0:
        raise SourceUnavailable(f"{shown(url)} was not asked for: the time of this run is up")
    sockets = adapter.sockets
    sockets.reopen(seconds)
    timer = threading.Timer(seconds, sockets.shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if not sockets.are_shut:
            raise
        raise SourceUnavailable(f"{shown(url)} was not complete after {round(seconds, 1):g} s") from error
    finally:
        timer.cancel()
        timer.join()
    # A body of unknown length ends normally when its socket is shut: what came is not the whole.
    if sockets.are_shut:
        raise SourceUnavailable(f"{shown(url)} was not complete after {round(seconds, 1):g} s")


def retry_after_seconds(value: str | None, *, answered: str | None = None) -> float | None:
    """Read a Retry-After header, in seconds or as an HTTP date; None when it is absent or malformed.

    `answered` is the answer's own Date header: a date is meant by the agency's clock, and ours may be wrong.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        # Beyond nine digits the number means nothing, and beyond 4,300 Python refuses to read it.
        return min(float(text[:10]), LONGEST_WAIT_SECONDS)
    try:
        wait = (_http_date(text) - _agency_time(answered)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT_SECONDS)


def _agency_time(answered: str | None) -> datetime:
    try:
        return _http_date(answered or "")
    except (ValueError, OverflowError):
        return datetime.now(UTC)


def _http_date(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


class PoliteRetry(Retry):
    """urllib3's Retry, but it waits as long as the agency asks only where that is short.

    urllib3 itself would sleep for whatever Retry-After says, and raise on a malformed one.
    """

    def get_retry_after(self, response: urllib3.BaseHTTPResponse) -> float | None:
        """Return the wait in place that `response` asks for, in seconds."""
        return retry_after_seconds(response.headers.get("Retry-After"), answered=response.headers.get("Date"))

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: urllib3.BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> Self:
        """Count one try; give up at once where another try would be impolite."""
        if response is not None:
            wait = self.get_retry_after(response)
            # Only a short wait that the agency itself names is waited for here. Any other try would
            # come sooner than our distance between requests: the ledger's minutes are the answer.
            if wait is None or wait > min(LONGEST_WAIT_IN_PLACE_SECONDS, _pool.sockets.seconds_left):
                raise MaxRetryError(_pool, url or "")
        return super().increment(method, url, response, error, _pool, _stacktrace)


class BoundedAdapter(HTTPAdapter):
    """requests' adapter with `PoliteRetry`, and with sockets that a deadline can shut."""

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        self.seconds_left = seconds_left
        self.sockets = OpenSockets()
        super().__init__(
            max_retries=PoliteRetry(
                total=2,
                connect=2,  # nothing reached the agency
                read=0,
                status=2,
                redirect=0,  # requests follows redirects itself
                allowed_methods={"GET"},
                status_forcelist={429, 503},
                backoff_factor=0.3,
                raise_on_status=False,
            )
        )

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools as requests does, then have them use connections that register."""
        super().init_poolmanager(*args, **kwargs)
        manager: Any = self.poolmanager  # its table of pool classes is missing from the published types
        manager.pool_classes_by_scheme = {
            "http": _pool_of(urllib3.HTTPConnectionPool, HTTPConnection, self.sockets),
            "https": _pool_of(urllib3.HTTPSConnectionPool, HTTPSConnection, self.sockets),
        }


def _pool_of(pool: type[Any], connection: type[StdlibConnection], sockets: OpenSockets) -> type[Any]:
    def connect(self: Any) -> None:
        if sockets.are_shut:  # an error that is tried again would only be met by the next connection
            raise SourceUnavailable("no connection is begun after the deadline")
        connection.connect(self)
        sockets.add(self.sock)

    registering = type(connection.__name__, (connection,), {"connect": connect})
    return type(pool.__name__, (pool,), {"ConnectionCls": registering, "sockets": sockets})
