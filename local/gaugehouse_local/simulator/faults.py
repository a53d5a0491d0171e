"""Faults of a web server, to order: what an agency's site does on its bad days."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from threading import Lock

HTML_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server does with one request.

    `sent_bytes` cuts the body short of its declared length; `stall_seconds` answers nothing for that
    long and then hangs up; `reset` breaks the connection at once.
    """

    status: int
    body: bytes = b""
    content_type: str = HTML_TYPE
    headers: tuple[tuple[str, str], ...] = ()
    sent_bytes: int | None = None
    stall_seconds: float | None = None
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of bad answer. `spoil` turns the answer that would have been right into the wrong one."""

    name: str
    spoil: Callable[[Answer], Answer]

    @classmethod
    def html(cls) -> "Fault":
        """A page with status 200 where a document should be."""
        page = html_page("Scheduled maintenance", "This service is temporarily unavailable.")
        return cls("html", lambda _: Answer(status=200, body=page))

    @classmethod
    def status(cls, code: int) -> "Fault":
        """An error page with this status."""
        page = html_page(f"{code} - Error", "The server cannot answer this request.")
        return cls(f"status {code}", lambda _: Answer(status=code, body=page))

    @classmethod
    def too_many_requests(cls, *, retry_after: str | datetime | None = None) -> "Fault":
        """429. `retry_after` is the header: seconds as text, or an aware UTC time sent as an HTTP date."""
        wait = format_datetime(retry_after, usegmt=True) if isinstance(retry_after, datetime) else retry_after
        headers = (("Retry-After", wait),) if wait is not None else ()
        page = html_page("429 - Too Many Requests", "Slow down.")
        return cls("too many requests", lambda _: Answer(status=429, body=page, headers=headers))

    @classmethod
    def timeout(cls, seconds: float = 3600) -> "Fault":
        """No answer for so many seconds, then a closed connection. It ends when the simulator stops."""
        return cls("timeout", lambda right: Answer(status=right.status, stall_seconds=seconds))

    @classmethod
    def truncated(cls, sent_bytes: int) -> "Fault":
        """The right headers and only the first bytes of the body."""
        return cls(
            "truncated",
            lambda right: replace(right, sent_bytes=sent_bytes),
        )

    @classmethod
    def empty(cls) -> "Fault":
        """Status 200 and no byte."""
        return cls("empty", lambda right: Answer(status=200, content_type=right.content_type))

    @classmethod
    def replace(cls, content: bytes) -> "Fault":
        """Other bytes under the document's own type."""
        return cls("replace", lambda right: Answer(status=200, body=content, content_type=right.content_type))

    @classmethod
    def drop(cls) -> "Fault":
        """The connection is reset before any answer."""
        return cls("drop", lambda right: Answer(status=right.status, reset=True))


@dataclass(frozen=True, slots=True)
class FaultOrder:
    """A fault for the next `times` requests whose path ends so; None means every one from now on.

    The path must also begin with `path_prefix`, and the decoded query or form must contain `query`. The
    first `after` requests that fit are answered rightly: `after=1` spoils the second one.
    """

    path_suffix: str
    fault: Fault
    times: int | None = 1
    path_prefix: str = field(default="", kw_only=True)
    query: str = field(default="", kw_only=True)
    after: int = field(default=0, kw_only=True)

    def fits(self, path: str, query: str) -> bool:
        """Tell whether a request, by its decoded path and query, is one of those that are meant."""
        return path.endswith(self.path_suffix) and path.startswith(self.path_prefix) and self.query in query


@dataclass(slots=True)
class _OpenOrder:
    order: FaultOrder
    waiting: int  # requests that fit and are still to be answered rightly
    left: int | None


@dataclass(slots=True)
class FaultBook:
    """The orders that are still open, oldest first. Safe to use from several threads."""

    _open: list[_OpenOrder] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, order: FaultOrder) -> None:
        """Take an order. Raises ValueError where it is for less than one request."""
        if order.times is not None and order.times < 1:
            raise ValueError(f"a fault is ordered for at least one request, not {order.times}")
        with self._lock:
            self._open.append(_OpenOrder(order, order.after, order.times))

    def take(self, path: str, query: str = "") -> Fault | None:
        """Return the fault that this request gets, and use up one of its times."""
        with self._lock:
            for entry in self._open:
                if not entry.order.fits(path, query):
                    continue
                if entry.waiting > 0:
                    entry.waiting -= 1
                    continue
                if entry.left is not None:
                    entry.left -= 1
                    if entry.left == 0:
                        self._open.remove(entry)
                return entry.order.fault
        return None

    def clear(self) -> None:
        """Cancel every open order."""
        with self._lock:
            self._open.clear()


def html_page(title: str, text: str) -> bytes:
    """Return a page as web servers of this kind send them."""
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">\r\n'
        f"<html><head><title>{title}</title></head>\r\n"
        f"<body><h1>{title}</h1><p>{text}</p></body></html>\r\n"
    ).encode()
