"""DownTime: what it makes of missing days (gaps) and of days with a value (quality)."""

# ruff: noqa: DTZ001 - a workbook's times are naive: Arizona's, by the agency's word
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.rainfall import Gap, Quality
from gaugehouse.sources.mcfcd.gaps import find_gaps
from gaugehouse.sources.mcfcd.outages import Outage
from tests.unit.sources.workbooks import DOWNTIME_HEADER, MISSING, Row, outage, parse, workbook, year_rows


def july(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2023, 7, day, hour, minute)


def july_utc(day: int, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(2023, 7, day, hour, minute, tzinfo=UTC)


def with_july(values: Mapping[int, object], downtime: Sequence[Row]) -> FullRecord:
    rows = year_rows(2023, {date(2023, 7, day): value for day, value in values.items()})
    return parse(workbook(years={"2023": rows}, downtime=downtime))


def missing(*days: int) -> dict[int, object]:
    return dict.fromkeys(days, MISSING)


def test_a_missing_run_takes_cause_notes_and_code_of_its_outage() -> None:
    full = with_july(missing(3, 4), [outage(july(2, 22, 17), july(5, 10), "Battery", "No rain fell", 1)])
    assert full.record.gaps == (
        Gap(
            gap_start=july_utc(3),
            gap_end=july_utc(5),
            cause="Battery",
            missing_days=2,
            notes="No rain fell",
            quality_code=1,
            outage_start=july_utc(3, 5, 17),
            outage_end=july_utc(5, 17),
        ),
    )
    assert full.warnings == ()


def test_the_outage_that_overlaps_most_explains_and_the_other_is_mentioned() -> None:
    downtime = [
        outage(july(2, 12), july(4, 2), "Vandalism", "shot at"),
        outage(july(4, 2), july(8, 12), "Battery", "No rain fell"),
    ]
    (gap,) = with_july(missing(3, 4, 5, 6, 7), downtime).record.gaps
    assert (gap.cause, gap.missing_days) == ("Battery", 5)
    assert gap.notes == "No rain fell; also down 2023-07-02 12:00 to 2023-07-04 02:00 (Vandalism: shot at)"


def test_an_outage_can_explain_two_runs() -> None:
    gaps = with_july(missing(3, 5), [outage(july(2, 12), july(6, 12))]).record.gaps
    assert [(gap.cause, gap.missing_days) for gap in gaps] == [("Battery", 1), ("Battery", 1)]


def test_a_run_without_an_outage_is_unexplained() -> None:
    (gap,) = with_july(missing(3), [outage(july(4), july(4, 12))]).record.gaps[:1]
    assert (gap.cause, gap.notes, gap.outage_start) == ("unexplained", None, None)


def test_an_outage_without_missing_days_is_a_gap_of_its_own_time() -> None:
    (gap,) = with_july({}, [outage(july(2, 12), july(4, 2), "Repeater", "No rain fell")]).record.gaps
    assert (gap.gap_start, gap.gap_end, gap.missing_days) == (july_utc(2, 19), july_utc(4, 9), 0)
    assert (gap.cause, gap.outage_start, gap.outage_end) == ("Repeater", july_utc(2, 19), july_utc(4, 9))


def test_before_the_first_value_the_record_had_not_begun() -> None:
    rows = year_rows(2023, {date(2022, 12, 1): 0.5, date(2022, 12, 3): 0.5}, otherwise=MISSING)
    full = parse(workbook(years={"2023": rows}, downtime=[outage(july(1), july(9))]))
    causes = [(gap.cause, gap.missing_days) for gap in full.record.gaps]
    assert causes == [("before_record", 61), ("unexplained", 1), ("Battery", 301)]


def test_a_record_without_any_value_has_not_begun() -> None:
    full = parse(workbook(years={"2023": year_rows(2023, otherwise=MISSING)}))
    assert [(gap.cause, gap.missing_days) for gap in full.record.gaps] == [("before_record", 365)]


def test_runs_end_at_years_of_which_the_document_says_nothing() -> None:
    years = {
        "2023": year_rows(2023, {date(2022, 10, 1): MISSING}),
        "2021": year_rows(2021, {date(2021, 9, 30): MISSING}),
    }
    gaps = parse(workbook(years=years)).record.gaps
    assert [gap.missing_days for gap in gaps] == [1, 1]


@pytest.mark.parametrize("end", ["?", "", "unknown"])
def test_an_unknown_end_still_explains_what_follows_the_start(end: str) -> None:
    full = with_july(missing(4, 5, 20), [outage(july(3, 18), end)])
    first, second = full.record.gaps
    assert (first.cause, first.outage_start, first.outage_end) == ("Battery", july_utc(4, 1), None)
    assert second.cause == "unexplained", "17 days later is another story"
    assert any("end 'unknown' is not a time" in warning for warning in full.warnings) == (end == "unknown")


def test_an_unknown_start_still_explains_what_precedes_the_end() -> None:
    (gap,) = with_july(missing(4, 5), [outage("?", july(6, 9))]).record.gaps
    assert (gap.cause, gap.outage_start, gap.outage_end) == ("Battery", None, july_utc(6, 16))


def test_an_outage_without_any_time_stays_in_the_details() -> None:
    full = with_july(missing(4), [outage("?", "?", "Lightning", "gage struck")])
    assert [gap.cause for gap in full.record.gaps] == ["unexplained"]
    outages = full.metadata.details["outages"]
    assert isinstance(outages, list) and outages[0]["cause"] == "Lightning"


def test_an_end_before_its_start_is_unknown() -> None:
    full = with_july({}, [outage(july(6), july(4))])
    (gap,) = full.record.gaps
    assert (gap.gap_start, gap.gap_end) == (july_utc(6), None)
    assert any("not after its start" in warning for warning in full.warnings)


def test_times_may_be_text_and_2400_ends_the_day() -> None:
    (gap,) = with_july(missing(3), [outage("7/2/2023 22:17", "7/03/23 24:00")]).record.gaps
    assert (gap.outage_start, gap.outage_end) == (july_utc(3, 5, 17), july_utc(4))


def test_gaps_that_start_together_are_moved_apart() -> None:
    full = with_july({}, [outage(july(2), july(3)), outage(july(2), july(5)), outage(july(2), "?")])
    starts = [gap.gap_start for gap in full.record.gaps]
    assert len(set(starts)) == 3 and starts == sorted(starts)
    assert starts[2] - starts[0] == timedelta(microseconds=2)
    assert {gap.outage_start for gap in full.record.gaps} == {july_utc(2)}


def test_refused_days_are_gaps_beside_missing_ones() -> None:
    full = with_july({3: MISSING, 4: "wet", 5: MISSING}, [])
    assert [(gap.gap_start, gap.missing_days) for gap in full.record.gaps] == [
        (july_utc(3), 1),
        (july_utc(4), 1),
        (july_utc(5), 1),
    ]
    assert full.record.missing == (date(2023, 7, 3), date(2023, 7, 5))


def test_many_outages_and_runs_are_joined_quickly() -> None:
    days = [date(1950, 1, 1) + timedelta(days=2 * number) for number in range(10_000)]
    outages = [
        Outage(
            start=datetime(1950, 1, 1) + timedelta(days=10 * number),
            end=datetime(1950, 1, 3) + timedelta(days=10 * number),
            cause="Battery",
            notes=None,
            code=1,
        )
        for number in range(2_000)
    ]
    gaps = find_gaps(days, (), outages, date(1940, 1, 1))
    assert sum(gap.cause == "Battery" for gap in gaps) == 2_000


def test_the_footer_and_the_sum_of_days_are_no_outages() -> None:
    footer: list[Row] = [
        ("", "", "", "", "", 45.29),
        (),
        ("", "", "Days Since Installation -->", "", 9731, 99.53458, "% Operational"),
    ]
    full = with_july({}, [outage(july(2), july(3)), *footer])
    details = full.metadata.details
    assert isinstance(details["outages"], list) and len(details["outages"]) == 1
    assert (details["days_since_installation"], details["percent_operational"]) == (9731, 99.53458)


def test_columns_are_found_by_their_titles() -> None:
    order = [1, 3, 0, 2, 4, 5, 8, 7, 6]
    row = outage(july(2, 12), july(4, 12), "Battery", "No rain fell", 2)
    content = workbook(
        years={"2023": year_rows(2023, {date(2023, 7, 3): MISSING})},
        downtime_header=[DOWNTIME_HEADER[place] for place in order],
        downtime=[[row[place] for place in order]],
    )
    (gap,) = parse(content).record.gaps
    assert (gap.cause, gap.notes, gap.quality_code) == ("Battery", "No rain fell", 2)


def test_without_a_header_the_usual_columns_are_assumed() -> None:
    row = outage(july(2, 12), july(4, 12), "Battery", "No rain fell", 2)
    content = workbook(
        years={"2023": year_rows(2023, {date(2023, 7, 3): MISSING})}, downtime_header=(), downtime=[row]
    )
    full = parse(content)
    assert [(gap.cause, gap.quality_code) for gap in full.record.gaps] == [("Battery", 2)]
    assert any("DownTime: has no header row" in warning for warning in full.warnings)


def test_too_many_outages_are_out_of_bounds() -> None:
    with pytest.raises(DocumentInvalid, match="sheet DownTime: has 2001 outages, more than 2000"):
        with_july({}, [outage(july(2), july(3))] * 2_001)


@pytest.mark.parametrize(
    ("notes", "code", "expected"),
    [
        ("Estimated 27mm for 7/04", 3, {4: Quality.ESTIMATED}),
        ("Assigned 15mm to 7/04", 1, {4: Quality.ASSIGNED}),
        ("Estimated 5mm for 7/04 and 12mm for 7/06", 3, {4: Quality.ESTIMATED, 6: Quality.ESTIMATED}),
        ("Estimated 27mm for 7/05", 3, {}),  # which has no value
        ("No rain fell", 1, {}),
        ("No rain fell", 2, {}),
        ("Records incomplete", 2, {3: Quality.INCOMPLETE, 4: Quality.INCOMPLETE, 6: Quality.INCOMPLETE}),
        ("Assigned 15mm to 7/04", 2, {3: Quality.INCOMPLETE, 4: Quality.ASSIGNED, 6: Quality.INCOMPLETE}),
        ("Estimate from neighbors", 3, {3: Quality.ESTIMATED, 4: Quality.ESTIMATED, 6: Quality.ESTIMATED}),
        ("Something else", 1, {}),
    ],
)
def test_qualities(notes: str, code: int, expected: dict[int, Quality]) -> None:
    full = with_july({4: 1.0, 5: MISSING, 6: 0.5}, [outage(july(3, 12), july(6, 12), "Battery", notes, code)])
    found = {day.reading_date.day: day.quality for day in full.record.days if day.quality != Quality.MEASURED}
    assert found == expected
    assert {day.note for day in full.record.days} == ({None, notes} if expected else {None})


def test_an_end_at_midnight_takes_nothing_of_that_day() -> None:
    full = with_july({}, [outage(july(3), july(5), "Battery", "unsure", 2)])
    found = [day.reading_date.day for day in full.record.days if day.quality is Quality.INCOMPLETE]
    assert found == [3, 4]


def test_suspect_wins_over_everything() -> None:
    full = with_july({4: 16.0}, [outage(july(3), july(6), "Battery", "Estimated 406mm for 7/04", 3)])
    (day,) = [day for day in full.record.days if day.rainfall_inches == 16.0]
    assert (day.quality, day.note) == (Quality.SUSPECT, "Estimated 406mm for 7/04")


def test_a_named_day_wins_over_another_outages_code_in_any_order() -> None:
    named = outage(july(3), july(6), "Battery", "Assigned 15mm to 7/04", 1)
    whole = outage(july(3), july(6), "Battery", "unsure", 2)
    for downtime in ([named, whole], [whole, named]):
        full = with_july({4: 0.59055}, downtime)
        assert {day.quality for day in full.record.days if day.rainfall_inches} == {Quality.ASSIGNED}


def test_a_strange_code_is_a_warning() -> None:
    full = with_july({}, [outage(july(3), july(6), code="?"), outage(july(8), july(9), code=7)])
    assert [gap.quality_code for gap in full.record.gaps] == [None, None]
    assert sum("is none of 1, 2, 3" in warning for warning in full.warnings) == 2
