"""The faults of a water-year workbook, done to what it says."""

from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from gaugehouse_local.simulator.mcfcd.water_year_content import MISSING, MonthPage
from gaugehouse_local.simulator.mcfcd.water_year_faults import (
    MISSPELT_STATION,
    UNKNOWN_STATION,
    BookFault,
)
from gaugehouse_local.simulator.record import INCHES_PER_TIP

_BAD_VALUES: dict[BookFault, float | str] = {
    BookFault.TEXT_VALUE: "trace",
    BookFault.NEGATIVE_VALUE: -0.03937,
    BookFault.ABSURD_VALUE: 1250.0,
    BookFault.TWENTY_INCHES: 20.0,
}


@dataclass(frozen=True, slots=True)
class FaultPlace:
    """Where faults hit: a gauge, its wettest day in the year, and the day that a revision withdraws."""

    station_id: str
    day: date
    withdrawn: date
    inches: float  # of `day`, without faults


def fault_place(pages: Collection[MonthPage]) -> FaultPlace:
    """Return the first gauge with two numbers in a month, and its wettest day in the year."""
    for column, station_id in enumerate(next(iter(pages)).ids):
        found = [
            (value, day)
            for page in pages
            for day, values in page.rows
            if isinstance(value := values[column], float)
        ]
        if len(found) < 2:
            continue
        inches, day = max(found, key=lambda each: (each[0], each[1]))
        month = [other for _, other in found if other.replace(day=1) == day.replace(day=1) and other != day]
        if month:
            return FaultPlace(str(station_id), day, max(month), inches)
    raise ValueError("no gauge has two numbers in one month of this water year")


def bend(pages: list[MonthPage], faults: Collection[BookFault]) -> list[MonthPage]:
    """Return the sheets with each fault done to them."""
    if not faults:
        return pages
    place = fault_place(pages)
    pages = deepcopy(pages)
    page = next(page for page in pages if page.title == place.day.replace(day=1))
    column = page.ids.index(int(place.station_id))
    _bend_values(page, column, place, faults)
    if BookFault.UNKNOWN_GAUGE in faults:
        number = len(page.footnotes) + 1
        page.footnotes.append(f"{number}. Gage {UNKNOWN_STATION} down from {_spell(page)}; no rain fell.")
    if BookFault.ID_TYPO in faults:
        pages[-1].ids[column] = int(MISSPELT_STATION)
    if BookFault.TEXT_IN_ID in faults:
        for each in pages:
            each.ids[column] = f"{place.station_id} since 03/09/18"
    if BookFault.DUPLICATE_DATE in faults:
        page.rows[-1] = (page.rows[-2][0], page.rows[-1][1])
    if BookFault.SHIFTED_COLUMN in faults:
        page.rows = [(day, [None, *values]) for day, values in page.rows]
    return _bend_sheets(pages, page, faults)


def _bend_values(page: MonthPage, column: int, place: FaultPlace, faults: Collection[BookFault]) -> None:
    for fault, value in _BAD_VALUES.items():
        if fault in faults:
            _row(page, place.day)[column] = value
    if BookFault.REVISED in faults:
        _row(page, place.day)[column] = round(place.inches + 2 * INCHES_PER_TIP, 5)
        _row(page, place.withdrawn)[column] = MISSING


def _bend_sheets(pages: list[MonthPage], page: MonthPage, faults: Collection[BookFault]) -> list[MonthPage]:
    for each in pages if BookFault.OTHER_YEAR in faults else [page] * (BookFault.OTHER_MONTH in faults):
        each.rows = [(_year_before(day), values) for day, values in each.rows]
    if BookFault.MONTH_TWICE in faults:
        again = deepcopy(page)
        again.name = f"{page.name} (2)"
        again.rows = [(day, [5.0 for _ in values]) for day, values in again.rows]
        pages.append(again)
    if BookFault.MISSING_SHEET in faults:
        pages.remove(page)
    return pages


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28))


def _row(page: MonthPage, day: date) -> list[float | str | None]:
    return next(values for other, values in page.rows if other == day)


def _spell(page: MonthPage) -> str:
    month = page.title.month
    return f"{month}/02 12:00 (4) through {month}/04 12:00 (4) due to battery failure"
