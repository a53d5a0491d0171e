"""The cells of the months, gathered into each gauge's days, missing days and refused days."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import cast

from gaugehouse.domain.rainfall import SUSPECT_ABOVE_INCHES, DailyRainfall, Quality
from gaugehouse.sources.mcfcd.rainfall_cells import read_rainfall
from gaugehouse.sources.mcfcd.water_year.findings import Findings
from gaugehouse.sources.mcfcd.water_year.month_sheet import MonthSheet
from gaugehouse.sources.mcfcd.workbook.cells import Cell, cell_name, text_of

_MISSING = "N/A"


@dataclass(slots=True)
class GaugeDays:
    """What the workbook says of one gauge. All three ascend; `months` are those with a number."""

    days: list[DailyRainfall] = field(default_factory=list)
    missing: list[date] = field(default_factory=list)
    refused: list[date] = field(default_factory=list)
    months: set[date] = field(default_factory=set)


def gather(
    sheet: MonthSheet, stations: dict[int, str], gauges: dict[str, GaugeDays], findings: Findings
) -> None:
    """Add a month to `gauges`; months come in the order of the calendar.

    A blank cell between others is missing like `N/A`; a column of blanks says nothing of its gauge.
    """
    dry = [DailyRainfall(day, 0.0) for day in sheet.dates]  # most days are, so the gauges share them
    nothing = (0.0,) * len(dry)
    usual = set(map(type, chain.from_iterable(sheet.columns[1:]))) <= {float, str}
    silent = []
    for column, station_id in stations.items():
        cells = sheet.columns[column]
        gauge = gauges.get(station_id) or gauges.setdefault(station_id, GaugeDays())
        if usual and cells == nothing != ():
            gauge.days += dry
            gauge.months.add(sheet.month)
        elif usual and _are_rainfalls(cells):
            gauge.days += _wet_month(dry, cast("Sequence[float]", cells))
            gauge.months.add(sheet.month)
        elif sheet.has_values(column):
            _gather_unusual(sheet, column, station_id, gauge, findings)
        else:
            silent.append(station_id)
    if silent and sheet.dates:
        names = ", ".join(silent[:10])
        findings.warn(f"sheet {sheet.name}", f"has nothing at all below {len(silent)} gauges: {names}")


def mark_early(gauges: dict[str, GaugeDays], document_date: date, findings: Findings) -> None:
    """Doubt what is dated after the document itself: a missing day is yet to come, a value is suspect."""
    count = 0
    note = f"dated after the document's own date {document_date}"
    for gauge in gauges.values():
        gauge.missing = [day for day in gauge.missing if day <= document_date]
        gauge.refused = [day for day in gauge.refused if day <= document_date]
        for index in range(len(gauge.days) - 1, -1, -1):
            if gauge.days[index].reading_date <= document_date:
                break
            gauge.days[index] = gauge.days[index]._replace(quality=Quality.SUSPECT, note=note)
            count += 1
    if count:
        findings.warnings.append(f"{findings.file_name}: {count} values are {note}; kept as suspect")


def _are_rainfalls(cells: Sequence[Cell]) -> bool:
    """Say whether cells, which are numbers or texts, are all numbers from 0 up to what was ever measured."""
    numbers = cast("Sequence[float]", cells)
    try:
        total = sum(numbers)
        # A sum finds the NaN that comparisons pass over.
        return (
            bool(cells)
            and not math.isnan(total)
            and min(numbers) >= 0.0
            and max(numbers) <= SUSPECT_ABOVE_INCHES
        )
    except TypeError:  # a text among them
        return False


def _wet_month(dry: Sequence[DailyRainfall], inches: Sequence[float]) -> list[DailyRainfall]:
    month = list(dry)
    new, measured = tuple.__new__, Quality.MEASURED
    for index, depth in enumerate(inches):
        if depth:
            # DailyRainfall(...) would do the same, but takes half as long again.
            month[index] = new(DailyRainfall, (dry[index][0], depth, measured, None))
    return month


def _gather_unusual(
    sheet: MonthSheet, column: int, station_id: str, gauge: GaugeDays, findings: Findings
) -> None:
    for day, row, cell in zip(sheet.dates, sheet.rows, sheet.columns[column], strict=True):
        if isinstance(cell, str) and _is_missing(cell):
            gauge.missing.append(day)
            continue
        found = read_rainfall(day, cell, missing_word=_MISSING)
        if isinstance(found, DailyRainfall):
            gauge.days.append(found)
            gauge.months.add(sheet.month)
            continue
        gauge.refused.append(day)
        place = f"sheet {sheet.name}, cell {cell_name(row, column)}, gauge {station_id}"
        findings.reject(place, found.reason, f"{day} | {text_of(cell)}", found.problem)


def _is_missing(cell: str) -> bool:
    text = cell.strip("_- \t\r\n\xa0")
    return not text or text.upper() in (_MISSING, "NA")
