"""Rainfall over HTTP, against sums of the tests' own over the rows that were put in."""

import csv
import io
import statistics
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import psycopg
import pytest

from tests.integration.api import world
from tests.integration.api.conftest import Call

CSV = {"Accept": "text/csv"}
Days = dict[date, float]


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection) -> None:
    """The small world."""
    world.fill(owner)


@pytest.fixture(scope="module")
def stored(owner: psycopg.Connection, house: None) -> Days:
    """The rows of Aztec Park."""
    rows = owner.execute(
        "SELECT reading_date, rainfall_inches::float8 FROM rain_readings WHERE station_id = %s",
        (world.AZTEC,),
    )
    return dict(rows.fetchall())


def of(call: Call, path: str) -> Any:
    answer = call("GET", path)
    assert answer.status == 200, answer.body
    return answer.body


def within(stored: Days, first: date, last: date) -> Days:
    return {day: inches for day, inches in sorted(stored.items()) if first <= day <= last}


def test_days_are_those_that_have_a_value(call: Call, stored: Days) -> None:
    answer = of(call, f"/gauges/{world.AZTEC}/rainfall?from=2023-01-10&to=2023-02-05")
    assert {item["date"]: item["rainfall_inches"] for item in answer["items"]} == {
        str(day): inches for day, inches in within(stored, date(2023, 1, 10), date(2023, 2, 5)).items()
    }
    assert "2023-01-15" not in str(answer["items"]), "a missing day is none, and surely not 0"
    assert (answer["unit"], answer["time_zone"], answer["interval"]) == ("in", "America/Phoenix", "day")
    assert answer["items"][0] == {
        "date": "2023-01-10", "rainfall_inches": 0.04, "quality": "measured", "data_source": "fopr"
    }  # fmt: skip


def test_without_a_span_the_whole_record_comes(call: Call, stored: Days) -> None:
    items = of(call, f"/gauges/{world.AZTEC}/rainfall")["items"]
    assert [item["date"] for item in items] == [str(day) for day in sorted(stored)]
    assert of(call, f"/gauges/{world.RIVER}/rainfall")["items"] == []


def test_months_are_whole_and_say_what_they_lack(call: Call, stored: Days) -> None:
    items = of(call, f"/gauges/{world.AZTEC}/rainfall?interval=month&from=2023-01-20&to=2023-03-01")["items"]
    assert [item["month"] for item in items] == ["2023-01", "2023-02", "2023-03"]
    sums = [
        sum(within(stored, date(2023, month, 1), date(2023, month + 1, 1) - timedelta(days=1)).values())
        for month in (1, 2, 3)
    ]
    assert [item["total_inches"] for item in items] == pytest.approx(sums)
    counts = ("days_present", "days_missing", "days_untold", "complete")
    assert [tuple(item[name] for name in counts) for item in items] == [
        (29, 2, 0, False), (27, 0, 1, False), (31, 0, 0, True),
    ]  # fmt: skip


def test_water_years_are_those_that_have_a_day_in_the_span(call: Call, stored: Days) -> None:
    items = of(call, f"/gauges/{world.AZTEC}/rainfall?interval=water_year&from=2022-10-01&to=2023-10-01")[
        "items"
    ]
    assert [(item["water_year"], item["complete"]) for item in items] == [(2023, False), (2024, True)]
    for item in items:
        year = item["water_year"]
        days = within(stored, date(year - 1, 10, 1), date(year, 9, 30))
        monsoon = within(stored, date(year, 6, 15), date(year, 9, 30))
        assert item["total_inches"] == pytest.approx(sum(days.values()))
        assert item["monsoon_inches"] == pytest.approx(sum(monsoon.values()))
        assert item["days_present"] == len(days)


def test_coverage_has_the_water_years_of_each_gauge_with_a_record(
    call: Call, owner: psycopg.Connection
) -> None:
    owner.execute(
        "INSERT INTO rain_readings (station_id, reading_date, rainfall_inches, quality, data_source,"
        " document_date) VALUES (%s, '2023-10-01', 0, 'measured', 'pdf_1023', '2023-10-31')",
        (world.CAVE,),
    )
    try:
        first = of(call, "/coverage?limit=1")
        second = of(call, f"/coverage?cursor={first['next_cursor']}")
        table = call("GET", "/coverage", headers=CSV).body
    finally:
        owner.execute("DELETE FROM rain_readings WHERE station_id = %s", (world.CAVE,))
    [cave], [aztec] = first["items"], second["items"]
    assert (cave["station_id"], aztec["station_id"], second["next_cursor"]) == (world.CAVE, world.AZTEC, None)
    assert cave["water_years"] == [
        {
            "water_year": 2024, "days_present": 1, "days_missing": 0, "days_before_record": 0,
            "days_untold": 365, "complete": False, "sources": ["pdf_1023"],
        }
    ]  # fmt: skip
    totals = of(call, f"/gauges/{world.AZTEC}/rainfall?interval=water_year")["items"]
    for year, total in zip(aztec["water_years"], totals, strict=True):
        assert {name: value for name, value in year.items() if name != "sources"} == {
            name: value for name, value in total.items() if name in year
        }
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [(row["station_id"], row["water_year"], row["sources"]) for row in rows] == [
        (world.CAVE, "2024", "pdf_1023"),
        *((world.AZTEC, str(total["water_year"]), "fopr") for total in totals),
    ]


def test_normals_are_those_of_the_complete_years(call: Call, stored: Days) -> None:
    """2022 and 2024 are; 2023 and 2025 are not. The day after 29 February is another in each of them."""
    items = of(call, f"/gauges/{world.AZTEC}/normals")["items"]
    running = defaultdict(list)
    for year in (2022, 2024):
        totals = list(accumulate(within(stored, date(year - 1, 10, 1), date(year, 9, 30)).values()))
        for number, total in enumerate([*totals, totals[-1]][:366], 1):
            running[number].append(total)
    assert [item["day_of_water_year"] for item in items] == list(range(1, 367))
    for item in items:
        totals = running[item["day_of_water_year"]]
        low, high = sorted(totals)
        assert item["years"] == 2
        assert item["median_inches"] == pytest.approx(statistics.median(totals), abs=0.001)
        assert item["p10_inches"] == pytest.approx(low + (high - low) * 0.1, abs=0.001)
        assert item["p90_inches"] == pytest.approx(low + (high - low) * 0.9, abs=0.001)
    assert of(call, f"/gauges/{world.CAVE}/normals")["items"] == []


def test_a_water_year_has_the_fields_that_its_users_know(call: Call, stored: Days) -> None:
    answer = of(call, f"/readings/{world.AZTEC}/water-year/2023")
    days = within(stored, date(2022, 10, 1), date(2023, 9, 30))
    assert (answer["water_year"], answer["total_readings"]) == (2023, 362)
    assert answer["total_rainfall_inches"] == pytest.approx(sum(days.values()))
    assert [reading["date"] for reading in answer["readings"]] == [str(day) for day in days]
    lacks = ("complete", "days_missing", "days_untold", "days_before_record")
    assert [answer[name] for name in lacks] == [False, 2, 1, 0]
    until = {reading["date"]: reading["running_total_complete"] for reading in answer["readings"]}
    assert {day for day, complete in until.items() if complete} == {
        day for day in until if day < "2023-01-15"
    }
    whole = of(call, f"/readings/{world.AZTEC}/water-year/2024")
    assert whole["complete"] is True and whole["readings"][-1]["running_total_complete"] is True


def test_a_day_that_is_a_lower_bound_makes_the_running_total_one(
    call: Call, owner: psycopg.Connection
) -> None:
    mark = "UPDATE rain_readings SET quality = %s WHERE station_id = %s AND reading_date = '2022-03-01'"
    owner.execute(mark, ("incomplete", world.AZTEC))
    try:
        answer = of(call, f"/readings/{world.AZTEC}/water-year/2022")
    finally:
        owner.execute(mark, ("measured", world.AZTEC))
    until = {reading["date"]: reading["running_total_complete"] for reading in answer["readings"]}
    assert (until["2022-02-28"], until["2022-03-01"], until["2022-09-30"]) == (True, False, False)
    assert answer["complete"] is False


def test_a_calendar_year_has_twelve_months_and_the_running_total(call: Call, stored: Days) -> None:
    answer = of(call, f"/readings/{world.AZTEC}/calendar-year/2021")
    days = within(stored, date(2021, 1, 1), date(2021, 12, 31))
    assert answer["calendar_year"] == 2021
    assert [month["month"] for month in answer["months"]] == [f"2021-{number:02}" for number in range(1, 13)]
    january, october = answer["months"][0], answer["months"][9]
    assert (january["total_inches"], january["days_before_record"], january["complete"]) == (None, 31, False)
    assert (october["days_present"], october["complete"]) == (31, True)
    running = [reading["running_total_inches"] for reading in answer["readings"]]
    assert running == pytest.approx(list(accumulate(days.values())))
    assert answer["total_rainfall_inches"] == running[-1]
    assert (answer["days_before_record"], answer["days_untold"], answer["complete"]) == (273, 0, False)


def test_a_year_without_a_reading_has_no_total(call: Call) -> None:
    before = of(call, f"/readings/{world.AZTEC}/water-year/1990")
    after = of(call, f"/readings/{world.AZTEC}/calendar-year/2025")
    never = of(call, f"/readings/{world.CAVE}/water-year/2024")
    for answer in (before, after, never):
        assert (answer["total_readings"], answer["total_rainfall_inches"]) == (0, None)
        assert (answer["readings"], answer["complete"]) == ([], False)
    assert (before["days_before_record"], before["days_untold"]) == (365, 0)
    assert (after["days_before_record"], after["days_untold"]) == (0, 365)
    assert (never["days_before_record"], never["days_untold"]) == (0, 366)


def test_a_former_id_means_its_gauge_in_a_year_too(call: Call) -> None:
    assert of(call, f"/readings/{world.FORMER}/water-year/2024")["station_id"] == world.AZTEC
    assert call("GET", f"/readings/{world.SHARED}/calendar-year/2024").status == 409


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("/gauges/59700/rainfall", "date,rainfall_inches,quality,data_source"),
        (
            "/gauges/59700/rainfall?interval=water_year",
            (
                "water_year,total_inches,monsoon_inches,days_present,days_missing,days_before_record,"
                "days_untold,complete"
            ),
        ),
        ("/gauges/59700/normals", "day_of_water_year,median_inches,p10_inches,p90_inches,years"),
        (
            "/readings/59700/water-year/2023",
            "date,rainfall_inches,running_total_inches,running_total_complete,quality,data_source",
        ),
    ],
)
def test_lists_are_there_as_csv_with_units_in_their_heads(call: Call, path: str, header: str) -> None:
    answer = call("GET", path, headers=CSV)
    text = answer.content.decode()
    assert text.startswith(f"{header}\r\n") and text.endswith("\r\n")
    body = of(call, path)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    items = body.get("items") or body["readings"]
    assert len(rows) == len(items)
    assert rows[-1] == {name: _written(items[-1][name]) for name in header.split(",")}


def _written(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_closed_years_may_be_kept_long_and_today_briefly(call: Call) -> None:
    def kept(path: str) -> str:
        return call("GET", path).headers["cache-control"]

    assert kept(f"/readings/{world.AZTEC}/water-year/2022") == "max-age=86400"
    assert kept(f"/readings/{world.AZTEC}/water-year/2023") == "max-age=60", (
        "a document may still tell of a day"
    )
    assert kept(f"/gauges/{world.CAVE}/rainfall?to=2023-09-30") == "max-age=60", "not imported yet"
    assert kept(f"/gauges/{world.AZTEC}/normals") == "max-age=86400"
    assert kept(f"/gauges/{world.CAVE}/normals") == "max-age=60"
    year = f"/gauges/{world.AZTEC}/rainfall?from=2021-10-01&to=2022-09-30"
    assert kept(year) == kept(f"{year}&interval=month") == "max-age=86400"
    assert kept(f"/gauges/{world.AZTEC}/rainfall?from=2022-10-01&to=2023-09-30") == "max-age=60"
    assert (
        kept(f"/gauges/{world.AZTEC}/rainfall?to={datetime.now(UTC).date() + timedelta(days=1)}")
        == "max-age=60"
    )
    assert kept(f"/gauges/{world.AZTEC}/rainfall") == "max-age=60"
