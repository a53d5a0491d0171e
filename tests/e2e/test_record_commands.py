"""The operator's verbs about the record against a running house: what they show, export and import."""

import csv
import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gaugehouse_local.clients import local_client
from tests.e2e.operator import Operator

SOUND, MISSING, STREAM = "59700", "80500", "05568500"  # with a full record, without one, at a river
AZTEC_PARK = ("33.61", "-111.87")
RAIN = "SELECT * FROM rain_readings WHERE station_id = %(id)s ORDER BY reading_date"
YEARS = """
SELECT water_year, days_present, days_missing, days_untold, total_inches::float8
FROM water_year_rainfall WHERE station_id = %(id)s ORDER BY water_year
"""
RESET = "DELETE FROM import_jobs WHERE kind = 'water_year' AND subject = '2025'"
BROUGHT = "SELECT sha256, outcome, url FROM source_documents WHERE source = %(kind)s AND subject = %(of)s"


def test_coverage_counts_what_the_database_holds(operator: Operator) -> None:
    told = operator.asks("coverage")

    gauge = next(each for each in told["gauges"] if each["station_id"] == SOUND)
    stored = operator.rows(YEARS, id=SOUND)
    assert [
        (year["water_year"], year["days_present"], year["days_missing"], year["days_untold"])
        for year in gauge["water_years"]
    ] == [
        (year["water_year"], year["days_present"], year["days_missing"], year["days_untold"])
        for year in stored
    ]
    counted = {
        row["year"]: row["days"]
        for row in operator.rows(
            "SELECT extract(year FROM reading_date + interval '3 months')::int AS year, count(*) AS days"
            " FROM rain_readings GROUP BY year"
        )
    }
    assert {year["water_year"]: year["days_present"] for year in told["water_years"]} == counted

    table = operator.reads("coverage")
    assert "Coverage by water year" in table and str(max(counted)) in table
    assert MISSING in told["gauges_without_a_day"] and SOUND not in told["gauges_without_a_day"]
    assert "Rain gauges without a day: " in table
    strip = next(line for line in operator.reads("coverage", "--by-gauge").splitlines() if SOUND in line)
    assert len(set(strip) & set("█▓▒░")) >= 1
    assert re.search(rf"{MISSING} .* no day", operator.types_here("coverage", "--by-gauge").stdout)
    assert f"{max(counted)}: " in operator.reads("status")


def test_gauges_are_listed_and_found_near_a_place(operator: Operator) -> None:
    listed = {gauge["station_id"]: gauge for gauge in operator.asks("gauges", "list", "--network", "mcfcd")}
    days = operator.rows(RAIN, id=SOUND)
    assert (listed[SOUND]["first_day"], listed[SOUND]["last_day"]) == (
        str(days[0]["reading_date"]),
        str(days[-1]["reading_date"]),
    )
    assert listed[MISSING]["first_day"] is None
    assert SOUND in operator.reads("gauges", "list")

    [place] = operator.rows("SELECT latitude, longitude FROM gauges WHERE station_id = %(id)s", id=SOUND)
    there = (str(place["latitude"]), str(place["longitude"]))
    assert place["longitude"] < 0, "a negative argument is no option"
    near = operator.asks("gauges", "near", *there, "--radius", "16km")
    assert (near[0]["station_id"], near[0]["distance_miles"]) == (SOUND, pytest.approx(0, abs=1e-6))
    assert "here" in operator.reads("gauges", "near", *there)
    assert "none within 9.9 mi (16.0 km)" in operator.reads("gauges", "near", "0", "0", "--radius", "16km")
    assert "none of the network nosuch" in operator.reads("gauges", "list", "--network", "nosuch")


def test_one_gauge_is_shown_whole(operator: Operator) -> None:
    shown = operator.asks("gauge", SOUND)

    stored = operator.rows(YEARS, id=SOUND)
    assert [year["total_inches"] for year in shown["water_years"]] == [
        year["total_inches"] for year in stored
    ]
    wettest = max(operator.rows(RAIN, id=SOUND), key=lambda row: row["rainfall_inches"])
    assert shown["wettest_days"][0]["rainfall_inches"] == float(wettest["rainfall_inches"])
    assert shown["gauge"]["first_day"] is not None and shown["proof"]["mismatches"] == []
    page = operator.reads("gauge", SOUND)
    for said in (
        "Position",
        "Water years",
        "Wettest days",
        "Newest gaps",
        "Live rain",
        f"✓ {shown['proof']['claims']}",
    ):
        assert said in page
    assert "DocumentNotFound" in operator.reads("gauge", MISSING)
    stream = operator.reads("gauge", STREAM)
    assert "Discharge" in stream and "Stage" in stream, "a stream gauge has its newest readings"


def test_a_record_is_exported_as_csv_and_as_a_workbook(operator: Operator, tmp_path: Path) -> None:
    stored = operator.rows(RAIN, id=SOUND)
    file = tmp_path / "aztec.csv"

    told = operator.asks("export", SOUND, "--output", str(file))

    rows = list(csv.DictReader(file.read_text().splitlines()))
    values = [(row["date"], row["rainfall_inches"]) for row in rows if row["rainfall_inches"]]
    assert values == [(str(row["reading_date"]), f"{row['rainfall_inches']:.5f}") for row in stored]
    assert len(rows) == told["days"] + told["missing"] + told["untold"]
    assert told["missing"] > 0 and sum(row["quality"] == "missing" for row in rows) == told["missing"]
    printed = operator.types_here("export", SOUND, "--output", "-").stdout
    assert printed == file.read_text()

    workbook = tmp_path / "aztec.xlsx"
    assert "Written" in operator.reads("export", SOUND, "--format", "xlsx", "--output", str(workbook))
    sheet = openpyxl.load_workbook(workbook)["Daily"]
    cells = [(row[0].date(), row[1]) for row in sheet.iter_rows(min_row=2, values_only=True)]  # type: ignore[union-attr]
    assert [inches for _, inches in cells if inches is not None] == [
        float(row["rainfall_inches"]) for row in stored
    ]
    assert [day for day, _ in cells] == [date.fromisoformat(row["date"]) for row in rows]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["aztec.csv", "aztec.xlsx"], "nothing else"


def test_a_water_year_is_imported_once_while_it_is_fresh(operator: Operator) -> None:
    [first] = operator.asks("import", "water-year", "2024")["imports"]
    assert (first["status"], first["fresh"]) == ("completed", False)
    assert first["days"] > 300 and first["claims"] > 0 and first["disagreeing_days"] == 0

    again = operator.asks("import", "water-year", "2024")
    assert (again["counts"]["fresh"], again["counts"]["imported"]) == (1, 0)
    forced = operator.asks("import", "water-year", "2024", "--again")
    assert (forced["counts"]["fresh"], forced["counts"]["unchanged"]) == (0, 1)
    assert "skipped as fresh" in operator.reads("import", "water-year", "2024")
    assert "totals stated" in operator.reads("imports", "show", "2024", "--kind", "water_year")


def test_a_range_of_water_years_and_a_month(operator: Operator) -> None:
    told = operator.asks("import", "water-years", "2022", "2023")
    assert [each["subject"] for each in told["imports"]] == ["2022", "2023"]
    assert told["left"] == [] and told["counts"]["imported"] + told["counts"]["unchanged"] == 2

    [month] = operator.asks("import", "pdf", "2019-11")["imports"]
    assert (month["status"], month["kind"]) == ("completed", "monthly_pdf")
    asked = operator.asks("import", "pdf", "2019-12", "--enqueue-only")
    assert asked == {"monthly_pdf 2019-12": "pending"}


def test_a_range_tells_what_the_agency_did_not_give_and_asks_only_for_that_again(operator: Operator) -> None:
    """The simulated record ends in 2025: of the year after the next one the agency has nothing."""
    try:
        first = operator.asks("import", "water-years", "2026", "2027", "--continue-on-error", exit_code=1)
        second = operator.asks("import", "water-years", "2026", "2027", "--continue-on-error", exit_code=1)
    finally:
        operator.conn.execute("DELETE FROM import_jobs WHERE kind = 'water_year' AND subject = '2027'")

    given, missing = first["imports"]
    assert (given["subject"], given["status"]) == ("2026", "completed")
    assert (missing["subject"], missing["status"], first["counts"]["waiting"]) == ("2027", "failed", 1)
    assert "pcp_WY_2027.xlsx does not exist" in missing["error_message"]
    assert [each["fresh"] for each in second["imports"]] == [True, False]
    assert second["counts"]["waiting"] == 1


def test_a_file_is_imported_instead_of_a_download(operator: Operator, tmp_path: Path) -> None:
    operator.asks("import", "water-year", "2022")
    [kept] = operator.rows(
        "SELECT s3_key FROM source_documents WHERE source = 'water_year' AND subject = '2022'"
    )
    bucket = operator.house.outputs["DocumentBucketName"]
    s3 = local_client("s3", operator.house.endpoint)
    file = tmp_path / "brought.xlsx"
    file.write_bytes(s3.get_object(Bucket=bucket, Key=kept["s3_key"])["Body"].read())
    assert operator.asks("import", "water-year", "2022", "--file", str(file))["counts"]["failed"] == 0

    spoilt = tmp_path / "spoilt.xlsx"
    spoilt.write_bytes(b"no workbook at all")
    told = operator.reads("import", "water-year", "2025", "--file", str(spoilt), exit_code=1)
    assert "1 failed for good" in told and "Not done" in told
    [brought] = operator.rows(BROUGHT, kind="water_year", of="2025")
    assert brought == {
        "sha256": hashlib.sha256(spoilt.read_bytes()).hexdigest(),
        "outcome": "invalid",
        "url": "file:spoilt.xlsx",
    }
    operator.conn.execute(RESET)  # else the house is unhealthy


def test_all_full_records_are_asked_for(operator: Operator) -> None:
    told: dict[str, Any] = operator.asks("import", "fopr", "--all", exit_code=1)

    listed = operator.asks("gauges", "list", "--network", "mcfcd")
    assert len(told["imports"]) == len(listed)
    assert told["counts"]["waiting"] + told["counts"]["failed"] >= 1, f"{MISSING} has none"
    assert next(each for each in told["imports"] if each["subject"] == SOUND)["fresh"]


def test_documents_are_read_again_after_a_change_of_the_parser(operator: Operator) -> None:
    assert "To be read again" in operator.reads("reparse")
    operator.conn.execute(
        "UPDATE source_documents SET parser_version = 0 WHERE source = 'fopr' AND outcome = 'imported'"
    )

    told = operator.asks("reparse", "--kind", "fopr")

    assert told["reopened"] == len(told["imports"]) >= 1
    assert all(each["status"] == "completed" for each in told["imports"])
    versions = operator.rows(
        "SELECT DISTINCT parser_version FROM source_documents WHERE source = 'fopr' AND outcome = 'imported'"
    )
    assert all(row["parser_version"] > 0 for row in versions)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("gauge", "99999"), "no gauge 99999"),
        (("export", "99999"), "no gauge 99999"),
        (("export", STREAM), f"gauge {STREAM} has no daily rainfall"),
        (("export", SOUND, "--format", "xlsx", "--output", "-"), "a workbook needs a file"),
        (("export", SOUND, "--output", "/nowhere/x.csv"), "there is no folder /nowhere"),
        (("gauges", "near", "91", "0"), "less than or equal to 90"),
        (("gauges", "near", *AZTEC_PARK, "--radius", "10"), "no distance such as 10mi"),
        (("gauges", "near", *AZTEC_PARK, "--radus", "10mi"), "unexpected extra argument"),
        (("import", "water-year", "2069"), "is still to come"),
        (("import", "water-year", "2019", "--file", __file__), "gaugehouse import pdf MONTH --file"),
        (("import", "water-years", "2024", "2022"), "2024 is after 2022"),
        (("import", "pdf", "2019-13"), "no month such as 2019-11"),
        (("import", "fopr"), "give one of --station-id"),
        (("import", "fopr", "--all", "--file", __file__), "a file is of one gauge"),
        (("reparse", "--kind", "usgs_daily"), "gaugehouse backfill"),
        (("reparse", "--older-than", "99"), "the newest parser is version"),
    ],
)
def test_a_wrong_command_is_told_in_a_line(operator: Operator, command: tuple[str, ...], told: str) -> None:
    assert told in operator.is_refused(*command)
