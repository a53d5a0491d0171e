"""Lists of gauges and one gauge, against the rows that were put in and against SQL of the tests' own."""

import csv
import io
import math
from typing import Any

import psycopg
import pytest

from tests.integration.api import world
from tests.integration.api.conftest import Answered, Call

GEOJSON = {"Accept": "application/geo+json"}
CSV = {"Accept": "text/csv"}


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection) -> None:
    """The small world."""
    world.fill(owner)


def ids(answer: Answered) -> list[str]:
    assert answer.status == 200, answer.body
    return [item["station_id"] for item in answer.body["items"]]


def lines(answer: Answered) -> list[dict[str, str]]:
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_all_gauges_come_by_station_id_with_what_is_known_of_them(
    call: Call, owner: psycopg.Connection
) -> None:
    answer = call("GET", "/gauges")
    assert ids(answer) == [
        station_id for (station_id,) in owner.execute("SELECT station_id FROM gauges ORDER BY station_id")
    ]
    assert answer.body["next_cursor"] is None
    aztec = next(item for item in answer.body["items"] if item["station_id"] == world.AZTEC)
    assert {name: value for name, value in aztec.items() if name != "latest"} == {
        "station_id": "59700", "network": "mcfcd", "name": "Aztec Park", "gauge_type": "Rain",
        "latitude": 33.61, "longitude": -111.87, "elevation_ft": 1430.0, "city": "Scottsdale",
        "county": "Maricopa", "state": "AZ", "time_zone": "America/Phoenix", "status": "active",
        "status_reason": None, "observed_at": "2026-08-07T11:45:00Z", "rainfall_past_6h_inches": 0.04,
        "rainfall_past_24h_inches": 0.31, "distance_miles": None,
    }  # fmt: skip


def test_missing_is_null_and_never_0(call: Call) -> None:
    cave, newer = (item_of(call, station_id) for station_id in (world.CAVE, world.NEWER))
    assert (cave["rainfall_past_6h_inches"], cave["rainfall_past_24h_inches"]) == (0, None)
    assert [newer[name] for name in ("latitude", "observed_at", "rainfall_past_6h_inches")] == [None] * 3


def item_of(call: Call, station_id: str) -> dict[str, Any]:
    items = call("GET", "/gauges").body["items"]
    return next(item for item in items if item["station_id"] == station_id)


@pytest.mark.parametrize(
    ("station_id", "status", "reason"),
    [
        (world.AZTEC, "active", None),  # all that is live is; that its list is stuck does not matter
        (world.CAVE, "active", None),  # on the list, and no more is known
        (world.SILENT, "stale", "stale"),  # on the list no longer
        (world.NEWER, "unknown", None),
        (world.RIVER, "degraded", "stale"),  # discharge is, stage is not
        (world.CREEK, "offline", "request_failed"),
    ],
)
def test_how_a_gauge_is_doing(call: Call, station_id: str, status: str, reason: str | None) -> None:
    found = item_of(call, station_id)
    assert (found["status"], found["status_reason"]) == (status, reason)
    items = call("GET", "/gauges").body["items"]
    like_it = [item["station_id"] for item in items if item["status"] == status]
    assert station_id in like_it and like_it == ids(call("GET", f"/gauges?status={status}"))
    assert found == {
        name: value for name, value in call("GET", f"/gauges/{station_id}").body.items() if name in found
    }


def test_the_newest_values_have_units_times_and_states(call: Call) -> None:
    assert item_of(call, world.RIVER)["latest"] == [
        {
            "parameter_code": "00060", "parameter": "Discharge", "method": "", "value": 9010.0,
            "unit": "ft^3/s", "reading_time": "2026-08-07T11:45:00Z", "status": "active",
            "status_reason": None,
        },
        {
            "parameter_code": "00065", "parameter": "Stage", "method": "", "value": -1.5, "unit": "ft",
            "reading_time": "2026-08-07T06:00:00Z", "status": "degraded", "status_reason": "stale",
        },
    ]  # fmt: skip
    rain = item_of(call, world.AZTEC)["latest"]
    assert [(each["method"], each["value"]) for each in rain] == [
        ("past_15_min", 0.0), ("past_24_h", 0.31), ("counter", 4.21),
    ]  # fmt: skip


def test_what_was_polled_long_ago_says_nothing_of_now(call: Call, owner: psycopg.Connection) -> None:
    """With the polls paused or dead, all would be as it was then, for ever."""

    def said(station_id: str) -> tuple[str, str | None]:
        found = item_of(call, station_id)
        return found["status"], found["status_reason"]

    owner.execute("UPDATE monitoring_state SET last_poll_attempted = now() - interval '4 hours'")
    try:
        assert said(world.RIVER) == said(world.AZTEC) == ("stale", "not_polled")
        assert {world.RIVER, world.AZTEC, world.SILENT} <= set(ids(call("GET", "/gauges?status=stale")))
        owner.execute("UPDATE gauge_summaries SET observed_at = now() WHERE station_id = %s", [world.AZTEC])
        assert said(world.AZTEC) == ("active", None), "its list has it"
    finally:
        owner.execute("UPDATE monitoring_state SET last_poll_attempted = now()")
        owner.execute(
            "UPDATE gauge_summaries SET observed_at = '2026-08-07T11:45Z' WHERE station_id = %s",
            [world.AZTEC],
        )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("network=usgs", [world.RIVER, world.CREEK]),
        ("network=usgs&status=offline", [world.CREEK]),
        ("network=nobody", []),
        ("q=agua", [world.CREEK]),
        ("q=peoria", [world.RIVER]),
        ("q=4695", [world.AZTEC]),  # by a former id
        ("q=%25", []),  # no wildcard
        ("q=%27%20OR%201=1--", []),
    ],
)
def test_filters_leave_what_was_asked_for(call: Call, query: str, expected: list[str]) -> None:
    assert ids(call("GET", f"/gauges?{query}")) == expected


def test_near_a_place_comes_the_nearest_first_with_its_distance(call: Call) -> None:
    answer = call("GET", "/gauges?near=33.61,-111.87&radius=16km")
    assert ids(answer) == [world.AZTEC, world.CAVE, world.SILENT]
    # A tenth of a degree of a meridian is 6.909 miles; along the parallel 13 hundredths are 7.480.
    miles = [item["distance_miles"] for item in answer.body["items"]]
    assert miles == pytest.approx([0, 6.909, 7.480], abs=0.002)
    assert ids(call("GET", "/gauges?near=33.61,-111.87&radius=7")) == [world.AZTEC, world.CAVE]
    assert ids(call("GET", "/gauges?near=33.61,-111.87&radius=7mi&status=stale")) == []
    assert ids(call("GET", "/gauges?near=33.61,-111.87&radius=8mi&status=stale")) == [world.SILENT]


@pytest.mark.parametrize("query", ["", "near=33.61,-111.87&radius=9000mi&", "status=active&"])
def test_pages_together_are_the_whole_and_stand_while_gauges_are_added(
    call: Call, owner: psycopg.Connection, query: str
) -> None:
    """What was there when the walk began comes exactly once, whatever is added on either side of the page."""
    whole = ids(call("GET", f"/gauges?{query}limit=1000"))
    seen: list[str] = []
    cursor, added = "", 0
    while True:
        answer = call("GET", f"/gauges?{query}limit=2{cursor}")
        seen += ids(answer)
        if answer.body["next_cursor"] is None:
            break
        for prefix in ("000", "zzz"):
            owner.execute(
                "INSERT INTO gauges (station_id, network, name, time_zone, metadata_source, latitude,"
                " longitude) VALUES (%s, 'test', 'added', 'UTC', 'test', 33.61, %s)",
                (f"{prefix}{added}", -111.87 if prefix == "000" else 90),
            )
        added += 1
        cursor = f"&cursor={answer.body['next_cursor']}"
    owner.execute("DELETE FROM gauges WHERE network = 'test'")
    assert [station_id for station_id in seen if not station_id.startswith(("000", "zzz"))] == whole
    assert len(seen) == len(set(seen))


def test_as_csv_each_gauge_is_a_line_and_no_text_is_a_formula(call: Call) -> None:
    table = {line["station_id"]: line for line in lines(call("GET", "/gauges", headers=CSV))}
    assert table[world.SILENT]["name"] == "'@SUM(A1)"
    assert table[world.CAVE]["rainfall_past_24h_inches"] == ""
    river = table[world.RIVER]
    assert (river["name"], river["longitude_degrees"]) == ("ILLINOIS RIVER AT KINGSTON MINES, IL", "-89.777")
    assert (river["stage_ft"], river["discharge_ft3_per_s"]) == ("-1.5", "9010.0")
    assert river["discharge_time_utc"] == "2026-08-07T11:45:00Z"


def test_forms_without_a_place_for_the_next_page_link_to_it(call: Call) -> None:
    first = call("GET", "/gauges?limit=2&network=mcfcd", headers=CSV)
    assert first.headers["link"].endswith('>; rel="next"')
    path = first.headers["link"].removeprefix("</api/v1").partition(">")[0]
    second = call("GET", path, headers=CSV)
    assert [line["station_id"] for line in lines(first) + lines(second)] == sorted(
        [world.AZTEC, world.CAVE, world.NEWER, world.SILENT]
    )
    assert "link" not in second.headers


def test_as_geojson_maps_can_open_it(call: Call) -> None:
    """RFC 7946: longitude first, null where there is no position, numbers as properties of their own."""
    answer = call("GET", "/gauges", headers=GEOJSON)
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.body["type"] == "FeatureCollection"
    features = {feature["id"]: feature for feature in answer.body["features"]}
    assert len(features) == len(answer.body["features"]) == 6
    for feature in features.values():
        assert set(feature) == {"type", "id", "geometry", "properties"} and feature["type"] == "Feature"
        if feature["geometry"] is not None:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert feature["geometry"]["type"] == "Point"
            assert -180 <= longitude <= 180 and -90 <= latitude <= 90 and math.isfinite(longitude)
    assert features[world.AZTEC]["geometry"]["coordinates"] == [-111.87, 33.61]
    assert features[world.NEWER]["geometry"] is None
    assert features[world.AZTEC]["properties"]["observed_at"] == "2026-08-07T11:45:00Z"
    river = features[world.RIVER]["properties"]
    assert (river["stage_ft"], river["discharge_ft3_per_s"]) == (-1.5, 9010.0)


def test_one_gauge_has_its_record_and_its_series(call: Call, owner: psycopg.Connection) -> None:
    answer = call("GET", f"/gauges/{world.AZTEC}").body
    row = owner.execute(
        "SELECT min(reading_date)::text, max(reading_date)::text, count(*), sum(rainfall_inches)::float8"
        " FROM rain_readings WHERE station_id = %s",
        (world.AZTEC,),
    ).fetchone()
    assert row is not None
    first, last, days, inches = row
    assert answer["record"] == {
        "first_date": first, "last_date": last, "days": days, "missing_days": 2,
        "total_inches": pytest.approx(inches), "complete": False,
    }  # fmt: skip
    assert answer["previous_ids"] == ["4695", "777"]
    assert {series["method"] for series in answer["series"]} == {"past_15_min", "past_24_h", "counter"}
    river = call("GET", f"/gauges/{world.RIVER}").body
    assert river["record"] is None
    assert [(each["parameter_code"], each["statistic"], each["status"]) for each in river["series"]] == [
        ("00060", "00003", None), ("00060", "00011", "active"), ("00065", "00011", "degraded"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("untold", "quality", "complete"),
    [("", "measured", True), ("2024-09-28", "measured", False), ("", "incomplete", False)],
)
def test_the_total_of_a_record_says_whether_it_is_one(
    call: Call, owner: psycopg.Connection, untold: str, quality: str, complete: bool
) -> None:
    """Over two water years, with a day of which nothing tells, or one that is a lower bound."""
    owner.execute(
        "INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, quality, data_source,"
        " document_date)"
        " SELECT %s, day, 0.5, CASE WHEN day = '2024-09-27' THEN %s ELSE 'measured' END, 'fopr', '2025-01-10'"
        " FROM generate_series(date '2024-09-26', date '2024-10-02', interval '1 day') AS day"
        " WHERE day::date::text <> %s",
        (world.NEWER, quality, untold),
    )
    try:
        record = call("GET", f"/gauges/{world.NEWER}").body["record"]
    finally:
        owner.execute("DELETE FROM rain_readings WHERE station_id = %s", (world.NEWER,))
    assert (record["days"], record["missing_days"], record["complete"]) == (6 if untold else 7, 0, complete)


@pytest.mark.parametrize("tail", ["", "/rainfall", "/gaps", "/record", "/normals"])
def test_a_former_id_is_resolved_and_one_of_two_gauges_is_not(call: Call, tail: str) -> None:
    by_former = call("GET", f"/gauges/{world.FORMER}{tail}")
    assert (
        by_former.status == 200 and by_former.content == call("GET", f"/gauges/{world.AZTEC}{tail}").content
    )
    ambiguous = call("GET", f"/gauges/{world.SHARED}{tail}")
    assert ambiguous.status == 409 and "10700, 59700" in ambiguous.body["detail"]
    unknown = call("GET", f"/gauges/99999{tail}")
    assert unknown.status == 404 and "no gauge 99999" in unknown.body["detail"]


def test_gaps_come_newest_first_in_pages(call: Call) -> None:
    whole = call("GET", f"/gauges/{world.AZTEC}/gaps").body
    assert [(gap["gap_start"], gap["source"], gap["gap_end"]) for gap in whole["items"]] == [
        ("2024-06-01T07:00:00Z", "fopr", "2024-06-02T07:00:00Z"),
        ("2023-01-15T07:00:00Z", "excel_WY_2023", None),
        ("2023-01-15T07:00:00Z", "fopr", "2023-01-17T07:00:00Z"),
    ]
    walked = []
    cursor = ""
    while True:
        page = call("GET", f"/gauges/{world.AZTEC}/gaps?limit=1{cursor}").body
        walked += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert walked == whole["items"]


@pytest.mark.parametrize(
    ("span", "starts"),
    [
        ("from=2024-06-01&to=2024-06-01", ["2024-06-01T07:00:00Z", "2023-01-15T07:00:00Z"]),  # one is open
        ("to=2023-01-14", []),
        ("from=2023-01-16&to=2023-01-16", ["2023-01-15T07:00:00Z"] * 2),
        ("from=2023-01-17&to=2023-02-01", ["2023-01-15T07:00:00Z"]),  # the one without an end
    ],
)
def test_gaps_of_a_span_reach_into_it(call: Call, span: str, starts: list[str]) -> None:
    items = call("GET", f"/gauges/{world.AZTEC}/gaps?{span}").body["items"]
    assert [gap["gap_start"] for gap in items] == starts


def test_gaps_as_csv_quote_what_needs_it(call: Call) -> None:
    table = lines(call("GET", f"/gauges/{world.AZTEC}/gaps", headers=CSV))
    assert table[-1]["notes"] == '\'=1+1, "quoted"'
    assert table[-1]["gap_end_utc"] == "2023-01-17T07:00:00Z" and table[1]["gap_end_utc"] == ""


def test_the_record_tells_what_the_documents_say_and_whether_it_holds(call: Call) -> None:
    answer = call("GET", f"/gauges/{world.AZTEC}/record").body
    assert answer["metadata"]["remarks"] == '=HYPERLINK("http://x")'
    assert answer["metadata"]["details"] == {"warnings": ["one"]}
    assert answer["frequency"] == {"durations": ["1 hour"], "years": []}
    proof = answer["proof"]
    assert (proof["claims"], proof["mismatches"], proof["agrees"]) == (7, [], True)
    assert (proof["imported_at"], proof["document_date"]) == ("2026-08-01T03:00:00Z", "2025-01-10")
    assert call("GET", f"/gauges/{world.CAVE}/record").body["proof"]["agrees"] is None, "not imported yet"
    assert call("GET", f"/gauges/{world.RIVER}/record").body["proof"] is None
