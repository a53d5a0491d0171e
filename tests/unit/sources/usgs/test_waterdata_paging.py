"""Pages against a real server on this machine: all of them, or none; and the key stays at the agency."""

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import (
    ApiKeyInvalid,
    ConfigurationInvalid,
    DocumentInvalid,
    DocumentNotFound,
    GaugehouseError,
    RateLimited,
    RequestInvalid,
    SourceBusy,
    SourceUnavailable,
)
from gaugehouse.domain.quotas import Budget
from gaugehouse.sources.usgs.waterdata import PageLimits, fetch_pages
from tests.unit.sources.usgs.features import feature, page

KEY = "s3cretKEYs3cretKEY"
UNLIMITED = PageLimits()
PATH = "/ogcapi/v1/collections/continuous/items"


class Caller:
    """Whoever asks for pages: counts its turns and notes what it hears of its quota."""

    def __init__(self, server: HTTPServer, session: requests.Session) -> None:
        self.url = server.url_for(f"{PATH}?f=json")
        self.turns = 0
        self.budgets: list[Budget] = []
        self._session = session

    def fetch(
        self, *, api_key: str | None = KEY, limits: PageLimits = UNLIMITED, url: str | None = None
    ) -> tuple[Download, ...]:
        return fetch_pages(
            self._session,
            url or self.url,
            api_key=api_key,
            take_turn=self.take_turn,
            on_budget=self.budgets.append,
            limits=limits,
        )

    def take_turn(self) -> None:
        self.turns += 1

    def fails(
        self, kind: type[GaugehouseError], match: str, limits: PageLimits = UNLIMITED
    ) -> GaugehouseError:
        with pytest.raises(kind, match=match) as raised:
            self.fetch(limits=limits)
        error: BaseException | None = raised.value
        while error is not None:
            assert KEY not in str(error)
            error = None if error.__suppress_context__ and error.__cause__ is None else error.__context__
        return raised.value


@pytest.fixture
def caller(httpserver: HTTPServer, session: requests.Session) -> Caller:
    return Caller(httpserver, session)


def serve(server: HTTPServer, *answers: Response | Callable[[Request], Response]) -> None:
    """Answer one request after the other; further ones fail the test."""
    for answer in answers:
        handler = answer if callable(answer) and not isinstance(answer, Response) else _always(answer)
        server.expect_ordered_request(PATH).respond_with_handler(handler)


def _always(response: Response) -> Callable[[Request], Response]:
    return lambda _: response


def links(server: HTTPServer, cursor: str) -> str:
    return server.url_for(f"{PATH}?f=json&cursor={cursor}")


def ok(content: bytes, **headers: str) -> Response:
    return Response(content, 200, {name.replace("_", "-"): value for name, value in headers.items()})


def refused(status: int, body: object, **headers: str) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body)
    return Response(content, status, {name.replace("_", "-"): value for name, value in headers.items()})


def test_one_page(httpserver: HTTPServer, caller: Caller) -> None:
    content = page(feature())
    serve(httpserver, ok(content))
    (found,) = caller.fetch()
    assert (found.content, found.url, caller.turns, caller.budgets) == (content, caller.url, 1, [])
    request, _ = httpserver.log[0]
    assert request.headers["X-Api-Key"] == KEY
    assert request.headers["Accept-Encoding"] == "gzip"
    assert KEY not in request.url


def test_without_a_key_there_is_no_header(httpserver: HTTPServer, caller: Caller) -> None:
    serve(httpserver, ok(page()))
    caller.fetch(api_key=None)
    assert "X-Api-Key" not in httpserver.log[0][0].headers


def test_links_are_followed_as_given_until_there_is_none(httpserver: HTTPServer, caller: Caller) -> None:
    relative = f"{PATH}?cursor=c%2F3&f=json"
    pages = [
        page(feature("1"), next_url=links(httpserver, "2")),
        page(feature("2"), next_url=relative),
        page(feature("3")),
    ]
    serve(httpserver, *map(ok, pages))
    found = caller.fetch()
    assert [each.content for each in found] == pages
    assert caller.turns == 3
    assert [request.query_string for request, _ in httpserver.log] == [
        b"f=json",
        b"f=json&cursor=2",
        b"cursor=c%2F3&f=json",
    ]
    assert all(request.headers["X-Api-Key"] == KEY for request, _ in httpserver.log)


def test_an_empty_page_is_the_last_one_whatever_it_links(httpserver: HTTPServer, caller: Caller) -> None:
    serve(httpserver, ok(page(next_url=links(httpserver, "2"))))
    assert len(caller.fetch()) == 1


def test_pages_that_were_compressed_in_transit(httpserver: HTTPServer, caller: Caller) -> None:
    import gzip

    content = page(*[feature()] * 1_000)
    serve(httpserver, ok(gzip.compress(content), Content_Encoding="gzip"))
    assert caller.fetch()[0].content == content


def test_every_answer_says_how_much_is_left(httpserver: HTTPServer, caller: Caller) -> None:
    serve(
        httpserver,
        ok(
            page(feature(), next_url=links(httpserver, "2")),
            X_RateLimit_Limit="1000",
            X_RateLimit_Remaining="1",
        ),
        refused(429, {}, X_RateLimit_Limit="1000", X_RateLimit_Remaining="0"),
    )
    caller.fails(RateLimited, r"page 2 \(the 1 before it are not used\): .*we ask too often")
    assert [budget.remaining for budget in caller.budgets] == [1, 0]


def test_a_turn_that_is_refused_ends_it(httpserver: HTTPServer, caller: Caller) -> None:
    def busy() -> None:
        caller.turns += 1
        if caller.turns == 2:
            raise SourceBusy("usgs may be asked again in 60 s", retry_after_seconds=60)

    serve(httpserver, ok(page(feature(), next_url=links(httpserver, "2"))))
    caller.take_turn = busy  # type: ignore[method-assign]
    error = caller.fails(SourceBusy, "asked again in 60 s")
    assert error.retry_after_seconds == 60 and len(httpserver.log) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://localhost:{port}/x?cursor=2",
        "https://127.0.0.1:{port}/x?cursor=2",
        "http://127.0.0.1:9/x?cursor=2",
        "http://127.0.0.1/x?cursor=2",
        "http://127.0.0.1:{port}@example.org/x?cursor=2",
        "http://user@127.0.0.1:{port}/x?cursor=2",
        "//example.org/x?cursor=2",
        "ftp://127.0.0.1:{port}/x",
        "file:///etc/hosts",
        "javascript:void(0)",
    ],
)
def test_a_next_link_to_elsewhere_is_refused(httpserver: HTTPServer, caller: Caller, elsewhere: str) -> None:
    serve(httpserver, ok(page(feature(), next_url=elsewhere.format(port=httpserver.port))))
    error = caller.fails(SourceUnavailable, "page 1: the next link leads to another host: ")
    assert error.retryable and caller.turns == 1


@pytest.mark.parametrize(
    "broken", ["http://[::1", "http://127.0.0.1:99999999/x", "a b", "\x00", "/" * 20_000, "ü"]
)
def test_a_next_link_that_is_no_address_is_refused(
    httpserver: HTTPServer, caller: Caller, broken: str
) -> None:
    serve(httpserver, ok(page(feature(), next_url=broken)))
    caller.fails(SourceUnavailable, "page 1: .* no address")


def test_a_repeated_cursor_is_refused(httpserver: HTTPServer, caller: Caller) -> None:
    first, second = links(httpserver, "2"), links(httpserver, "2&again=1")
    serve(httpserver, ok(page(feature(), next_url=first)), ok(page(feature(), next_url=second)))
    caller.fails(SourceUnavailable, r"page 3 \(the 2 before it are not used\): .*lead in a circle")
    assert caller.turns == 2


def test_a_page_that_leads_to_itself_is_refused(httpserver: HTTPServer, caller: Caller) -> None:
    serve(httpserver, ok(page(feature(), next_url=caller.url)))
    caller.fails(SourceUnavailable, "lead in a circle")
    assert caller.turns == 1


def test_pages_without_end_are_refused(httpserver: HTTPServer, caller: Caller) -> None:
    serve(httpserver, *(ok(page(feature(), next_url=links(httpserver, str(number)))) for number in range(3)))
    caller.fails(SourceUnavailable, r"page 4 .*has more than 3 pages", limits=PageLimits(pages=3))
    assert caller.turns == 3


def test_too_many_bytes_in_a_page_and_in_all(httpserver: HTTPServer, caller: Caller) -> None:
    size = len(page(feature(), next_url=links(httpserver, "2")))
    serve(httpserver, ok(page(feature(), next_url=links(httpserver, "2"))), ok(page(feature())))
    error = caller.fails(
        SourceUnavailable, "page 2 .*more than the", limits=PageLimits(total_bytes=size + 10)
    )
    assert error.retryable
    httpserver.clear()
    serve(httpserver, ok(page(feature())))
    caller.fails(SourceUnavailable, "page 1: .*more than the 100", limits=PageLimits(page_bytes=100))


def test_no_page_is_begun_when_the_time_is_over(httpserver: HTTPServer, caller: Caller) -> None:
    def slow(_: Request) -> Response:
        time.sleep(0.3)
        return ok(page(feature(), next_url=links(httpserver, "2")))

    def wait() -> None:
        caller.turns += 1
        time.sleep(0.3 if caller.turns == 2 else 0)

    serve(httpserver, slow)
    caller.take_turn = wait  # type: ignore[method-assign]
    caller.fails(
        SourceUnavailable, r"page 2 .*was not asked for: 0\.5 s are over", limits=PageLimits(seconds=0.5)
    )
    assert len(httpserver.log) == 1


def test_a_page_that_does_not_end_in_time(httpserver: HTTPServer, caller: Caller) -> None:
    def slow(_: Request) -> Response:
        time.sleep(0.6)
        return ok(page())

    serve(httpserver, slow)
    caller.fails(SourceUnavailable, r"page 1: .*was not complete after", limits=PageLimits(seconds=0.2))


def test_a_request_that_hangs_does_not_use_up_the_time_of_all(httpserver: HTTPServer, caller: Caller) -> None:
    def hangs(_: Request) -> Response:
        time.sleep(1.5)
        return ok(page())

    serve(httpserver, ok(page(feature(), next_url=links(httpserver, "2"))), hangs)
    limits = PageLimits(request_seconds=1)
    caller.fails(SourceUnavailable, r"page 2 .*(not complete after 1 s|timed out)", limits=limits)


@pytest.mark.parametrize(
    ("answer", "kind", "match"),
    [
        (Response("", 500), SourceUnavailable, "status 500"),
        (Response("<html>busy</html>", 503), SourceUnavailable, "status 503: the agency is overloaded"),
        (Response("", 404), DocumentNotFound, "404"),
        (Response("blocked", 403), SourceUnavailable, "we may be blocked"),
        (Response("<html><h1>Maintenance</h1></html>", 200), SourceUnavailable, "a web page instead of data"),
        (Response("", 200), SourceUnavailable, "is empty"),
        (Response(page(feature())[:-20], 200), SourceUnavailable, "is cut off or no JSON"),
        (Response('{"code": "NotFound"}', 200), DocumentInvalid, "not what it should be"),
    ],
)
def test_a_second_page_that_fails_fails_all(
    httpserver: HTTPServer, caller: Caller, answer: Response, kind: type[GaugehouseError], match: str
) -> None:
    serve(httpserver, ok(page(feature(), next_url=links(httpserver, "2"))), answer)
    caller.fails(kind, rf"page 2 \(the 1 before it are not used\): .*{match}")


def test_a_key_that_the_agency_does_not_know(httpserver: HTTPServer, caller: Caller) -> None:
    body = {"error": {"code": "API_KEY_INVALID", "message": f"An invalid api_key ({KEY}) was supplied."}}
    serve(httpserver, refused(403, body))
    error = caller.fails(ApiKeyInvalid, "USGS_API_KEY_SECRET_ARN")
    assert not error.retryable and "API_KEY_INVALID" in str(error) and "(our key)" in str(error)


@pytest.mark.parametrize("key", ["", "a b", "key\n", "\tkey", "ключ", "k" * 300, "a\r\nHost: example.org"])
def test_a_key_that_is_none_is_refused_unseen(caller: Caller, key: str) -> None:
    with pytest.raises(ConfigurationInvalid, match="USGS_API_KEY_SECRET_ARN") as raised:
        caller.fetch(api_key=key)
    assert not key or key not in str(raised.value)
    assert caller.turns == 0


def in_two_minutes() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "date"}, 120),
        ({}, 900),
        ({"Retry-After": "soon"}, 900),
    ],
)
@pytest.mark.parametrize("body", [b'{"error": {"code": "OVER_RATE_LIMIT"}}', b"<html>slow down</html>"])
def test_too_many_requests(
    httpserver: HTTPServer, caller: Caller, retry_after: dict[str, str], seconds: float, body: bytes
) -> None:
    sent = {name: in_two_minutes() if value == "date" else value for name, value in retry_after.items()}
    serve(httpserver, Response(body, 429, sent))
    error = caller.fails(RateLimited, "page 1: .* status 429: we ask too often")
    assert error.retryable and error.retry_after_seconds == pytest.approx(seconds, abs=3)
    assert len(httpserver.log) == 1


def test_what_the_agency_does_not_understand(httpserver: HTTPServer, caller: Caller) -> None:
    serve(
        httpserver, refused(400, {"code": "InvalidParameterValue", "description": "Limit of 50000 exceeded"})
    )
    error = caller.fails(RequestInvalid, "status 400: InvalidParameterValue Limit of 50000 exceeded")
    assert not error.retryable


@pytest.mark.parametrize(
    "body", [b"", b"<html>Bad Request</html>", b"\xff\x00", b'{"code": 5}', b"x" * 100_000]
)
def test_a_refusal_without_words_of_use(httpserver: HTTPServer, caller: Caller, body: bytes) -> None:
    serve(httpserver, refused(400, body))
    assert len(str(caller.fails(RequestInvalid, "status 400"))) < 1_000


def test_the_key_does_not_follow_a_redirect(httpserver: HTTPServer, caller: Caller) -> None:
    serve(httpserver, Response("", 302, {"Location": httpserver.url_for("/elsewhere")}))
    httpserver.expect_request("/elsewhere").respond_with_data(page())
    caller.fails(SourceUnavailable, "status 302: it leads to .*/elsewhere, and our key does not follow")
    assert len(httpserver.log) == 1


def test_the_key_is_in_no_log(
    httpserver: HTTPServer, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    serve(httpserver, ok(page(feature(), next_url=links(httpserver, "2"))), Response("", 500))
    caller.fails(SourceUnavailable, "status 500")
    assert caplog.records and KEY not in caplog.text


def test_an_address_of_many_sites_is_shown_in_part(caller: Caller, httpserver: HTTPServer) -> None:
    serve(httpserver, Response("", 500))
    with pytest.raises(SourceUnavailable, match=r"\.\.\. \(7\d\d\d characters\)") as raised:
        caller.fetch(url=f"{caller.url}&sites={'USGS-01646500,' * 500}")
    assert len(str(raised.value)) < 500
