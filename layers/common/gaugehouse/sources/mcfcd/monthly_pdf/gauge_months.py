"""A page's table by gauge: each gauge's days, what of them is missing, and what was refused."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from gaugehouse.domain.rain_books import MonthClaim
from gaugehouse.domain.rainfall import (
    ABSURD_FROM_INCHES,
    SUSPECT_ABOVE_INCHES,
    DailyRainfall,
    Quality,
)
from gaugehouse.sources.mcfcd.arizona_time import read_day
from gaugehouse.sources.mcfcd.monthly_pdf.cells import Cell, inches_of, is_missing
from gaugehouse.sources.mcfcd.monthly_pdf.page_table import PageTable, Row, Trouble

# Each of eight or more values and of their total is rounded to two decimals.
TOLERANCE_INCHES = 0.02


@dataclass(slots=True)
class GaugeMonth:
    """What one page says of one gauge, in the order of its rows. No date is in two of the lists.

    `refused` are the days whose value was no rainfall, or stood where it may be another gauge's. `marks`
    are the numbers of the footnotes at its values, each with its day, or None at the total.
    """

    station_id: str
    page: int
    days: list[DailyRainfall] = field(default_factory=list)
    missing: list[date] = field(default_factory=list)
    refused: list[date] = field(default_factory=list)
    marks: list[tuple[int, date | None]] = field(default_factory=list)
    claim: MonthClaim | None = None

    @property
    def says_something(self) -> bool:
        """Say whether the page has any row of this gauge."""
        return bool(self.days or self.missing or self.refused)


def read_gauges(table: PageTable, month: date) -> list[GaugeMonth]:
    """Return the gauges of a page, in its order; `month` is the first day of the month asked for.

    What cannot be used is added to the table's troubles and warnings.
    """
    gauges = [GaugeMonth(station_id or "", table.number) for station_id in table.station_ids]
    listed: set[date] = set()
    for row, believed in [*((row, True) for row in table.rows), *((row, False) for row in table.misplaced)]:
        day = _day_of(row, month, listed, table)
        if day is None:
            continue
        listed.add(day)
        for gauge, cell in zip(gauges, row.cells or [None] * len(gauges), strict=True):
            if not believed:
                gauge.refused.append(day)
            elif cell is not None:
                _read_cell(cell, day, row, gauge, table)
    for gauge, cell in zip(gauges, table.totals or (), strict=False):
        if cell is not None:
            _read_total(cell, month, gauge, table)
    if gauges:
        _warn_of_unlisted_days(listed, month, table)
    return [gauge for gauge in gauges if gauge.station_id]


def _day_of(row: Row, month: date, listed: Iterable[date], table: PageTable) -> date | None:
    day = read_day(*row.date.split("/"))
    if day is None:
        reason, problem = "unreadable_date", f"{row.date!r} is not a date"
    elif (day.year, day.month) != (month.year, month.month):
        reason, problem = "date_outside_month", f"{day} lies outside {month:%Y-%m}"
    elif day in listed:
        reason, problem = "duplicate_date", f"{day} stands in another row already, which counts"
    else:
        return day
    table.troubles.append(Trouble(reason, f"row {row.date}", problem, row.line.shown))
    return None


def _read_cell(cell: Cell, day: date, row: Row, gauge: GaugeMonth, table: PageTable) -> None:
    if cell.marks:
        gauge.marks += [(mark, day) for mark in cell.marks]
    if is_missing(cell.value):
        gauge.missing.append(day)
        return
    inches = inches_of(cell.value)
    if inches is None:
        reason, problem = "not_a_number", f"{cell.value[:100]!r} is neither a rainfall nor '____'"
    elif inches < 0:
        reason, problem = "negative_rainfall", f"{inches} in is negative"
    elif inches >= ABSURD_FROM_INCHES:
        reason, problem = "absurd_rainfall", f"{inches} in is no rainfall"
    else:
        quality = Quality.SUSPECT if inches > SUSPECT_ABOVE_INCHES else Quality.MEASURED
        gauge.days.append(DailyRainfall(day, inches, quality))
        return
    where = f"row {row.date}, gage {gauge.station_id or '?'}"
    table.troubles.append(Trouble(reason, where, problem, f"{row.date} | {cell.value[:100]}"))
    gauge.refused.append(day)


def _read_total(cell: Cell, month: date, gauge: GaugeMonth, table: PageTable) -> None:
    gauge.marks += [(mark, None) for mark in cell.marks]
    total = inches_of(cell.value)
    if total is None and not is_missing(cell.value):
        table.warnings.append(f"row TOTALS, gage {gauge.station_id}: {cell.value[:40]!r} is no total")
        return
    gauge.claim = MonthClaim(
        station_id=gauge.station_id,
        month=month,
        place=f"page {table.number} TOTALS",
        total_inches=total,
        tolerance_inches=TOLERANCE_INCHES,
    )


def _warn_of_unlisted_days(listed: set[date], month: date, table: PageTable) -> None:
    days = (read_day(str(month.month), str(day), str(month.year)) for day in range(1, 32))
    if unlisted := [day for day in days if day is not None and day not in listed]:
        names = ", ".join(f"{day:%m/%d}" for day in unlisted[:5]) + (", ..." if len(unlisted) > 5 else "")
        table.warnings.append(f"has no usable row for {names} ({len(unlisted)} days)")
