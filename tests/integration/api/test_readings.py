"""Readings of stream gauges over HTTP: all of a span, as few as a plot needs, and the newest."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.integration.api import world
from tests.integration.api.conftest import Call

QUARTER = timedelta(minutes=15)
CHICAGO = ZoneInfo("America/Chicago")
DISCHARGE = f"/gauges/{world.RIVER}/readings?parameter=00060"


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection) -> None:
    """The small world, with a year of readings."""
    world.fill(owner, readings=world.READINGS)


@pytest.fixture(scope="module")
def stored(owner: psycopg.Connection, house: None) -> dict[datetime, tuple[float, bool]]:
    """Every reading of the river's discharge."""
    rows = owner.execute(
        "SELECT reading_time, value, approved FROM gauge_readings JOIN series USING (series_id)"
        " WHERE station_id = %s ORDER BY reading_time",
        (world.RIVER,),
    )
    return {moment: (value, approved) for moment, value, approved in rows}


def of(call: Call, path: str) -> Any:
    answer = call("GET", path)
    assert answer.status == 200, answer.body
    return answer.body


def moments(items: list[dict[str, Any]]) -> list[datetime]:
    assert all(item["reading_time"].endswith("Z") for item in items)
    return [datetime.fromisoformat(item["reading_time"]) for item in items]


def test_a_day_is_a_local_one_of_the_gauge(call: Call, stored: dict[datetime, Any]) -> None:
    answer = of(call, f"{DISCHARGE}&from=2025-11-02&to=2025-11-02")
    expected = [moment for moment in stored if f"{moment.astimezone(CHICAGO):%F}" == "2025-11-02"]
    assert len(expected) == 25 * 4, "on that day the clocks are put back"
    assert moments(answer["items"]) == expected
    assert (answer["unit"], answer["parameter"], answer["points"]) == ("ft^3/s", "Discharge", None)
    assert (answer["station_id"], answer["time_zone"]) == (world.RIVER, "America/Chicago")


def test_both_ends_of_a_span_of_moments_are_in_it(call: Call, stored: dict[datetime, Any]) -> None:
    first, last = world.FIRST_READING + QUARTER, world.FIRST_READING + 5 * QUARTER
    for moment in (first.isoformat(), first.astimezone(CHICAGO).isoformat()):
        items = of(call, f"{DISCHARGE}&{urlencode({'from': moment, 'to': last.isoformat()})}")["items"]
        assert moments(items) == [world.FIRST_READING + step * QUARTER for step in range(1, 6)]
        assert [(item["value"], item["approved"]) for item in items] == [
            stored[moment] for moment in moments(items)
        ]


def test_a_whole_year_comes_at_once_with_the_agencys_words(call: Call, stored: dict[datetime, Any]) -> None:
    items = of(call, f"{DISCHARGE}&from=2025-07-31&to=2026-08-01")["items"]
    assert moments(items) == list(stored) and len(items) == world.READINGS
    assert [(item["value"], item["approved"]) for item in items] == list(stored.values())
    worded = {index: item["qualifiers"] for index, item in enumerate(items) if "qualifiers" in item}
    assert worded == {index: ["ESTIMATED", "ICE"] for index in range(0, world.READINGS, 1000)}


@pytest.mark.parametrize("points", [4, 10, 500, 10_000])
def test_points_keep_what_a_plot_shows(call: Call, stored: dict[datetime, Any], points: int) -> None:
    items = of(call, f"{DISCHARGE}&from=2025-07-31&to=2026-08-01&points={points}")["items"]
    found = moments(items)
    assert 4 <= len(found) <= points
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (min(stored), max(stored))
    assert [(item["value"], item["approved"]) for item in items] == [stored[moment] for moment in found]
    values = [value for value, _ in stored.values()]
    assert max(item["value"] for item in items) == max(values) == 99999.5
    assert min(item["value"] for item in items) == min(values) == -7.25


def test_of_each_bucket_the_extremes_are_kept(call: Call, stored: dict[datetime, Any]) -> None:
    """Counted again by hand: 100 points are 49 buckets of the span, and both ends of it."""
    start, end = datetime(2025, 9, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    query = urlencode({"from": start.isoformat(), "to": end.isoformat(), "points": 100})
    found = moments(of(call, f"{DISCHARGE}&{query}")["items"])
    buckets: dict[int, list[datetime]] = {}
    within = [moment for moment in stored if start <= moment <= end]
    for moment in within:
        buckets.setdefault((moment - start) // ((end - start) / 49), []).append(moment)
    extremes = {
        choose(bucket, key=lambda moment: stored[moment][0])
        for bucket in buckets.values()
        for choose in (min, max)
    }
    assert set(found) == extremes | {within[0], within[-1]}


def test_a_span_wider_than_the_readings_costs_no_detail(call: Call) -> None:
    snug = of(call, f"{DISCHARGE}&from=2025-07-31&to=2026-08-01&points=50")["items"]
    assert of(call, f"{DISCHARGE}&from=1900-01-01&to=2199-12-31&points=50")["items"] == snug
    assert len(snug) > 40


def test_few_readings_are_all_among_the_points(call: Call) -> None:
    span = "from=2025-08-01T00:00:00Z&to=2025-08-01T00:45:00Z"
    assert (
        of(call, f"{DISCHARGE}&{span}&points=100")["items"] == of(call, f"{DISCHARGE}&{span}")["items"] != []
    )
    empty = of(call, f"{DISCHARGE}&from=2020-01-01&to=2020-01-02&points=100")
    assert empty["items"] == of(call, f"{DISCHARGE}&from=2020-01-01&to=2020-01-02")["items"] == []


def test_too_many_at_once_are_refused_with_what_to_send(call: Call, owner: psycopg.Connection) -> None:
    """A second year of them would not fit into an answer; with points it does."""
    owner.execute("SELECT ensure_partition('2024-07-01'), ensure_partition('2024-08-01')")
    owner.execute(
        "INSERT INTO gauge_readings (series_id, reading_time, value, approved, modified_at)"
        " SELECT series_id, timestamptz '2024-07-01' + n * interval '5 minutes', 1, true, now()"
        " FROM series, generate_series(0, 8900) AS n"
        " WHERE station_id = %s AND parameter_code = '00060' AND statistic = '00011'",
        (world.RIVER,),
    )
    try:
        refused = call("GET", f"{DISCHARGE}&from=2024-07-01&to=2026-08-01")
        assert refused.status == 422
        assert "40,000" in refused.body["detail"] and "points=2000" in refused.body["detail"]
        assert len(of(call, f"{DISCHARGE}&from=2024-07-01&to=2026-08-01&points=2000")["items"]) <= 2000
        assert call("GET", f"{DISCHARGE}&from=2024-07-01", headers={"Accept": "text/csv"}).status == 422
    finally:
        owner.execute("DELETE FROM gauge_readings WHERE reading_time < '2025-01-01'")


def test_a_series_is_chosen_by_its_method_where_there_are_several(call: Call) -> None:
    several = call("GET", f"/gauges/{world.AZTEC}/readings?parameter=00045")
    assert several.status == 422 and "counter, past_15_min, past_24_h" in several.body["detail"]
    one = of(call, f"/gauges/{world.AZTEC}/readings?parameter=00045&method=counter")
    assert (one["method"], one["unit"], one["items"]) == ("counter", "in", [])


def test_a_parameter_that_a_gauge_does_not_have_is_not_found(call: Call) -> None:
    missing = call("GET", f"/gauges/{world.RIVER}/readings?parameter=00045")
    assert missing.status == 404 and "there are 00060, 00065" in missing.body["detail"]
    nothing = call("GET", f"/gauges/{world.CAVE}/readings?parameter=00060")
    assert nothing.status == 404 and "none at all" in nothing.body["detail"]


def test_readings_as_csv_have_the_unit_in_the_head(call: Call) -> None:
    answer = call("GET", f"{DISCHARGE}&from=2025-08-01T00:00:00Z&to=2025-08-01T00:15:00Z",
                  headers={"Accept": "text/csv"})  # fmt: skip
    assert list(csv.reader(io.StringIO(answer.content.decode(), newline=""))) == [
        ["reading_time_utc", "value_ft^3/s", "approved", "qualifiers"],
        ["2025-08-01T00:00:00Z", "1000.0", "true", "ESTIMATED ICE"],
        ["2025-08-01T00:15:00Z", "1000.71", "true", ""],
    ]


def test_the_agencys_daily_values(call: Call) -> None:
    """Of days that have one; a missing day is none."""
    path = f"/gauges/{world.RIVER}/daily-values?parameter=00060"
    whole = of(call, path)
    assert whole["items"] == [
        {"date": "1995-03-01", "value": 4120.0, "approved": True, "qualifiers": None},
        {"date": "1995-03-02", "value": 4210.0, "approved": True, "qualifiers": ["ESTIMATED", "ICE"]},
        {"date": "1995-03-04", "value": -15.5, "approved": False, "qualifiers": None},
    ]
    assert (whole["statistic"], whole["unit"], whole["time_zone"]) == ("00003", "ft^3/s", "America/Chicago")
    span = of(call, f"{path}&statistic=00003&from=1995-03-02&to=1995-03-03")["items"]
    assert [item["date"] for item in span] == ["1995-03-02"]
    table = call("GET", path, headers={"Accept": "text/csv"}).body.splitlines()
    assert table[:3] == [
        "date,value_ft^3/s,approved,qualifiers",
        "1995-03-01,4120.0,true,",
        "1995-03-02,4210.0,true,ESTIMATED ICE",
    ]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("parameter=00065", 404, "has no such series; there are 00060 00003."),
        ("parameter=00060&statistic=00001", 404, "there are 00060 00003."),
        ("parameter=00060&statistic=00011", 404, "no such series"),
        ("parameter=00060&statistic=mean", 422, "statistic: send one as 00003 (Which statistic of a day"),
        ("parameter=00060&from=1995-03-02&to=1995-03-01", 422, "after to"),
    ],
)
def test_daily_values_that_there_are_not(call: Call, query: str, status: int, said: str) -> None:
    answer = call("GET", f"/gauges/{world.RIVER}/daily-values?{query}")
    assert (answer.status, said in answer.body["detail"]) == (status, True), answer.body


def test_old_readings_may_be_kept_longer(call: Call) -> None:
    assert (
        call("GET", f"{DISCHARGE}&from=2025-08-01&to=2025-08-02").headers["cache-control"] == "max-age=3600"
    )
    assert call("GET", DISCHARGE).headers["cache-control"] == "max-age=30"


def test_the_newest_of_everything(call: Call, stored: dict[datetime, Any]) -> None:
    river = of(call, f"/readings/{world.RIVER}/latest")
    newest = max(stored)
    assert [(each["parameter_code"], each["unit"], each["value"]) for each in river["items"]] == [
        ("00060", "ft^3/s", stored[newest][0])
    ]
    assert moments(river["items"]) == [newest]
    assert (river["rain_today"], river["latest_day"], river["live_rain"]) == (None, None, [])
    rain = of(call, f"/readings/{world.FORMER}/latest")
    assert rain["station_id"] == world.AZTEC and rain["items"] == []
    assert [(each["method"], each["inches"]) for each in rain["live_rain"]] == [
        ("past_15_min", 0.0), ("past_24_h", 0.31), ("counter", 4.21),
    ]  # fmt: skip
    assert rain["latest_day"] == {
        "date": "2024-12-31", "rainfall_inches": 0.0, "quality": "measured", "data_source": "fopr"
    }  # fmt: skip
    nothing = of(call, f"/readings/{world.NEWER}/latest")
    assert (nothing["items"], nothing["live_rain"], nothing["latest_day"]) == ([], [], None)


def test_the_newest_as_csv_has_the_rain_that_is_live(call: Call) -> None:
    answer = call("GET", f"/readings/{world.AZTEC}/latest", headers={"Accept": "text/csv"})
    assert answer.content.decode().splitlines() == [
        "parameter_code,method,unit,reading_time_utc,value,approved,qualifiers",
        "00045,past_15_min,in,2026-08-07T11:55:00Z,0.0,,",
        "00045,past_24_h,in,2026-08-07T11:55:00Z,0.31,,",
        "00045,counter,in,2026-08-07T11:50:00Z,4.21,,",
    ]
    river = call("GET", f"/readings/{world.RIVER}/latest", headers={"Accept": "text/csv"})
    assert [line.split(",")[:3] for line in river.content.decode().splitlines()[1:]] == [
        ["00060", "", "ft^3/s"]
    ]
