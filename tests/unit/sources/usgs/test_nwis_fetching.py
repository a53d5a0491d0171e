"""Asking the legacy service, until it is shut down."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Response

from gaugehouse.domain.errors import (
    GaugehouseError,
    NoDataAvailable,
    RateLimited,
    RequestInvalid,
    SourceRetired,
    SourceUnavailable,
)
from gaugehouse.sources.usgs.nwis import BASE_URL, fetch_dv, fetch_iv
from tests.unit.sources.usgs.legacy import cell, one

START = datetime(2026, 8, 7, 10, tzinfo=UTC)
TODAY = date(2027, 2, 21)


def iv(session: requests.Session, server: HTTPServer, *sites: str, today: date = TODAY) -> bytes:
    return fetch_iv(
        session,
        server.url_for("/"),
        sites or ("01491000",),
        parameter_codes=["00060", "00065"],
        start=START,
        end=START + timedelta(hours=2),
        today=today,
    ).content


def asked(server: HTTPServer) -> dict[str, str]:
    query = server.log[0][0].query_string.decode()
    return {name: value for name, (value,) in parse_qs(query).items()}


def test_instantaneous_values(httpserver: HTTPServer, session: requests.Session) -> None:
    content = one(cell())
    httpserver.expect_request("/nwis/iv/").respond_with_data(content)
    assert iv(session, httpserver, "01491000", "MD007-390212076543201") == content
    assert asked(httpserver) == {
        "format": "json",
        "sites": "01491000,MD007:390212076543201",
        "parameterCd": "00060,00065",
        "startDT": "2026-08-07T10:00:00Z",
        "endDT": "2026-08-07T12:00:00Z",
        "siteStatus": "all",
    }
    assert httpserver.log[0][0].headers["Accept-Encoding"] == "gzip"


def test_daily_values(httpserver: HTTPServer, session: requests.Session) -> None:
    httpserver.expect_request("/nwis/dv/").respond_with_data(one(cell()))
    fetch_dv(
        session,
        httpserver.url_for(""),
        ["01491000"],
        parameter_codes=["00060"],
        start=date(1939, 10, 1),
        end=date(2026, 8, 7),
        today=TODAY,
    )
    assert (asked(httpserver)["startDT"], asked(httpserver)["endDT"]) == ("1939-10-01", "2026-08-07")


@pytest.mark.parametrize("today", [date(2027, 2, 22), date(2030, 1, 1)])
def test_from_its_last_day_on_it_is_not_asked(
    httpserver: HTTPServer, session: requests.Session, today: date
) -> None:
    with pytest.raises(SourceRetired, match="2027-02-22: use the modern API, usgs_waterdata") as raised:
        iv(session, httpserver, today=today)
    assert not raised.value.retryable
    with pytest.raises(SourceRetired, match="USGS_SERVICE"):
        fetch_dv(session, BASE_URL, [], parameter_codes=[], start=START, end=START, today=today)
    assert httpserver.log == []


@pytest.mark.parametrize(
    ("answer", "kind", "match"),
    [
        (Response("<html>no sites found</html>", 404), NoDataAvailable, "has no data"),
        (Response("", 403), SourceUnavailable, "403: we may be blocked"),
        (Response("", 500), SourceUnavailable, "status 500"),
        (Response("<html>", 503), SourceUnavailable, "status 503"),
        (Response("<html>Scheduled outage</html>", 200), SourceUnavailable, "a web page instead of data"),
        (Response("", 200), SourceUnavailable, "is empty"),
        (Response("Bad site number: x", 400), RequestInvalid, "status 400: Bad site number: x"),
    ],
)
def test_what_is_no_data(
    httpserver: HTTPServer,
    session: requests.Session,
    answer: Response,
    kind: type[GaugehouseError],
    match: str,
) -> None:
    httpserver.expect_request("/nwis/iv/").respond_with_response(answer)
    with pytest.raises(kind, match=match):
        iv(session, httpserver)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(("sent", "seconds"), [({"Retry-After": "120"}, 120), ({}, 900)])
def test_too_many_requests_are_no_failure_of_the_service(
    httpserver: HTTPServer, session: requests.Session, sent: dict[str, str], seconds: float
) -> None:
    httpserver.expect_request("/nwis/iv/").respond_with_response(Response("slow down", 429, sent))
    with pytest.raises(RateLimited, match="status 429: slow down") as raised:
        iv(session, httpserver)
    assert raised.value.retry_after_seconds == seconds
    assert len(httpserver.log) == 1


def test_too_many_sites_and_none(session: requests.Session, httpserver: HTTPServer) -> None:
    with pytest.raises(RequestInvalid, match="1 to 100 sites at once, not 101"):
        iv(session, httpserver, *map(str, range(101)))
    for day in (date(2026, 8, 6), date(2026, 8, 7)):
        with pytest.raises(RequestInvalid, match=r"not 0|ends before it begins"):
            fetch_dv(
                session,
                BASE_URL,
                [] if day == date(2026, 8, 7) else ["1"],
                parameter_codes=["00060"],
                start=date(2026, 8, 7),
                end=day,
                today=TODAY,
            )
