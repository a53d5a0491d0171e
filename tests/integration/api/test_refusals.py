"""What cannot be asked: each a clear 4xx that names the parameter, and never a defect."""

import json
from typing import Any

import psycopg
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from gaugehouse.runtime.api.cursors import write_cursor
from tests.integration.api import world
from tests.integration.api.conftest import BASE, Call

READINGS = "/gauges/05568500/readings?parameter=00060"


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection) -> None:
    """The small world, with a month of readings."""
    world.fill(owner, readings=3000)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/gauges?limit=0", 422, "limit"),
        ("/gauges?limit=-1", 422, "limit"),
        ("/gauges?limit=100000", 422, "limit"),
        ("/gauges?limit=ten", 422, "limit"),
        ("/gauges?page=0", 422, "there are network, status, q"),
        ("/gauges?status=fine", 422, "active"),
        ("/gauges?network=%27;DROP%20TABLE%20gauges", 422, "network: send one as mcfcd (The agency"),
        ("/gauges?q=", 422, "q"),
        ("/gauges?q=%00", 422, "q"),
        (f"/gauges?q={'x' * 101}", 422, "q"),
        ("/gauges?near=33.61", 422, "near: send one as 33.61,-111.87 (Latitude and longitude in decimal"),
        ("/gauges?near=33.61,-111.87,5", 422, "near"),
        ("/gauges?near=here,there", 422, "near"),
        ("/gauges?near=91,0", 422, "near"),
        ("/gauges?near=0,181", 422, "near"),
        ("/gauges?near=nan,0", 422, "near"),
        ("/gauges?near=33.61,-111.87&radius=0", 422, "radius"),
        ("/gauges?near=33.61,-111.87&radius=-5", 422, "radius"),
        ("/gauges?near=33.61,-111.87&radius=99999", 422, "12500mi"),
        ("/gauges?near=33.61,-111.87&radius=5nm", 422, "radius: send one as 10mi (How far"),
        ("/gauges?radius=5mi", 422, "near=33.61,-111.87"),
        ("/gauges?cursor=zzz", 422, "cursor"),
        ("/gauges?cursor=%00", 422, "cursor"),
        (f"/gauges?cursor={write_cursor(5.0, '59700')}", 422, "cursor"),  # of another list
        (f"/gauges?cursor={write_cursor(chr(0))}", 422, "cursor"),
        (f"/gauges?near=0,0&cursor={write_cursor('far', '59700')}", 422, "cursor"),
        (f"/gauges/59700/gaps?cursor={write_cursor('yesterday', 'fopr')}", 422, "cursor"),
        (f"/gauges/59700/gaps?cursor={write_cursor('2024-01-01', 'fopr')}", 422, "cursor"),
        ("/gauges/%00", 404, "openapi.json"),
        ("/gauges/-5", 422, "station_id"),
        (f"/gauges/{'9' * 41}", 422, "station_id"),
        ("/gauges/' OR 1=1".replace(" ", "%20"), 422, "station_id"),
        ("/gauges/99999", 404, "/api/v1/gauges lists"),
        ("/gauges/99999/readings?parameter=00060", 404, "no gauge 99999"),
        ("/gauges/59700/rainfall?from=2024-02-30", 422, "no day 2024-02-30"),
        ("/gauges/59700/rainfall?from=20240101", 422, "from: send one as 2024-10-01 (The first local day"),
        ("/gauges/59700/rainfall?from=2024-01-01T00:00:00Z", 422, "from"),
        ("/gauges/59700/rainfall?from=2024-01-02&to=2024-01-01", 422, "after to"),
        ("/gauges/59700/rainfall?from=1700-01-01", 422, "1850 to 2200"),
        ("/gauges/59700/rainfall?to=9999-12-31", 422, "1850 to 2200"),
        ("/gauges/59700/rainfall?from=0000-01-01", 422, "no day"),
        ("/gauges/59700/rainfall?interval=week", 422, "interval"),
        ("/coverage?limit=101", 422, "limit: Input should be less than or equal to 100"),
        ("/gauges/59700/gaps?from=2024-01-02&to=2024-01-01", 422, "after to"),
        ("/gauges/05568500/readings", 422, "parameter: send one as 00060 (What is measured, by its code"),
        ("/gauges/05568500/readings?parameter=%00", 422, "parameter"),
        (
            f"{READINGS}&from=2024-01-01T00:00",
            422,
            "from: send one as 2024-10-01 (The first moment",
        ),  # of which zone?
        (f"{READINGS}&from=2024-01-01T25:00:00Z", 422, "no moment"),
        (f"{READINGS}&from=2024-01-02&to=2024-01-01", 422, "after to"),
        (f"{READINGS}&from=2199-01-01", 422, "from: is still to come"),
        (f"{READINGS}&from=1500-01-01T00:00:00Z", 422, "1850 to 2200"),
        (f"{READINGS}&points=3", 422, "points"),
        (f"{READINGS}&points=1000000", 422, "points"),
        (f"{READINGS}&method={'x' * 100}", 422, "method"),
        ("/readings/59700/water-year/0", 422, "year"),
        ("/readings/59700/water-year/1849", 422, "year"),
        ("/readings/59700/water-year/2201", 422, "year"),
        ("/readings/59700/water-year/2150", 422, "begins on 2149-10-01"),
        ("/readings/59700/calendar-year/2150", 422, "begins on 2150-01-01"),
        ("/readings/59700/calendar-year/last", 422, "year"),
        ("/readings/59700/calendar-year/99999999999999999999", 422, "year"),
        ("/readings/99999/latest", 404, "no gauge 99999"),
    ],
)
def test_a_wrong_question_gets_a_clear_answer(call: Call, path: str, status: int, said: str) -> None:
    answer = call("GET", path)
    assert (answer.status, answer.body["status"]) == (status, status), answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.body["detail"], answer.body["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/gauges",
        "/gauges/59700/rainfall",
        "/gauges/59700/normals",
        "/gauges/59700/gaps",
        "/coverage",
        f"{READINGS}&from=2025-08-01&to=2025-08-02",
        "/readings/59700/latest",
        "/readings/59700/water-year/2023",
        "/readings/59700/calendar-year/2023",
    ],
)
def test_a_form_that_there_is_not_is_refused_with_those_that_there_are(call: Call, path: str) -> None:
    answer = call("GET", path, headers={"Accept": "application/xml, text/html;q=0.9"})
    assert answer.status == 406
    assert "application/json, text/csv" in answer.body["detail"]
    browsers = call("GET", path, headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert browsers.headers["content-type"] == "application/json"
    assert call("GET", path, headers={"Accept": "text/*"}).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/gauges", "/gauges"),
        ("/gauges?near=33.61,-111.87&limit=1", "/gauges"),
        ("/gauges/59700", "/gauges/{station_id}"),
        ("/gauges/05568500", "/gauges/{station_id}"),
        ("/gauges/59700/rainfall?from=2023-01-01&to=2023-02-28", "/gauges/{station_id}/rainfall"),
        ("/gauges/59700/rainfall?interval=month", "/gauges/{station_id}/rainfall"),
        ("/gauges/59700/rainfall?interval=water_year", "/gauges/{station_id}/rainfall"),
        ("/gauges/59700/normals", "/gauges/{station_id}/normals"),
        ("/gauges/59700/gaps?limit=1", "/gauges/{station_id}/gaps"),
        ("/gauges/59700/record", "/gauges/{station_id}/record"),
        ("/coverage", "/coverage"),
        ("/gauges/05568500/daily-values?parameter=00060", "/gauges/{station_id}/daily-values"),
        ("/gauges/10700/record", "/gauges/{station_id}/record"),
        (f"{READINGS}&from=2025-08-01&to=2025-08-02", "/gauges/{station_id}/readings"),
        (f"{READINGS}&from=2025-08-01&to=2025-09-02&points=50", "/gauges/{station_id}/readings"),
        ("/readings/59700/latest", "/readings/{station_id}/latest"),
        ("/readings/05568500/latest", "/readings/{station_id}/latest"),
        ("/readings/59700/water-year/2023", "/readings/{station_id}/water-year/{year}"),
        ("/readings/59700/calendar-year/2021", "/readings/{station_id}/calendar-year/{year}"),
    ],
)
def test_answers_are_as_the_document_says(call: Call, path: str, route: str) -> None:
    """Each field is described, and none is there that is not."""
    document = call("GET", "/openapi.json").body
    content = document["paths"][BASE + route]["get"]["responses"]["200"]["content"]
    body = call("GET", path).body
    schema: dict[str, Any] = {**content["application/json"]["schema"], "components": _closed(document)}
    faults = [error.message for error in Draft202012Validator(schema).iter_errors(body)]
    assert faults == [], json.dumps(body)[:500]


def _closed(document: dict[str, Any]) -> dict[str, Any]:
    """Let no object have a field that is not described, unless it is described as a free one."""
    schemas = document["components"]["schemas"]
    closed = {
        name: {"additionalProperties": False, **schema} if "properties" in schema else schema
        for name, schema in schemas.items()
    }
    return {"schemas": closed}
