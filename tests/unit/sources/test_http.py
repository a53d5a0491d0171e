"""Downloads, against real servers on this machine: what is retried, waited for, refused, and when it ends."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import certifi
import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from gaugehouse.domain.errors import DocumentInvalid, DocumentNotFound, RequestInvalid, SourceUnavailable
from gaugehouse.domain.quotas import Budget
from gaugehouse.sources.http import GZIP, Manner, download, download_if_changed, open_session
from gaugehouse.sources.http_answers import Refusal
from gaugehouse.sources.http_transport import retry_after_seconds
from gaugehouse.sources.mcfcd.fopr import fetch_fopr_workbook, fopr_url
from gaugehouse.sources.mcfcd.gauge_list import fetch_gauge_list
from gaugehouse.sources.mcfcd.water_year import water_year_url
from tests.unit.sources.raw_server import raw_server, send

AGENT = "Gaugehouse/0.1 (+https://example.org)"


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with open_session(AGENT) as opened:
        yield opened


class Answers:
    """A handler that gives one answer after the other, and remembers when it was asked."""

    def __init__(self, *answers: Response) -> None:
        self.asked_at: list[float] = []
        self._answers = list(answers)

    def __call__(self, _: Request) -> Response:
        self.asked_at.append(time.monotonic())
        return self._answers[min(len(self.asked_at), len(self._answers)) - 1]


def serve(server: HTTPServer, *answers: Response) -> Answers:
    handler = Answers(*answers)
    server.expect_request("/x").respond_with_handler(handler)
    return handler


def busy(retry_after: str | None, status: int = 429) -> Response:
    return Response("busy", status, {} if retry_after is None else {"Retry-After": retry_after})


def test_a_document_and_what_the_server_says_of_it(httpserver: HTTPServer, session: requests.Session) -> None:
    headers = {"ETag": '"abc"', "Last-Modified": "Thu, 19 Dec 2024 20:00:00 GMT"}
    serve(httpserver, Response(b"\x00data", 200, headers))
    document = download(session, httpserver.url_for("/x"), max_bytes=5)
    assert (document.content, document.etag) == (b"\x00data", '"abc"')
    assert document.last_modified == datetime(2024, 12, 19, 20, tzinfo=UTC)
    assert document.url == httpserver.url_for("/x")
    request, _ = httpserver.log[0]
    assert request.headers["User-Agent"] == AGENT
    assert request.headers["Accept-Encoding"] == "identity"
    assert "If-None-Match" not in request.headers


@pytest.mark.parametrize("last_modified", ["yesterday", "", "Thu, 99 Dec 2024 20:00:00 GMT"])
def test_a_malformed_last_modified_is_none(
    httpserver: HTTPServer, session: requests.Session, last_modified: str
) -> None:
    serve(httpserver, Response(b"x", 200, {"Last-Modified": last_modified}))
    document = download(session, httpserver.url_for("/x"), max_bytes=5)
    assert document.last_modified is None and document.etag is None


def test_an_unchanged_document_is_none(httpserver: HTTPServer, session: requests.Session) -> None:
    serve(httpserver, Response("", 304))
    assert download_if_changed(session, httpserver.url_for("/x"), max_bytes=5, etag='"abc"') is None
    assert httpserver.log[0][0].headers["If-None-Match"] == '"abc"'


def test_a_changed_document_comes_with_its_new_version(
    httpserver: HTTPServer, session: requests.Session
) -> None:
    serve(httpserver, Response("data", 200, {"ETag": '"new"'}), Response("", 404), Response("", 503))
    url = httpserver.url_for("/x")
    document = download_if_changed(session, url, max_bytes=5, etag='"abc"')
    assert document is not None and (document.content, document.etag) == (b"data", '"new"')
    with pytest.raises(DocumentNotFound):
        download_if_changed(session, url, max_bytes=5, etag='"abc"')
    with pytest.raises(SourceUnavailable, match="status 503"):
        download_if_changed(session, url, max_bytes=5, etag='"abc"')


def test_unchanged_without_having_asked_is_an_error(
    httpserver: HTTPServer, session: requests.Session
) -> None:
    serve(httpserver, Response("", 304), Response("", 304))
    with pytest.raises(SourceUnavailable, match="status 304"):
        download_if_changed(session, httpserver.url_for("/x"), max_bytes=5, etag=None)
    with pytest.raises(SourceUnavailable, match="status 304"):
        download(session, httpserver.url_for("/x"), max_bytes=5)


def test_a_missing_document_is_asked_for_once(httpserver: HTTPServer, session: requests.Session) -> None:
    answers = serve(httpserver, Response("", 404))
    with pytest.raises(DocumentNotFound, match="/x does not exist"):
        download(session, httpserver.url_for("/x"), max_bytes=5)
    assert len(answers.asked_at) == 1


@pytest.mark.parametrize(("status", "message"), [(403, "403: we may be blocked"), (410, "410"), (204, "204")])
def test_other_answers_are_asked_for_once_and_name_their_status(
    httpserver: HTTPServer, session: requests.Session, status: int, message: str
) -> None:
    answers = serve(httpserver, Response("", status))
    with pytest.raises(SourceUnavailable, match=f"/x answered with status {message}"):
        download(session, httpserver.url_for("/x"), max_bytes=5)
    assert len(answers.asked_at) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_errors_are_asked_for_once_since_the_ledger_waits_minutes(
    httpserver: HTTPServer, session: requests.Session, status: int
) -> None:
    answers = serve(httpserver, Response("", status))
    with pytest.raises(SourceUnavailable, match=f"status {status}") as raised:
        download(session, httpserver.url_for("/x"), max_bytes=5)
    assert len(answers.asked_at) == 1
    assert raised.value.retryable and raised.value.retry_after_seconds is None


def in_seconds(seconds: float) -> str:
    # An HTTP date has no fractions: the wait may come out up to a second shorter.
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_a_short_retry_after_is_waited_out(
    httpserver: HTTPServer, session: requests.Session, status: int, as_date: bool
) -> None:
    retry_after = in_seconds(2) if as_date else "1"
    answers = serve(httpserver, busy(retry_after, status), Response("data", 200))
    document = download(session, httpserver.url_for("/x"), max_bytes=5)
    assert document.content == b"data"
    assert 0.9 <= answers.asked_at[1] - answers.asked_at[0] < 4


@pytest.mark.parametrize("status", [429, 503, 500])
@pytest.mark.parametrize("as_date", [False, True])
def test_a_long_retry_after_is_handed_on(
    httpserver: HTTPServer, session: requests.Session, status: int, as_date: bool
) -> None:
    answers = serve(httpserver, busy(in_seconds(120) if as_date else "120", status))
    with pytest.raises(SourceUnavailable, match=f"status {status}") as raised:
        download(session, httpserver.url_for("/x"), max_bytes=5)
    assert raised.value.retry_after_seconds == pytest.approx(120, abs=3)
    assert len(answers.asked_at) == 1


@pytest.mark.parametrize("retry_after", [None, "soon", "-5", "1.5", ""])
def test_too_many_requests_without_a_word_how_long_is_not_asked_again(
    httpserver: HTTPServer, session: requests.Session, retry_after: str | None
) -> None:
    answers = serve(httpserver, busy(retry_after))
    with pytest.raises(SourceUnavailable, match="we ask too often") as raised:
        download(session, httpserver.url_for("/x"), max_bytes=5)
    assert raised.value.retry_after_seconds is None
    assert len(answers.asked_at) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("9" * 5_000, 86_400.0),
        ("Thu, 19 Dec 1994 20:00:00 GMT", 0.0),
        ("Thu, 19 Dec 1994 20:00:00", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 86_400.0),
        ("\u0667", None),
        ("nan", None),
        ("1e3", None),
        ("tomorrow", None),
        (None, None),
    ],
)
def test_every_kind_of_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value) == seconds


def test_too_large_by_its_own_word_and_in_fact(httpserver: HTTPServer, session: requests.Session) -> None:
    serve(httpserver, Response("123456", 200))
    with pytest.raises(DocumentInvalid, match="/x has 6 bytes, more than the 5"):
        download(session, httpserver.url_for("/x"), max_bytes=5)
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"3\r\nabc\r\n"] * 1_000
    with raw_server(send(*chunks)) as base, pytest.raises(DocumentInvalid, match="more than the 5 bytes"):
        download(session, f"{base}/x", max_bytes=5)


def test_a_gzip_bomb_is_cut_short(httpserver: HTTPServer, session: requests.Session) -> None:
    import gzip

    bomb = gzip.compress(b"\0" * 50_000_000)
    serve(httpserver, Response(bomb, 200, {"Content-Encoding": "gzip"}))
    with pytest.raises(DocumentInvalid, match="more than the 1000000 bytes"):
        download(session, httpserver.url_for("/x"), max_bytes=1_000_000)


def test_compression_nobody_asked_for_is_undone(httpserver: HTTPServer, session: requests.Session) -> None:
    import gzip

    serve(httpserver, Response(gzip.compress(b"data" * 100), 200, {"Content-Encoding": "gzip"}))
    document = download(session, httpserver.url_for("/x"), max_bytes=1_000)
    assert document.content == b"data" * 100


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nonly ",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
    ],
)
def test_a_body_that_is_cut_off_or_garbled_is_unavailable(session: requests.Session, answer: bytes) -> None:
    with raw_server(send(answer)) as base, pytest.raises(SourceUnavailable, match=f"{base}/x"):
        download(session, f"{base}/x", max_bytes=1_000)


def test_no_answer_within_the_read_timeout_is_not_asked_for_again(session: requests.Session) -> None:
    asked = []

    def silence(connection: object) -> None:
        asked.append(connection)
        time.sleep(0.6)

    with (
        raw_server(silence) as base,
        pytest.raises(SourceUnavailable, match=f"{base}/x could not be read: .*Read timed out"),
    ):
        download(session, f"{base}/x", max_bytes=5, timeout=(1, 0.2))
    assert len(asked) == 1


def test_a_body_that_stops_is_unavailable(session: requests.Session) -> None:
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
    with raw_server(send(start, pause=1)) as base, pytest.raises(SourceUnavailable, match=f"{base}/x"):
        download(session, f"{base}/x", max_bytes=50, timeout=(1, 0.2))


DRIPPING_BODY = (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b"x"] * 100)
DRIPPING_BODY_OF_NO_LENGTH = (b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 100)
DRIPPING_HEADERS = (b"HTTP/1.1 200 OK\r\nX: ", *[b"x"] * 100)


@pytest.mark.parametrize("pieces", [DRIPPING_BODY, DRIPPING_BODY_OF_NO_LENGTH, DRIPPING_HEADERS])
def test_a_server_that_drips_meets_the_deadline(session: requests.Session, pieces: tuple[bytes, ...]) -> None:
    began = time.monotonic()
    with raw_server(send(*pieces, pause=0.1)) as base:
        with pytest.raises(SourceUnavailable, match=r"/x was not complete after 0\.5 s"):
            download(session, f"{base}/x", max_bytes=5_000, deadline_seconds=0.5)
        # Within the deadline, and the short back-off of a retry that then finds its time over.
        assert time.monotonic() - began < 3


def test_the_session_still_works_after_a_deadline(httpserver: HTTPServer, session: requests.Session) -> None:
    with raw_server(send(*DRIPPING_BODY, pause=0.1)) as base, pytest.raises(SourceUnavailable):
        download(session, f"{base}/x", max_bytes=5_000, deadline_seconds=0.3)
    serve(httpserver, Response("data", 200))
    document = download(session, httpserver.url_for("/x"), max_bytes=5)
    assert document.content == b"data"


def test_nothing_outlives_the_one_who_asks() -> None:
    """Without this a function would be ended by its platform before it can record the failure."""
    ends_at = time.monotonic() + 0.5
    with (
        open_session(AGENT, seconds_left=lambda: ends_at - time.monotonic()) as session,
        raw_server(send(*DRIPPING_BODY, pause=0.1)) as base,
    ):
        with pytest.raises(SourceUnavailable, match=r"/x was not complete after 0\.[1-5] s"):
            download(session, f"{base}/x", max_bytes=5_000)
        assert -0.1 < time.monotonic() - ends_at < 3
        with pytest.raises(SourceUnavailable, match=r"/x was not asked for: the time of this run is up"):
            download(session, f"{base}/x", max_bytes=5_000)


def test_a_wait_that_outlives_the_deadline_is_handed_on(
    httpserver: HTTPServer, session: requests.Session
) -> None:
    answers = serve(httpserver, busy("8"), Response("data", 200))
    began = time.monotonic()
    with pytest.raises(SourceUnavailable, match="we ask too often") as raised:
        download(session, httpserver.url_for("/x"), max_bytes=5, deadline_seconds=6)
    assert raised.value.retry_after_seconds == 8
    assert len(answers.asked_at) == 1 and time.monotonic() - began < 6


def test_no_connection_is_tried_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that swallows packets: each connection waits for its own time-out."""
    tried: list[float] = []

    def swallowed(*_: object, **__: object) -> None:
        tried.append(time.monotonic())
        time.sleep(0.4)
        raise TimeoutError("timed out")

    monkeypatch.setattr("urllib3.util.connection.create_connection", swallowed)
    with open_session(AGENT) as session, pytest.raises(SourceUnavailable, match=r"not complete after 0\.3 s"):
        download(session, "http://127.0.0.1:9/x", max_bytes=5, deadline_seconds=0.3)
    assert len(tried) == 1


def test_nobody_listening_is_unavailable(session: requests.Session) -> None:
    with raw_server(send(b"")) as base:
        pass
    with pytest.raises(SourceUnavailable, match=f"{base}/x could not be read: .*Connection refused") as first:
        download(session, f"{base}/x", max_bytes=5)
    # The ledger compares the messages of attempts, so the same failure must always read the same.
    with pytest.raises(SourceUnavailable, match=re.escape(str(first.value))):
        download(session, f"{base}/x", max_bytes=5)


def test_an_answer_that_is_no_http_is_unavailable(session: requests.Session) -> None:
    with raw_server(send(b"220 ftp ready\r\n")) as base, pytest.raises(SourceUnavailable, match=f"{base}/x"):
        download(session, f"{base}/x", max_bytes=5)


def test_redirects_are_followed_but_not_for_ever(httpserver: HTTPServer, session: requests.Session) -> None:
    httpserver.expect_request("/old").respond_with_data("", 302, {"Location": "/new"})
    httpserver.expect_request("/new").respond_with_data("data")
    httpserver.expect_request("/loop").respond_with_data("", 302, {"Location": "/loop"})
    document = download(session, httpserver.url_for("/old"), max_bytes=5)
    assert document.content == b"data"
    with pytest.raises(SourceUnavailable, match="/loop could not be read: Exceeded 5 redirects"):
        download(session, httpserver.url_for("/loop"), max_bytes=5)


def test_redirects_are_not_followed_where_the_manner_forbids_it(
    httpserver: HTTPServer, session: requests.Session
) -> None:
    httpserver.expect_request("/old").respond_with_data("", 302, {"Location": "/new"})
    with pytest.raises(SourceUnavailable, match="/old answered with status 302"):
        download(session, httpserver.url_for("/old"), max_bytes=5, manner=Manner(follow_redirects=False))
    assert [request.path for request, _ in httpserver.log] == ["/old"]


def test_the_manners_headers_go_with_one_request_only(
    httpserver: HTTPServer, session: requests.Session
) -> None:
    serve(httpserver, Response("data", 200))
    url = httpserver.url_for("/x")
    download(session, url, max_bytes=5, manner=Manner(headers={**GZIP, "X-Api-Key": "key"}))
    download(session, url, max_bytes=5)
    first, second = (request.headers for request, _ in httpserver.log)
    assert (first["Accept-Encoding"], first["X-Api-Key"]) == ("gzip", "key")
    assert second["Accept-Encoding"] == "identity" and "X-Api-Key" not in second


def test_a_refusal_is_explained_in_the_agencys_words(
    httpserver: HTTPServer, session: requests.Session
) -> None:
    heard: list[Refusal] = []

    def explain(refusal: Refusal) -> RequestInvalid | None:
        heard.append(refusal)
        return RequestInvalid(refusal.body.decode()[:20]) if refusal.status == 400 else None

    headers = {"Retry-After": "120", "X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "7"}
    serve(httpserver, Response("no such parameter" * 10_000, 400, headers), Response("", 404))
    url, manner = httpserver.url_for("/x"), Manner(explain=explain)
    with pytest.raises(RequestInvalid, match="no such parameter"):
        download(session, url, max_bytes=5, manner=manner)
    with pytest.raises(DocumentNotFound):
        download(session, url, max_bytes=5, manner=manner)
    assert (heard[0].url, heard[0].status, heard[0].retry_after_seconds) == (url, 400, 120)
    assert len(heard[0].body) == 4096
    assert heard[0].budget == Budget(limit=50, remaining=7, window_seconds=3600)
    assert (heard[1].body, heard[1].budget, heard[1].location) == (b"", None, None)


def test_a_refusal_whose_body_breaks_off_is_still_that_refusal(session: requests.Session) -> None:
    answer = b"HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\nplain"
    with raw_server(send(answer)) as base, pytest.raises(SourceUnavailable, match="status 500"):
        download(session, f"{base}/x", max_bytes=5, manner=Manner(explain=lambda _: None))


def test_a_long_address_is_shown_by_its_beginning(httpserver: HTTPServer, session: requests.Session) -> None:
    serve(httpserver, Response("", 500))
    url = httpserver.url_for("/x") + "?sites=" + "USGS-01646500," * 500
    with pytest.raises(SourceUnavailable, match=rf"\?sites=USGS.*\.\.\. \({len(url)} characters\)") as raised:
        download(session, url, max_bytes=5)
    assert len(str(raised.value)) < 400


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    serve(httpserver, Response("data", 200))
    with open_session(AGENT) as opened:
        assert opened.verify == certifi.where()
        assert download(opened, httpserver.url_for("/x"), max_bytes=5) is not None


def test_a_session_without_bounds_is_refused() -> None:
    with requests.Session() as plain, pytest.raises(TypeError, match="open_session"):
        download(plain, "http://127.0.0.1:9/x", max_bytes=5)


def test_the_agencys_addresses(httpserver: HTTPServer, session: requests.Session) -> None:
    httpserver.expect_request("/alert/Rain/ev_rain.txt").respond_with_data("list")
    httpserver.expect_request("/alert/Rain/FOPR/59700_FOPR.xlsx").respond_with_data(
        "book", headers={"ETag": "1"}
    )
    base = httpserver.url_for("/")
    assert fetch_gauge_list(session, base).content == b"list"
    workbook = fetch_fopr_workbook(session, base, "59700", etag="0")
    assert workbook is not None and (workbook.content, workbook.etag) == (b"book", "1")
    assert (
        fopr_url("https://example.org/", "../5 9?")
        == "https://example.org/alert/Rain/FOPR/..%2F5%209%3F_FOPR.xlsx"
    )


def test_a_water_years_address() -> None:
    assert water_year_url("https://example.org/", 2023) == "https://example.org/alert/Rain/pcp_WY_2023.xlsx"


def test_importing_the_sources_loads_nothing_heavy() -> None:
    """A cold start pays for requests and the workbook reader only where one is used."""
    code = (
        "import sys; import gaugehouse.sources.mcfcd.gauge_list, gaugehouse.sources.mcfcd.fopr; "
        "import gaugehouse.sources.mcfcd.water_year; "
        "import gaugehouse.sources.usgs.waterdata, gaugehouse.sources.usgs.nwis; "
        "print([name for name in ('requests', 'urllib3', 'python_calamine') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize(
    ("headers", "budget"),
    [
        ({}, None),
        ({"X-RateLimit-Limit": "1000"}, None),
        ({"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "3"}, None),
        ({"X-RateLimit-Limit": "0", "X-RateLimit-Remaining": "0"}, None),
        (
            {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "997"},
            Budget(limit=1000, remaining=997, window_seconds=3600),
        ),
        (
            {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "60", "X-RateLimit-Reset": "1790000000"},
            Budget(limit=50, remaining=50, window_seconds=86400),
        ),
    ],
)
def test_what_the_headers_say_of_our_quota(
    headers: dict[str, str], budget: Budget | None, httpserver: HTTPServer, session: requests.Session
) -> None:
    serve(httpserver, Response("data", 200, headers=headers))
    document = download(session, httpserver.url_for("/x"), max_bytes=5)
    assert document.budget == budget
