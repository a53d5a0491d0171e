"""The real workbook of gauge 59700, with the figures that were counted in it by hand."""

import io
import json
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache

import pytest
from openpyxl import load_workbook

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.rainfall import Quality
from gaugehouse.domain.water_year import in_monsoon, water_year_of
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from tests.real_files import MCFCD, requires_real_files
from tests.unit.sources.workbooks import parse

pytestmark = requires_real_files


@cache
def content() -> bytes:
    return (MCFCD / "59700_FOPR.xlsx").read_bytes()


@cache
def full() -> FullRecord:
    return parse(content())


def test_days_and_missing_days_are_all_there() -> None:
    record = full().record
    inches = [day.rainfall_inches for day in record.days]
    assert (len(record.days), len(record.missing)) == (9707, 155)
    assert sum(value > 0 for value in inches) == 744
    assert sum(inches) == pytest.approx(202.47991, abs=1e-9)
    wettest = max(record.days, key=lambda day: day.rainfall_inches)
    assert wettest[:2] == (date(2018, 10, 2), 2.63779)
    stated = sorted([day.reading_date for day in record.days] + list(record.missing))
    assert (stated[0], stated[-1]) == (date(1997, 10, 1), date(2024, 9, 30))
    assert len(set(stated)) == len(stated) == 9862
    assert (stated[-1] - stated[0]).days + 1 == 9862, "no day between is unsaid"
    assert record.days[0].reading_date == date(1998, 2, 3)
    assert record.document_date == date(2024, 12, 19)
    assert (record.station_id, record.data_source) == ("59700", "fopr")


def test_days_and_missing_days_ascend() -> None:
    record = full().record
    assert list(record.days) == sorted(record.days)
    assert list(record.missing) == sorted(record.missing)


def test_openpyxl_reads_the_same_days() -> None:
    book = load_workbook(io.BytesIO(content()), read_only=True, data_only=True)
    numbers: dict[date, float] = {}
    missing: set[date] = set()
    for sheet in (sheet for sheet in book.worksheets if sheet.title.isdigit()):
        for day, value, *_ in sheet.iter_rows(values_only=True):
            if isinstance(day, datetime) and isinstance(value, int | float):
                numbers[day.date()] = float(value)
            elif isinstance(day, datetime):
                assert value == "_____"
                missing.add(day.date())
    book.close()
    assert {day.reading_date: day.rainfall_inches for day in full().record.days} == numbers
    assert set(full().record.missing) == missing


def test_every_claimed_total_is_the_true_sum() -> None:
    record = full().record
    totals: Counter[int] = Counter()
    monsoons: Counter[int] = Counter()
    for day in record.days:
        year = water_year_of(day.reading_date)
        # Counter does not mind what it adds up.
        totals[year] += day.rainfall_inches  # type: ignore[assignment]
        monsoons[year] += day.rainfall_inches if in_monsoon(day.reading_date) else 0  # type: ignore[assignment]
    footers = [claim for claim in record.claims if "footer" in claim.place]
    table = [claim for claim in record.claims if "Meta_Stats" in claim.place]
    assert [claim.water_year for claim in footers] == list(range(1998, 2025))
    assert [claim.water_year for claim in table] == list(range(1998, 2025))
    assert table[0].total_inches is None, "the first, partial year claims no total in the table"
    assert (footers[0].place, table[0].place) == ("sheet 1998 footer", "Meta_Stats row 4")
    for claim in record.claims:
        assert claim.monsoon_inches == pytest.approx(monsoons[claim.water_year], abs=1e-9)
        if claim.total_inches is not None:
            assert claim.total_inches == pytest.approx(totals[claim.water_year], abs=1e-9)


def test_gaps_are_the_missing_runs_joined_to_their_outages_and_the_outage_without_any() -> None:
    gaps = full().record.gaps
    assert sum(gap.missing_days for gap in gaps) == 155
    first, *others = gaps
    assert (first.cause, first.missing_days, first.outage_start) == ("before_record", 125, None)
    assert (first.gap_start, first.gap_end) == (
        datetime(1997, 10, 1, 7, tzinfo=UTC),
        datetime(1998, 2, 3, 7, tzinfo=UTC),
    )
    assert len(others) == 14, "14 outages, each of which explains at most one run"
    assert [gap.outage_start for gap in others if gap.missing_days == 0] == [
        datetime(1999, 9, 24, 5, 43, tzinfo=UTC)
    ]
    for gap in others:
        assert gap.outage_start is not None and gap.outage_end is not None and gap.gap_end is not None
        assert gap.outage_start <= gap.gap_start < gap.gap_end <= gap.outage_end
        assert gap.quality_code == 1 and gap.notes
    assert Counter(gap.cause for gap in others) == {
        "Unknown": 4,
        "Transmitter": 4,
        "Battery": 2,
        "Repeater": 2,
        "Data collision": 1,
        "Vandalism": 1,
    }
    assert len({gap.gap_start for gap in gaps}) == 15


def test_the_day_that_a_person_assigned_says_so() -> None:
    unusual = [day for day in full().record.days if day.quality is not Quality.MEASURED]
    assert unusual == [(date(2000, 6, 24), 0.59055, Quality.ASSIGNED, "Assigned 15mm to 6/24")]


def test_metadata() -> None:
    metadata = full().metadata
    assert (metadata.station_id, metadata.name, metadata.previous_ids) == ("59700", "Aztec Park", ("4695",))
    assert (metadata.latitude, metadata.longitude, metadata.elevation_ft) == (33.61006, -111.86545, 1465.0)
    assert (metadata.city, metadata.county, metadata.gauge_type) == ("Scottsdale", "Maricopa", "Rain")
    assert metadata.location == "Near Thunderbird & Frank Lloyd Wright"
    assert (metadata.data_begins, metadata.remarks) == (date(1998, 2, 9), "Records Good")
    assert metadata.warnings == ()


def test_details_hold_the_rest_as_json() -> None:
    details = json.loads(json.dumps(full().metadata.details, allow_nan=False))
    assert details["updated"] == "2024-12-19" and details["as_of"] == "2024-10-01"
    assert details["id_history"] == "59700; 4695 prior to 2/20/2018"
    assert details["average_annual_precipitation_inches"] == 7.4803 and details["complete_years"] == 26
    assert details["incomplete_months"] == details["missing_months"] == "None"
    assert details["storms_over_inches_in_24h"] == {"1": 35, "2": 4, "3": 0}
    assert details["latitude_dms"] == "33\u00b0 36\u2019 36.2\u201d"
    assert len(details["greatest_totals"]) == 6
    assert details["greatest_totals"][4] == {
        "duration": "24 hour",
        "inches": 2.64,
        "date": "2018-10-02",
        "return_period_years": 14,
    }
    assert (details["days_since_installation"], round(details["percent_operational"], 4)) == (9731, 99.5346)
    assert len(details["outages"]) == 14
    assert details["outages"][10]["start"] == "2000-06-23T22:17:00"
    assert (details["outages"][10]["start_count"], details["outages"][10]["end_count"]) == (77, 92)


def test_frequency_table() -> None:
    table = full().metadata.details["frequency"]
    assert isinstance(table, dict)
    assert table["durations"] == ["15 min", "1 hour", "3 hour", "6 hour", "24 hour", "72 hour"]
    assert [year["year"] for year in table["years"]] == list(range(1998, 2025))
    assert all(len(year["maxima"]) == 6 for year in table["years"])
    assert table["years"][21]["maxima"]["24 hour"] == {"inches": 2.64, "date": "2018-10-02"}
    assert table["max"]["72 hour"] == 3.35 and table["max"]["dates"]["72 hour"] == "2021-08-13"
    assert table["mean"]["15 min"] == pytest.approx(0.437778, abs=1e-6)
    assert table["stdev"]["label"] == "STDEV"
    assert table["noaa_atlas_14"]["72 hour"] == 4.83
    assert table["noaa_atlas_14"]["note"] == "Tr = 100 years"


def test_nothing_is_dropped_and_the_one_oddity_is_a_warning() -> None:
    assert full().rejects == () and full().stale_sheets == ()
    assert full().warnings == (
        "59700_FOPR.xlsx, sheet FREQ, row 7: the 1 hour maximum of 2002 is dated 2004-12-04",
    )


@pytest.mark.parametrize(
    ("asked", "message"), [("4695", "which was 4695 before"), ("12345", "12345 was asked")]
)
def test_it_is_the_record_of_no_other_gauge(asked: str, message: str) -> None:
    with pytest.raises(DocumentInvalid, match=f"gauge 59700.*{message}"):
        parse_fopr_workbook(content(), station_id=asked, file_name=f"{asked}_FOPR.xlsx")
