"""Our parser reads the simulator's water-year workbooks back to the climate's truth, and finds its faults."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.domain.rainfall import GapCause, Quality, RainRecord
from gaugehouse.domain.water_year import water_year_of
from gaugehouse.sources.mcfcd.arizona_time import MOUNTAIN_STANDARD_TIME
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook
from gaugehouse.sources.mcfcd.water_year import parse_water_year_workbook
from gaugehouse_local.simulator import (
    BookFault,
    Climate,
    ClimateAgency,
    create_climate,
    fopr_path,
    water_year_path,
)
from gaugehouse_local.simulator.mcfcd.water_year_bending import fault_place
from gaugehouse_local.simulator.mcfcd.water_year_content import water_year_content
from gaugehouse_local.simulator.mcfcd.water_year_faults import MISSPELT_STATION, UNKNOWN_STATION

YEAR = 2023
CLIMATE = create_climate(seed=23, gauges=8, first_water_year=2019)
PLACE = fault_place(water_year_content(CLIMATE, YEAR))
DOCUMENT_DATE = date(2023, 10, 12)


def parse(climate: Climate, water_year: int, *faults: BookFault) -> RainBook:
    agency = ClimateAgency(climate)
    agency.publish_water_year(water_year, *faults)
    document = agency.document(water_year_path(water_year))
    assert document
    return parse_water_year_workbook(
        document.content,
        water_year=water_year,
        file_name=f"pcp_WY_{water_year}.xlsx",
        document_date=(document.last_modified - timedelta(hours=7)).date(),
    )


@lru_cache
def book(*faults: BookFault) -> RainBook:
    return parse(CLIMATE, YEAR, *faults)


def record_of(read: RainBook, station_id: str = PLACE.station_id) -> RainRecord:
    (record,) = (record for record in read.records if record.station_id == station_id)
    return record


def inches_on(read: RainBook, day: date) -> float | None:
    found = [row.rainfall_inches for row in record_of(read).days if row.reading_date == day]
    return found[0] if found else None


@given(seed=st.integers(0, 100_000), water_year=st.integers(2022, 2025))
@settings(max_examples=8, deadline=None)
def test_every_day_comes_back_as_the_full_records_have_it(seed: int, water_year: int) -> None:
    climate = create_climate(seed=seed, gauges=4, first_water_year=2021)
    read = parse(climate, water_year)

    assert (read.rejects, read.warnings, read.repaired_ids) == ((), (), ())
    assert all(footnote.understood for footnote in read.footnotes)
    for record in read.records:
        full = full_record(climate, record.station_id)
        assert told(record) == [row for row in told(full) if water_year_of(row[0]) == water_year]
        begins = climate.record(record.station_id).gauge.first_reading
        assert {day for day in record.missing if day >= begins} == {
            day for day in full.missing if water_year_of(day) == water_year and day >= begins
        }


@given(seed=st.integers(0, 100_000))
@settings(max_examples=8, deadline=None)
def test_every_gap_has_the_cause_that_the_footnotes_give(seed: int) -> None:
    climate = create_climate(seed=seed, gauges=4, first_water_year=2021)
    for record in parse(climate, 2023).records:
        outages = {
            (outage.start, outage.end): outage
            for outage in climate.record(record.station_id).outages
            if water_year_of(outage.start.date()) == 2023
        }
        explained = {
            (local(gap.outage_start), local(gap.outage_end)): gap for gap in record.gaps if gap.outage_start
        }
        assert explained.keys() == outages.keys()
        for span, gap in explained.items():
            assert gap.quality_code == outages[span].quality_code
            assert gap.cause.split()[0] == outages[span].cause.split()[0].lower()
        assert {gap.cause for gap in record.gaps if not gap.outage_start} <= {
            GapCause.BEFORE_RECORD,
            GapCause.UNEXPLAINED,  # a whole year before the gauge was there, of which no footnote speaks
        }


def test_the_totals_of_the_workbook_are_those_of_its_days() -> None:
    read = book()
    for claim in read.claims:
        days = [
            row
            for row in record_of(read, claim.station_id).days
            if row.reading_date.month == claim.month.month
        ]
        assert claim.total_inches == pytest.approx(sum(row.rainfall_inches for row in days))
    assert len({claim.place for claim in read.claims}) == 24


def test_the_present_water_year_has_the_months_that_are_over() -> None:
    read = parse(create_climate(gauges=3, first_water_year=2020), 2026)  # on 2025-12-31

    assert {row.reading_date.month for record in read.records for row in record.days} == {10, 11}
    assert read.warnings == ()


@pytest.mark.parametrize("water_year", [2021, 2027])
def test_other_water_years_have_no_workbook(water_year: int) -> None:
    assert ClimateAgency(CLIMATE).document(water_year_path(water_year)) is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (BookFault.TEXT_VALUE, "not_a_number"),
        (BookFault.NEGATIVE_VALUE, "negative_rainfall"),
        (BookFault.ABSURD_VALUE, "absurd_rainfall"),
    ],
)
def test_a_cell_that_is_no_rainfall_costs_its_own_day_only(fault: BookFault, reason: str) -> None:
    read = book(fault)

    (reject,) = read.rejects
    assert reject.reason == reason
    assert f"pcp_WY_2023.xlsx, sheet {PLACE.day:%b}".lower() in reject.detail.lower()
    assert f"gauge {PLACE.station_id}: " in reject.detail
    assert set(told(record_of(book()))) - set(told(record_of(read))) == {
        (PLACE.day, PLACE.inches, Quality.MEASURED)
    }
    assert PLACE.day not in record_of(read).missing
    assert "rejected records" in str(record_of(read).gaps)


def test_twenty_inches_are_kept_as_suspect() -> None:
    assert (PLACE.day, 20.0, Quality.SUSPECT) in told(record_of(book(BookFault.TWENTY_INCHES)))


def test_a_misspelt_id_is_repaired_by_its_column() -> None:
    read = book(BookFault.ID_TYPO)

    assert read.repaired_ids == (("OCT", MISSPELT_STATION, PLACE.station_id),)
    assert read.records == book().records


def test_text_in_an_id_cell_is_passed_over_and_reported() -> None:
    read = book(BookFault.TEXT_IN_ID)

    assert {(written, meant) for _, written, meant in read.repaired_ids} == {
        (f"{PLACE.station_id} since 03/09/18", PLACE.station_id)
    }
    assert len(read.repaired_ids) == 13
    assert read.records == book().records


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (BookFault.MISSING_SHEET, None),
        (BookFault.OTHER_MONTH, "sheet_of_another_month"),
        (BookFault.SHIFTED_COLUMN, "columns_shifted"),
    ],
)
def test_a_month_that_cannot_be_used_costs_that_month_only(fault: BookFault, reason: str | None) -> None:
    read = book(fault)

    assert [reject.reason for reject in read.rejects] == ([reason] if reason else [])
    assert f"pcp_WY_2023.xlsx: has no usable sheet for {PLACE.day:%B %Y}" in read.warnings
    for record in read.records:
        usual = record_of(book(), record.station_id)
        others = [row for row in usual.days if row.reading_date.month != PLACE.day.month]
        assert [row[:2] for row in record.days] == [row[:2] for row in others]
        assert set(record.missing) == {day for day in usual.missing if day.month != PLACE.day.month}


def test_of_two_sheets_of_a_month_the_first_counts() -> None:
    read = book(BookFault.MONTH_TWICE)

    assert [reject.reason for reject in read.rejects] == ["duplicate_month"]
    assert f"sheet {PLACE.day:%b}".upper() in read.rejects[0].detail.upper()
    assert read.records == book().records


def test_a_date_that_stands_twice_counts_once() -> None:
    read = book(BookFault.DUPLICATE_DATE)
    first = PLACE.day.replace(day=1)

    assert [reject.reason for reject in read.rejects] == ["duplicate_date"]
    assert "row 34: " in read.rejects[0].detail
    for record in read.records:
        dates = [row.reading_date for row in record.days]
        assert first not in dates
        assert len(dates) == len(set(dates))


def test_the_workbook_of_another_year_is_refused() -> None:
    with pytest.raises(
        DocumentInvalid, match=r"pcp_WY_2023\.xlsx: by its dates it is of water year 2022, not"
    ):
        book(BookFault.OTHER_YEAR)


def test_a_footnote_of_a_gauge_that_is_not_there_is_reported_and_kept() -> None:
    read = book(BookFault.UNKNOWN_GAUGE)

    (strange,) = (footnote for footnote in read.footnotes if footnote.station_id == UNKNOWN_STATION)
    assert not strange.understood
    assert [UNKNOWN_STATION in warning for warning in read.warnings] == [True]
    assert read.records == book().records


def test_a_wrong_annual_total_is_a_claim_that_does_not_hold() -> None:
    first = min(record.station_id for record in book().records)
    claims = {
        (claim.place, claim.station_id): claim.total_inches
        for claim in book(BookFault.WRONG_TOTAL).claims
        if claim.place.startswith("sheet Annual_Totals")
    }
    usual = {(claim.place, claim.station_id): claim.total_inches for claim in book().claims}

    assert {
        station_id for place, station_id in claims if claims[place, station_id] != usual[place, station_id]
    } == {first}


def test_a_revised_workbook_changes_one_day_and_withdraws_another() -> None:
    read = book(BookFault.REVISED)

    assert read.document_date == date(2023, 11, 11)
    assert inches_on(read, PLACE.day) == pytest.approx(PLACE.inches + 2 * 0.03937)
    assert PLACE.withdrawn in record_of(read).missing
    assert inches_on(book(), PLACE.withdrawn) is not None


def told(record: RainRecord) -> list[tuple[date, float, Quality]]:
    return [(row.reading_date, row.rainfall_inches, row.quality) for row in record.days]


def full_record(climate: Climate, station_id: str) -> RainRecord:
    document = ClimateAgency(climate).document(fopr_path(station_id))
    assert document
    return parse_fopr_workbook(document.content, station_id=station_id, file_name="FOPR.xlsx").record


def local(moment: datetime | None) -> datetime | None:
    return moment and moment.astimezone(MOUNTAIN_STANDARD_TIME).replace(tzinfo=None)
