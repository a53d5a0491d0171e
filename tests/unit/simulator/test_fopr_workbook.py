"""The simulated workbook, read back by two readers that know nothing of us: openpyxl and calamine."""
# ruff: noqa: DTZ001 - the agency's stamps are naive local time

import math
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook as OpenpyxlWorkbook
from python_calamine import CalamineWorkbook

from gaugehouse.domain.water_year import in_monsoon, water_year_end, water_year_start
from gaugehouse_local.simulator import DocumentFault, create_climate
from gaugehouse_local.simulator.mcfcd.document_faults import OTHER_STATION_ID
from gaugehouse_local.simulator.mcfcd.fopr_content import fault_day, fopr_content, revision_of
from gaugehouse_local.simulator.mcfcd.fopr_workbook import write_fopr_workbook
from gaugehouse_local.simulator.mcfcd.xlsx import Look, Workbook
from gaugehouse_local.simulator.record import GaugeRecord

CLIMATE = create_climate(seed=11, gauges=2, first_water_year=2018)
RECORD = CLIMATE.record(CLIMATE.gauges[0].station_id)
NEWEST = str(RECORD.last_water_year)
UPDATED = date(2025, 12, 19)


def workbook(*faults: DocumentFault, record: GaugeRecord = RECORD) -> bytes:
    return write_fopr_workbook(fopr_content(record, updated=UPDATED, faults=faults))


def opened(*faults: DocumentFault, record: GaugeRecord = RECORD) -> OpenpyxlWorkbook:
    return openpyxl.load_workbook(BytesIO(workbook(*faults, record=record)), data_only=True)


def days_of(book: OpenpyxlWorkbook, sheet: str) -> list[tuple[date, Any]]:
    rows = book[sheet].iter_rows(max_row=366, max_col=2, values_only=True)
    return [(day.date(), value) for day, value in rows if isinstance(day, datetime)]


@given(value=st.floats(allow_nan=False, allow_infinity=False), whole=st.integers(-(2**53), 2**53))
@settings(max_examples=200, deadline=None)
def test_numbers_come_back_to_the_last_bit(value: float, whole: int) -> None:
    book = Workbook()
    sheet = book.sheet("numbers")
    sheet.put(("A", 1), value, Look.TIP)
    sheet.put(("B", 1), whole)
    read = CalamineWorkbook.from_filelike(BytesIO(book.content())).get_sheet_by_name("numbers").to_python()
    assert read == [[value, float(whole)]]


@given(text=st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_texts_come_back_with_their_spaces_and_signs(text: str) -> None:
    book = Workbook()
    sheet = book.sheet("<texts> & 'more'")
    sheet.put(("A", 1), text)
    sheet.put(("B", 1), text, formula='IF(1<2,"a","b")')
    content = BytesIO(book.content())
    assert CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python() == [[text, text]]


def test_days_and_moments_come_back_as_dates() -> None:
    book = Workbook()
    sheet = book.sheet("times")
    moment = datetime(2020, 2, 29, 23, 59)
    sheet.put(("A", 1), date(1997, 10, 1), Look.DAY)
    sheet.put(("B", 1), moment, Look.MOMENT)
    content = book.content()
    read = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert read == [[date(1997, 10, 1), moment]]
    independent = openpyxl.load_workbook(BytesIO(content)).active
    assert independent is not None
    assert [cell.value for cell in next(independent.iter_rows())] == [datetime(1997, 10, 1), moment]


def test_the_same_content_gives_the_same_bytes() -> None:
    assert workbook() == workbook()


def test_every_day_stands_in_its_sheet_and_29_february_is_blank_in_common_years() -> None:
    book = opened()
    assert book.sheetnames[6:] == [str(year) for year in range(2025, 2017, -1)]
    for year in RECORD.water_years:
        sheet = book[str(year)]
        expected = [
            water_year_start(year) + timedelta(days=n)
            for n in range((water_year_end(year) - water_year_start(year)).days + 1)
        ]
        read = days_of(book, str(year))
        assert [day for day, _ in read] == expected
        assert [value for _, value in read] == [
            "_____" if (depth := RECORD.inches_on(day)) is None else depth for day in expected
        ]
        assert (sheet["A152"].value is None) == (len(expected) == 365)
        assert sheet["A366"].value == datetime(year, 9, 30)


def test_footers_and_the_table_hold_the_sums_of_the_climate() -> None:
    book = opened()
    meta = book["Meta_Stats"]
    for row, year in enumerate(RECORD.water_years, 4):
        days = [(day, value) for day, value in days_of(book, str(year)) if isinstance(value, int | float)]
        total = math.fsum(value for _, value in days)
        monsoon = math.fsum(value for day, value in days if in_monsoon(day))
        footer = book[str(year)]
        assert footer["B367"].value == pytest.approx(total, abs=1e-12)
        assert footer["C367"].value == pytest.approx(monsoon, abs=1e-12)
        assert meta[f"O{row}"].value == year
        assert meta[f"Q{row}"].value == footer["C367"].value
        assert meta[f"P{row}"].value == (None if year == 2018 else footer["B367"].value)


def test_greatest_totals_are_those_of_the_tips() -> None:
    book = opened()
    frequencies = book["FREQ"]
    tips = RECORD.tips_during(date(2024, 10, 1), date(2025, 10, 1))
    for column, hours in (("B", 0.25), ("D", 1), ("F", 3), ("H", 6), ("J", 24), ("L", 72)):
        span = timedelta(hours=hours)
        most = max(sum(tip - span < other <= tip for other in tips) for tip in tips)
        assert frequencies[f"{column}10"].value == round(most * 0.03937, 2)
    assert frequencies["A10"].value == 2025
    assert frequencies["J12"].value == max(frequencies[f"J{row}"].value for row in range(3, 11))


def test_a_stale_sheet_is_a_copy_of_the_year_before() -> None:
    stale = opened(DocumentFault.STALE_SHEET)
    assert days_of(stale, "2024") == days_of(stale, "2023") == days_of(opened(), "2023")
    assert stale["2024"]["B367"].value == stale["2023"]["B367"].value
    assert stale["Meta_Stats"]["P10"].value == opened()["2024"]["B367"].value
    short = create_climate(gauges=1, first_water_year=2024)
    with pytest.raises(ValueError, match="at least three water years"):
        workbook(DocumentFault.STALE_SHEET, record=short.record(short.gauges[0].station_id))


def test_a_wrong_footer_claims_an_inch_too_much() -> None:
    wrong, right = opened(DocumentFault.WRONG_FOOTER), opened()
    assert wrong[NEWEST]["B367"].value == pytest.approx(right[NEWEST]["B367"].value + 1)
    assert days_of(wrong, NEWEST) == days_of(right, NEWEST)
    assert wrong["Meta_Stats"]["P11"].value == right["Meta_Stats"]["P11"].value


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        (DocumentFault.TEXT_VALUE, "trace"),
        (DocumentFault.NEGATIVE_VALUE, -0.03937),
        (DocumentFault.ABSURD_VALUE, 1250),
        (DocumentFault.TWENTY_INCHES, 20),
    ],
)
def test_a_bad_value_stands_on_the_wettest_day_and_in_the_sums(
    fault: DocumentFault, value: float | str
) -> None:
    bad, good = opened(fault), opened()
    changed = set(days_of(bad, NEWEST)) - set(days_of(good, NEWEST))
    assert changed == {(fault_day(RECORD), value)}
    was = RECORD.inches_on(fault_day(RECORD)) or 0
    counted = value if isinstance(value, int | float) else 0
    assert bad[NEWEST]["B367"].value == pytest.approx(good[NEWEST]["B367"].value - was + counted)


def test_bad_dates_replace_one_date_each() -> None:
    hit = fault_day(RECORD)
    outside = [day for day, _ in days_of(opened(DocumentFault.DATE_OUTSIDE_YEAR), NEWEST)]
    assert hit not in outside
    assert [day.year for day in outside if not date(2024, 10, 1) <= day <= date(2025, 9, 30)] == [
        hit.year - 10
    ]
    doubled = [day for day, _ in days_of(opened(DocumentFault.DUPLICATE_DATE), NEWEST)]
    assert doubled.count(hit) == 2
    assert len(set(doubled)) == 364


def test_faults_of_identity_and_metadata() -> None:
    assert "Meta_Stats" not in opened(DocumentFault.MISSING_META_STATS).sheetnames
    other = opened(DocumentFault.OTHER_STATION)
    assert str(other["Meta_Stats"]["B4"].value) == OTHER_STATION_ID
    assert other["AnnualTables"]["A1"].value == f"Elsewhere Wash  # {OTHER_STATION_ID}"
    spoiled = opened(DocumentFault.TEXT_IN_ID)
    assert spoiled["Meta_Stats"]["B4"].value == f"{RECORD.gauge.station_id} since installation"
    assert spoiled["DownTime"]["A2"].value == f"{RECORD.gauge.station_id} since 03/09/18"
    assert opened(DocumentFault.BAD_FREQUENCY_DATE)["FREQ"]["K10"].value == "8/516"


def test_a_revised_workbook_is_newer_changes_one_day_and_withdraws_another() -> None:
    revision = revision_of(RECORD, updated=UPDATED)
    revised = opened(DocumentFault.REVISED)
    assert revised["Meta_Stats"]["Q1"].value == datetime(2026, 1, 18)
    assert set(days_of(revised, NEWEST)) - set(days_of(opened(), NEWEST)) == {
        (revision.changed, revision.changed_inches),
        (revision.withdrawn, "_____"),
    }
    was = RECORD.inches_on(revision.changed)
    assert was is not None
    assert revision.changed_inches == pytest.approx(was + 2 * 0.03937)
