"""The typed client asks everything that the API's document describes, and nothing else."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from gaugehouse_cli.api_client import ApiClient
from gaugehouse_cli.api_transport import ApiRefused, ApiUnreachable
from tests.real_files import PROJECT_ROOT

DAY, MOMENT = date(2024, 10, 1), datetime(2024, 10, 1, 6, tzinfo=UTC)
SPAN = {"first": DAY, "last": DAY}

# Every operation by its id, asked with every parameter that it has; a cursor comes with the second page.
CALLS: dict[str, Callable[[ApiClient], object]] = {
    "get_health": lambda api: api.health(),
    "get_state": lambda api: api.system_state(),
    "list_jobs": lambda api: api.jobs(),
    "list_job_runs": lambda api: next(api.job_runs("poll:mcfcd_gauge_list", limit=1)),
    "list_pauses": lambda api: api.pauses(),
    "list_imports": lambda api: next(api.imports(status="failed", kind="fopr", limit=1)),
    "get_import": lambda api: api.one_import("fopr", "59700"),
    "list_quotas": lambda api: api.quotas(),
    "list_rejects": lambda api: api.rejects(limit=1),
    "list_dead_letters": lambda api: api.dead_letters(),
    "list_gauges": lambda api: next(
        api.gauges(network="usgs", status="stale", q="a", near=(33.6, -111.9), radius_miles=1, limit=1)
    ),
    "get_gauge": lambda api: api.gauge("59700"),
    "list_coverage": lambda api: next(api.coverage()),
    "get_rainfall": lambda api: api.water_years("59700", **SPAN),
    "get_normals": lambda api: api.normals("59700"),
    "get_readings": lambda api: api.readings(
        "59700", "00045", method="counter", first=DAY, last=MOMENT, points=10
    ),
    "get_daily_values": lambda api: api.daily_values(
        "05568500", "00060", statistic="00003", method="a", **SPAN
    ),
    "get_latest": lambda api: api.latest("59700"),
    "get_water_year": lambda api: api.water_year("59700", 2024),
    "get_calendar_year": lambda api: api.calendar_year("59700", 2024),
    "list_gaps": lambda api: next(api.gaps("59700", **SPAN)),
    "get_record": lambda api: api.record("59700"),
    "ask_for_import": lambda api: api.ask_for_import("fopr", "59700"),
    "retry_import": lambda api: api.retry_import("fopr", "59700"),
    "pause": lambda api: api.pause("imports", "flood"),
    "resume": lambda api: api.resume("imports"),
}


DOCUMENT = json.loads((PROJECT_ROOT / "docs" / "openapi.json").read_text())
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (path, method.upper(), operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def test_there_is_a_call_for_each_operation() -> None:
    assert set(CALLS) == set(OPERATIONS)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_it_is_asked_with_all_of_its_parameters(name: str, httpserver: HTTPServer) -> None:
    path, method, operation = OPERATIONS[name]
    seen: list[Request] = []

    def refuse(request: Request) -> Response:
        seen.append(request)
        return Response('{"detail": "seen"}', 400)

    httpserver.expect_request(re.compile(".*")).respond_with_handler(refuse)
    with ApiClient(httpserver.url_for("")) as api, pytest.raises(ApiRefused, match="seen"):
        CALLS[name](api)

    [request] = seen
    assert request.method == method
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request.path)
    told = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
    assert set(request.args) == told - {"cursor"}


@pytest.mark.parametrize(
    "url", ["", "gauges", "ftp://gauges", "https://", "http://[::1", "https://a?b", "https://a#b"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ApiUnreachable, match="is no address of an API"):
        ApiClient(url)


def test_a_password_in_the_address_is_neither_taken_nor_told() -> None:
    with pytest.raises(ApiUnreachable) as refused:
        ApiClient("https://ada:opensesame@gauges.example.org")
    assert "opensesame" not in str(refused.value)
