"""How the HTTP API is asked: one key, one host, bounded times, and errors in a sentence."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gaugehouse import __version__
from gaugehouse.domain.errors import GaugehouseError

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session

BASE = "/api/v1"
TIMEOUT_SECONDS = (5, 35)  # for the connection, and for each read: the HTTP API gives up after 30
HERE = {"localhost", "127.0.0.1", "::1"}


class ApiRefused(GaugehouseError):
    """The API answered with an error; the message has its own words, which say what to send instead."""

    def __init__(self, status: int, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds)
        self.status = status


class ApiUnreachable(GaugehouseError):
    """There is no Gaugehouse API at the address, or it does not answer; the message says what is there."""

    retryable = True


class ApiTransport:
    """Makes requests to one API. `url` is with or without `/api/v1`; `key` None reads what is public.

    Raises: ApiUnreachable where the address is none or would send the key over the network as clear text, or
    the key is none.
    """

    def __init__(self, url: str, key: str | None) -> None:
        address = urlsplit(url.rstrip("/"))
        if address.scheme not in ("http", "https") or not address.hostname or address.query:
            raise ApiUnreachable(f"{url!r} is no address of an API, such as https://gauges.example.org")
        if key is not None and address.scheme == "http" and address.hostname not in HERE:
            raise ApiUnreachable(f"{url} would carry the key as clear text: use https")
        if key is not None and not (key.isascii() and key.isprintable()):
            raise ApiUnreachable("the key holds characters that no key has: copy it again")
        self.url = url.rstrip("/").removesuffix(BASE) + BASE
        self._session = _new_session(key)

    def send(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, object] | None = None,
        body: object = None,
    ) -> bytes:
        """Make one request; return the content of its answer. Parameters that are None are left out.

        Raises: ApiRefused, ApiUnreachable.
        """
        import requests

        try:
            answer = self._session.request(
                method,
                f"{self.url}{path}",
                params={name: str(value) for name, value in (parameters or {}).items() if value is not None},
                json=body,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,  # the key is for this host
            )
        except requests.RequestException as error:
            raise ApiUnreachable(f"{self.url} does not answer: {_reason(error)}") from error
        if not answer.ok or answer.is_redirect:
            raise _refusal(answer)
        return answer.content

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _new_session(key: str | None) -> "Session":
    import requests

    session = requests.Session()  # it asks for gzip by itself
    session.headers["User-Agent"] = f"gaugehouse-cli/{__version__}"
    session.headers["Accept"] = "application/json"
    session.auth = lambda request: _with_key(request, key)  # set in any case, or .netrc would be asked
    return session


def _with_key(request: "PreparedRequest", key: str | None) -> "PreparedRequest":
    if key is not None:
        request.headers["Authorization"] = f"Bearer {key}"
    return request


def _refusal(answer: "Response") -> GaugehouseError:
    if answer.is_redirect:
        elsewhere = answer.headers["location"][:200]
        return ApiUnreachable(f"{answer.url} leads on to {elsewhere}: give that address")
    try:
        problem: Any = json.loads(answer.content)
        detail = problem["detail"]
    except (ValueError, TypeError, KeyError):
        return ApiUnreachable(
            f"{answer.url} answers {answer.status_code}: it is no Gaugehouse API, or it is down"
        )
    wait = answer.headers.get("retry-after", "")
    return ApiRefused(
        answer.status_code,
        f"{answer.status_code} {answer.reason}: {detail}",
        retry_after_seconds=float(wait) if wait.isdecimal() else None,
    )


def _reason(error: Exception) -> str:
    """Say the innermost reason: requests wraps several into one another."""
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    return str(inner) or type(inner).__name__
