"""Where history is thin, from what the house answers."""

from typing import Any

import pytest

from gaugehouse_cli.coverage import (
    GaugeCoverage,
    ThinSpan,
    by_water_year,
    gauges_in_years,
    read_gauge,
    thin_gauges,
    thin_years,
)


def gauge(station_id: str, *years: tuple[int, int, int, int]) -> GaugeCoverage:
    """A gauge with (water year, days present, missing, untold)."""
    rows: list[list[Any]] = [
        [year, present, missing, 365 - present - missing - untold, untold, present == 365, ["fopr"]]
        for year, present, missing, untold in years
    ]
    return read_gauge({"station_id": station_id, "name": "x", "water_years": rows})


def test_all_gauges_add_up_by_water_year_and_none_is_left_out() -> None:
    whole = gauge("1", (2020, 365, 0, 0), (2022, 100, 5, 260))
    fresh = gauge("2", (2022, 10, 0, 300))

    years = by_water_year([whole, fresh])

    assert [(year.water_year, year.gauges, year.complete) for year in years] == [
        (2020, 1, 1),
        (2021, 0, 0),
        (2022, 2, 0),
    ]
    assert [(year.days_present, year.days_missing, year.days_untold) for year in years] == [
        (365, 0, 0),
        (0, 0, 0),
        (110, 5, 560),
    ]
    assert years[1].share is None
    assert years[2].share == pytest.approx(110 / 115)


def test_the_kinds_of_documents_are_counted_by_gauge() -> None:
    told = {
        "station_id": "1",
        "name": "x",
        "water_years": [[2020, 9, 0, 0, 0, False, ["fopr", "pdf_0120", "pdf_1119", "excel_WY_2020"]]],
    }

    [year] = by_water_year([read_gauge(told), read_gauge(told)])

    assert year.sources == {"fopr": 2, "PDF": 2, "workbook": 2}


def test_years_are_thin_by_their_gauges_by_what_is_untold_and_by_what_is_missing() -> None:
    gauges = [
        gauge("1", (2018, 365, 0, 0), (2019, 365, 0, 0), (2020, 30, 0, 335), (2021, 300, 65, 0)),
        gauge("2", (2020, 30, 0, 335), (2021, 300, 65, 0), (2022, 30, 0, 335)),
        gauge("3", (2020, 30, 0, 335), (2021, 300, 65, 0), (2022, 30, 0, 335)),
    ]

    assert thin_years(by_water_year(gauges)) == [
        ThinSpan(first=2018, last=2019, says="fewer than half of 3 gauges"),
        ThinSpan(first=2020, last=2020, says="days that no document tells of"),
        ThinSpan(first=2021, last=2021, says="days that the documents call missing"),
    ]  # what is to come of the newest year makes it none


def test_the_gauges_with_the_most_holes_come_first() -> None:
    gauges = [
        gauge("a", (2020, 346, 19, 0)),
        gauge("b", (2020, 347, 18, 0)),
        gauge("c", (2020, 10, 355, 0)),
    ]

    assert [each.station_id for each in thin_gauges(gauges)] == ["c", "a"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "no daily rainfall yet"),
        ({"2020": 3}, "2020: 3 gauges with values (gaugehouse coverage)"),
        (
            {"1999": 3, "2000": 3, "2001": 1400, "2003": 1400},
            "1999-2000: 3, 2001: 1,400, 2003: 1,400 gauges with values (gaugehouse coverage)",
        ),
        (
            {str(year): year for year in range(2001, 2012)},
            (
                "2001: 2,001, 2002: 2,002, …, 2006: 2,006, 2007: 2,007, 2008: 2,008, 2009: 2,009, "
                "2010: 2,010, 2011: 2,011 gauges with values (gaugehouse coverage)"
            ),
        ),
    ],
)
def test_water_years_with_as_many_gauges_are_told_together(counts: dict[str, int], said: str) -> None:
    assert gauges_in_years(counts) == said
