"""Whether a month's ids, values and totals stand in the same columns."""

from typing import cast

from gaugehouse.sources.mcfcd.water_year.claims import TOLERANCE_INCHES
from gaugehouse.sources.mcfcd.water_year.findings import Findings
from gaugehouse.sources.mcfcd.water_year.gauge_columns import GaugeColumns
from gaugehouse.sources.mcfcd.water_year.month_sheet import MonthSheet
from gaugehouse.sources.mcfcd.workbook.cells import Cell


def is_trustworthy(sheet: MonthSheet, columns: GaugeColumns, findings: Findings) -> bool:
    """Say whether it is sure which gauge each value is of; a reject says why it is not."""
    if not columns.shifted and not _stands_beside_its_totals(sheet, columns.stations):
        return True
    problem = (
        f"its gauge ids, values and totals stand in different columns, so that nobody can tell whose values "
        f"they are; nothing of {sheet.month:%B %Y} was read"
    )
    findings.reject(f"sheet {sheet.name}", "columns_shifted", sheet.name, problem)
    return False


def _stands_beside_its_totals(sheet: MonthSheet, stations: dict[int, str]) -> bool:
    """Say whether most of a sheet's totals are those of the next column on one and the same side."""
    sums = [_sum(cells) for cells in sheet.columns]
    stated = {column: total for column in stations if (total := sheet.totals[column])}
    own = sum(abs(total - sums[column]) <= TOLERANCE_INCHES for column, total in stated.items())
    for side in (-1, 1):
        beside = sum(
            abs(total - sums[column + side]) <= TOLERANCE_INCHES
            for column, total in stated.items()
            if 0 < column + side < len(sums)
        )
        if beside > max(own, len(stated) // 2):
            return True
    return False


def _sum(cells: tuple[Cell, ...]) -> float:
    try:
        return sum(cast("tuple[float, ...]", cells))  # quick, and nearly all columns hold numbers only
    except TypeError:
        return sum(cell for cell in cells if isinstance(cell, float))
