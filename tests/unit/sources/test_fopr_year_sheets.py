"""Year sheets: every kind of cell that can stand where a date or a rainfall belongs."""

# ruff: noqa: DTZ001 - a workbook's times are naive: Arizona's, by the agency's word
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaugehouse.domain.documents import FullRecord, StaleSheet
from gaugehouse.domain.rainfall import DailyRainfall, Quality, TotalsClaim
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.sources.mcfcd.fopr.year_sheets import read_year_sheet
from tests.unit.sources.workbooks import MISSING, Row, parse, workbook, year_rows

OCT_1, OCT_2, OCT_3, OCT_4 = (date(2022, 10, day) for day in (1, 2, 3, 4))


def of_rows(*rows: Row) -> FullRecord:
    return parse(workbook(years={"2023": rows}))


def test_a_dry_day_a_wet_day_and_a_missing_day_stay_three_things() -> None:
    record = of_rows((OCT_1, 0), (OCT_2, 0.43307), (OCT_3, MISSING)).record
    assert record.days == (DailyRainfall(OCT_1, 0.0), DailyRainfall(OCT_2, 0.43307))
    assert record.missing == (OCT_3,)


@pytest.mark.parametrize("cell", ["_", "_____", " __ __ ", "________"])
def test_any_run_of_underscores_is_missing(cell: str) -> None:
    assert of_rows((OCT_1, 0.5), (OCT_2, cell)).record.missing == (OCT_2,)


def test_a_blank_between_values_is_missing_and_a_blank_tail_is_yet_to_be_filled_in() -> None:
    record = of_rows((OCT_1, 0.5), (OCT_2, ""), (OCT_3, 0.0), (OCT_4, "")).record
    assert record.missing == (OCT_2,)
    assert [gap.missing_days for gap in record.gaps] == [1]


@pytest.mark.parametrize(
    ("cell", "reason", "raw"),
    [
        ("dry", "not_a_number", "2022-10-02 | dry"),
        ("0.43", "not_a_number", "2022-10-02 | 0.43"),
        ("#REF!", "not_a_number", "2022-10-02 | #REF!"),
        ("#DIV/0!", "not_a_number", "2022-10-02 | #DIV/0!"),
        (True, "not_a_number", "2022-10-02 | True"),
        (datetime(2022, 10, 2, 6, 30), "not_a_number", "2022-10-02 | 2022-10-02T06:30:00"),
        (-0.03937, "negative_rainfall", "2022-10-02 | -0.03937"),
        (1000.0, "absurd_rainfall", "2022-10-02 | 1000"),
        (1e300, "absurd_rainfall", f"2022-10-02 | {int(1e300)}"),
    ],
)
def test_what_is_no_rainfall_is_rejected_and_leaves_a_gap_but_no_missing_day(
    cell: object, reason: str, raw: str
) -> None:
    full = of_rows((OCT_1, 0.5), (OCT_2, cell), (OCT_3, 0.0))
    (reject,) = full.rejects
    assert (reject.source, reject.reason, reject.raw) == ("fopr", reason, raw)
    assert reject.detail.startswith("59700_FOPR.xlsx, sheet 2023, row 2: ")
    assert [day.reading_date for day in full.record.days] == [OCT_1, OCT_3]
    assert full.record.missing == ()
    (gap,) = full.record.gaps
    assert (gap.cause, gap.missing_days) == ("unexplained", 1)
    assert gap.notes is not None and "rejected records" in gap.notes


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_none_are_rejected(value: float) -> None:
    sheet = read_year_sheet([[OCT_1, value, ""]], "2023", "x.xlsx")
    assert [reject.reason for reject in sheet.rejects] == ["not_a_number"]
    assert sheet.refused == [OCT_1] and sheet.days == []


def test_more_than_15_inches_is_suspect_and_15_is_not() -> None:
    days = of_rows((OCT_1, 15.0), (OCT_2, 15.01), (OCT_3, 999.99)).record.days
    assert [day.quality for day in days] == [Quality.MEASURED, Quality.SUSPECT, Quality.SUSPECT]


def test_negative_zero_is_dry() -> None:
    sheet = read_year_sheet([[OCT_1, -0.0, ""]], "2023", "x.xlsx")
    assert str(sheet.days[0].rainfall_inches) == "0.0"


def test_a_stray_date_is_rejected_and_named() -> None:
    full = of_rows(*year_rows(2023)[:16], (date(2032, 10, 17), 0.5), (date(2022, 10, 18), 0.25))
    assert [reject.reason for reject in full.rejects] == ["date_outside_water_year"]
    assert full.rejects[0].detail == (
        "59700_FOPR.xlsx, sheet 2023, row 17: 2032-10-17 lies outside water year 2023"
    )
    assert full.record.days[-1] == (date(2022, 10, 18), 0.25, Quality.MEASURED, None)


def test_the_first_row_of_a_date_counts() -> None:
    full = of_rows((OCT_1, 0.5), (OCT_2, 0.0), (OCT_1, 0.75), (OCT_3, 0.0), (OCT_3, MISSING))
    assert [reject.reason for reject in full.rejects] == ["duplicate_date", "duplicate_date"]
    assert [reject.raw for reject in full.rejects] == ["2022-10-01 | 0.75", "2022-10-03 | _____"]
    assert full.record.days[0].rainfall_inches == 0.5 and full.record.missing == ()


def test_rows_out_of_order_are_sorted() -> None:
    record = of_rows((OCT_3, 0.3), (OCT_1, 0.1), (OCT_2, MISSING), (OCT_4, 0.4)).record
    assert [day.rainfall_inches for day in record.days] == [0.1, 0.3, 0.4]
    assert record.missing == (OCT_2,)


@pytest.mark.parametrize(
    "cell", ["10/2/2022", "10/02/2022", "2022-10-02", datetime(2022, 10, 2, 23, 59), 44836, 44836.5]
)
def test_dates_in_other_dress_are_read(cell: object) -> None:
    full = of_rows((OCT_1, 0.0), (cell, 0.5), (OCT_3, 0.0))
    assert full.record.days[1] == DailyRainfall(OCT_2, 0.5)
    assert full.rejects == ()


@pytest.mark.parametrize("cell", ["10/2/22", "2/30/2023", "8/516", "1/1/9999", 0, -5, 99999, 1e18])
def test_what_is_no_date_is_rejected_with_its_value(cell: object) -> None:
    full = of_rows((OCT_1, 0.0), (cell, 0.5), (OCT_3, 0.0))
    (reject,) = full.rejects
    assert reject.reason == "unreadable_date" and "row 2" in reject.detail
    assert len(full.record.days) == 2


def test_a_value_that_lost_its_date_is_rejected_and_no_footer() -> None:
    full = of_rows((OCT_1, 0.0), ("", 0.5), (OCT_3, 0.0), ("", 0.5, 0.25))
    assert [(reject.reason, reject.raw) for reject in full.rejects] == [("missing_date", "0.5")]
    (claim,) = full.record.claims
    assert (claim.total_inches, claim.monsoon_inches) == (0.5, 0.25)


def test_the_footer_is_the_sheets_claim() -> None:
    record = parse(
        workbook(years={"2023": year_rows(2023, {date(2023, 6, 14): 0.5, date(2023, 6, 15): 0.25})})
    )
    assert record.record.claims == (
        TotalsClaim(water_year=2023, place="sheet 2023 footer", total_inches=0.75, monsoon_inches=0.25),
    )


def test_a_leap_year_has_366_rows_and_a_common_one_a_blank_row_before_its_footer() -> None:
    common = year_rows(2023)
    years = {"2024": year_rows(2024), "2023": [*common[:365], ("", "", ""), common[365]]}
    full = parse(workbook(years=years))
    assert len(full.record.days) == 366 + 365
    assert full.rejects == () and len(full.record.claims) == 2


@pytest.mark.parametrize("footer", [("", "#REF!", ""), ("", "see notes", "")])
def test_a_footer_without_a_number_claims_nothing_and_says_so(footer: Row) -> None:
    full = of_rows((OCT_1, 0.0), footer)
    assert full.record.claims == ()
    assert any("sheet 2023, row 2" in warning and "not understood" in warning for warning in full.warnings)


def test_a_stale_copy_of_another_year_is_left_out_whole() -> None:
    full = parse(workbook(years={"2023": year_rows(2023), "2022": year_rows(2019, otherwise=0.5)}))
    assert full.stale_sheets == (
        StaleSheet(sheet="2022", first_date="2018-10-01", last_date="2019-09-30", rows=365),
    )
    assert {day.reading_date.year for day in full.record.days} == {2022, 2023}
    assert [claim.water_year for claim in full.record.claims] == [2023]
    assert full.rejects == ()


def test_a_sheet_of_which_half_is_stray_is_not_stale() -> None:
    full = of_rows((OCT_1, 0.0), (date(2021, 10, 1), 0.5))
    assert full.stale_sheets == () and len(full.rejects) == 1


def test_days_to_come_are_not_missing() -> None:
    rows = [(OCT_1 + timedelta(days=offset), 0.5 if offset < 3 else MISSING) for offset in range(365)]
    record = parse(workbook(years={"2023": rows}, meta={"Q1": date(2022, 10, 10)})).record
    assert record.missing == tuple(date(2022, 10, day) for day in range(4, 11))
    assert [gap.missing_days for gap in record.gaps] == [7]


def test_a_value_after_the_documents_date_is_kept_as_suspect() -> None:
    full = parse(workbook(years={"2023": [(OCT_1, 0.5), (OCT_2, 0.5)]}, meta={"Q1": OCT_1}))
    assert [day.quality for day in full.record.days] == [Quality.MEASURED, Quality.SUSPECT]
    assert any("1 values are dated after" in warning for warning in full.warnings)


def test_no_year_sheet_is_a_gauge_just_installed() -> None:
    full = parse(workbook(years={}))
    assert (full.record.days, full.record.missing, full.record.gaps) == ((), (), ())
    assert full.metadata.name == "Aztec Park"
    assert any("no usable sheet of a water year" in warning for warning in full.warnings)


def test_what_a_whole_record_would_have_and_this_one_has_not_is_a_warning() -> None:
    full = parse(workbook(years={"2023": year_rows(2023)[:-2], "2020": year_rows(2020)}))
    assert "59700_FOPR.xlsx, sheet 2023: lists 364 of the 365 days to 2023-09-30" in full.warnings
    assert "59700_FOPR.xlsx: has no usable sheet for 2021, 2022" in full.warnings


@pytest.mark.parametrize("name", ["WY-DD", "0001", "0000", "9999", "24", "\u0662\u0660\u0662\u0663"])
def test_other_sheets_are_not_years(name: str) -> None:
    full = parse(workbook(years={"2023": [(OCT_1, 0.5)], name: [(OCT_2, 0.5)]}))
    assert len(full.record.days) == 1


TIPS = st.integers(0, 380).map(lambda tips: round(tips * 0.03937, 5))


@settings(deadline=None)
@given(year=st.integers(1990, 2024), values=st.lists(TIPS | st.just(MISSING), max_size=366))
def test_whatever_is_written_is_read_again(year: int, values: Sequence[float | str]) -> None:
    first, last = water_year_start(year), water_year_end(year)
    days = [first + timedelta(days=offset) for offset in range(min(len(values), (last - first).days + 1))]
    rows = list(zip(days, values, strict=False))
    record = parse(workbook(years={str(year): rows})).record
    assert [day[:2] for day in record.days] == [row for row in rows if row[1] != MISSING]
    assert list(record.missing) == [day for day, value in rows if value == MISSING]
    assert sum(gap.missing_days for gap in record.gaps) == len(record.missing)
    assert len({gap.gap_start for gap in record.gaps}) == len(record.gaps)
