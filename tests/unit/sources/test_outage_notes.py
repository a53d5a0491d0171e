"""Notes on outages: which days they call assigned or estimated."""

from datetime import date

import pytest

from gaugehouse.domain.rainfall import Quality
from gaugehouse.sources.mcfcd.notes import days_named

FIRST, LAST = date(2023, 7, 13), date(2023, 7, 28)


def days(*numbers: int) -> list[date]:
    return [date(2023, 7, number) for number in numbers]


@pytest.mark.parametrize(
    ("note", "numbers"),
    [
        ("Estimated 27mm for 7/14", [14]),
        ("estimated 27 mm for 07/14.", [14]),
        ("Est. 27mm for 7/14", [14]),
        ("est 1.06 in. on 7/14", [14]),
        ('Estimated 1.06" on 7/14', [14]),
        ("Estimate of 27mm for 7/14/23", [14]),
        ("Estimated rainfall of 27mm on 7/14/2023", [14]),
        ("Estimated 5mm for 7/14 and 12mm for 7/15", [14, 15]),
        ("Estimated 5mm for 7/14, 12mm for 7/15, and 1mm for 7/18", [14, 15, 18]),
        ("Estimated 5mm for 7/14; 12mm for 7/15", [14, 15]),
        ("Estimated 5mm for 7/14 & 7/15", [14, 15]),
        ("Estimated 5mm for 7/14, 15 & 18", [14, 15, 18]),
        ("Estimated 5mm for 7/14, 12 for 7/15", [14, 15]),
        ("Estimated 7/14 5mm, 7/15 12mm", [14, 15]),
        ("Estimated 5mm (7/14) and 12mm (7/15)", [14, 15]),
        ("Estimated 27mm for 7/14-7/16", [14, 15, 16]),
        ("Estimated 27mm for 7/14 - 16", [14, 15, 16]),
        ("Estimated 27mm for 7/14 \u2013 7/16", [14, 15, 16]),
        ("Estimated 27mm from 7/14 through 7/16", [14, 15, 16]),
        ("Estimated 27mm from 7/14 to 7/16", [14, 15, 16]),
        ("Estimated daily totals for 7/14 thru 7/16", [14, 15, 16]),
        ("No rain fell until 7/20. Estimated 5mm for 7/21", [21]),
        ("Estimated 5mm for 7/14, gauge reset on 7/16", [14]),
        ("Estimated 5mm for 7/14 based on gage 4710 on 7/15", [14]),
        ("Estimated 5mm for 7/14; Est. 3mm for 7/20", [14, 20]),
        ("No estimate possible for 7/14", []),
        ("Rainfall could not be estimated for 7/14", []),
        ("Not estimated on 7/14", []),
        ("7/14 has no data", []),
        ("Down 7/14 to 7/16", []),
        ("Westbound road closed 7/14", []),
        ("Estimated 5mm for 2/30", []),
        ("Estimated 5mm for 14/7", []),
        ("Estimated 5mm for 1/14", []),  # half a year from the outage
        ("No rain fell", []),
        ("", []),
    ],
)
def test_estimated_days(note: str, numbers: list[int]) -> None:
    assert [named.day for named in days_named(note, FIRST, LAST)] == days(*numbers)
    assert {named.quality for named in days_named(note, FIRST, LAST)} <= {Quality.ESTIMATED}


@pytest.mark.parametrize(
    ("note", "numbers"),
    [
        ("Assigned 15mm to 7/24", [24]),
        ("assign 15mm to 7/24 & 2mm to 7/25", [24, 25]),
        ("Assigned 15 to 7/24", [24]),
        ("15mm assigned to 7/24", [24]),
        ("Assigned 15mm to 7/24-7/26", [24, 25, 26]),
    ],
)
def test_assigned_days(note: str, numbers: list[int]) -> None:
    found = days_named(note, FIRST, LAST)
    assert [named.day for named in found] == days(*numbers)
    assert {named.quality for named in found} == {Quality.ASSIGNED}


def test_one_note_can_do_both() -> None:
    found = days_named("Assigned 15mm to 7/24; estimated 3mm for 7/26", FIRST, LAST)
    assert [(named.day.day, named.quality) for named in found] == [
        (24, Quality.ASSIGNED),
        (26, Quality.ESTIMATED),
    ]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Estimated 5mm for 12/30", date(2022, 12, 30)),
        ("Estimated 5mm for 1/2", date(2023, 1, 2)),
        ("Estimated 5mm for 1/20", date(2023, 1, 20)),
        ("Estimated 5mm for 12/15", date(2022, 12, 15)),
    ],
)
def test_the_outages_span_tells_the_year(note: str, expected: date) -> None:
    (named,) = days_named(note, date(2022, 12, 28), date(2023, 1, 5))
    assert named.day == expected


def test_a_range_over_new_year() -> None:
    found = days_named("Estimated 9mm for 12/30-1/2", date(2022, 12, 28), date(2023, 1, 5))
    assert [named.day.day for named in found] == [30, 31, 1, 2]


def test_a_hostile_note_takes_no_time() -> None:
    days_named("est " * 500 + "7/14, " * 500 + "-" * 1000, FIRST, LAST)
    days_named("Estimated " + "7/14-7/14/2199 " * 200, FIRST, LAST)
