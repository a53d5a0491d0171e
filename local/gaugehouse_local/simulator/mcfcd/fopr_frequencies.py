"""The sheets FREQ and FREQ_Plot: the greatest totals of every water year, and how rare they are."""

import math
import statistics
from collections.abc import Collection
from dataclasses import dataclass

from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.mcfcd.fopr_content import FoprContent, sum_in_order
from gaugehouse_local.simulator.mcfcd.frequency import (
    DURATIONS,
    Maximum,
    hundred_year_depths,
    return_period_years,
)
from gaugehouse_local.simulator.mcfcd.xlsx import Look, Sheet

_FIRST_YEAR_ROW = 3
_DEPTH_COLUMNS = "BDFHJL"
_DAY_COLUMNS = "CEGIKM"


@dataclass(frozen=True, slots=True)
class GreatestTotal:
    """The yearly maxima of one duration in short, in inches."""

    greatest: Maximum
    mean: float
    deviation: float | None  # None for a single year


def greatest_totals(content: FoprContent) -> tuple[GreatestTotal, ...]:
    """Return the extremes of each duration over all published years."""
    columns = zip(*content.maxima, strict=True)
    return tuple(_greatest_total(column) for column in columns)


def greatest_row(content: FoprContent) -> int:
    """Return the row of FREQ that holds the greatest totals: a blank row after the last year."""
    return _FIRST_YEAR_ROW + len(content.sheets) + 1


def write_frequencies(sheet: Sheet, content: FoprContent) -> None:
    """Fill FREQ: a row a year, then the maxima, mean, deviation and NOAA's 100-year depths."""
    sheet.put(("D", 1), "Maximum Recorded Precipitation Amounts", Look.HUNDREDTHS)
    sheet.put(("A", 2), "YEAR")
    for depth_column, day_column, name in zip(_DEPTH_COLUMNS, _DAY_COLUMNS, DURATIONS, strict=True):
        sheet.put((depth_column, 2), name, Look.HUNDREDTHS)
        sheet.put((day_column, 2), "DATE", Look.DAY)
    for row, maxima in enumerate(content.maxima, _FIRST_YEAR_ROW):
        sheet.put(("A", row), content.record.first_water_year + row - _FIRST_YEAR_ROW)
        for depth_column, day_column, maximum in zip(_DEPTH_COLUMNS, _DAY_COLUMNS, maxima, strict=True):
            sheet.put((depth_column, row), maximum.depth, Look.HUNDREDTHS)
            sheet.put((day_column, row), maximum.day, Look.DAY_WIDE)
    if DocumentFault.BAD_FREQUENCY_DATE in content.faults:
        sheet.put(("K", greatest_row(content) - 2), "8/516", Look.DAY_WIDE)
    _write_extremes(sheet, content)


def write_frequency_plot(sheet: Sheet, content: FoprContent) -> None:
    """Fill FREQ_Plot: the points of the agency's depth-duration chart."""
    sheet.put(("A", 1), "Depth - Duration Plots")
    labels = (
        "Duration (hrs)", "Max Recorded (in)", "Return Period (yrs)", "Log Return Period", "N14 P100 (in)",
    )  # fmt: skip
    for column, label in zip("ABCDE", labels, strict=True):
        sheet.put((column, 2), label)
    logs = []
    rows = zip(DURATIONS.values(), greatest_totals(content), hundred_year_depths(content.gauge), strict=True)
    for row, (span, total, hundred) in enumerate(rows, 3):
        years = return_period_years(total.greatest.depth, total.mean, hundred)
        column = _DEPTH_COLUMNS[row - 3]
        logs.append(math.log10(years))
        sheet.put(("A", row), span.total_seconds() / 3600)
        sheet.put(("B", row), total.greatest.depth, Look.HUNDREDTHS, f"FREQ!{column}{greatest_row(content)}")
        sheet.put(("C", row), years, Look.WHOLE, f"Meta_Stats!D{row + 28}")
        sheet.put(("D", row), logs[-1], Look.HUNDREDTHS, f"LOG(C{row})")
        sheet.put(("E", row), hundred, Look.HUNDREDTHS, f"FREQ!{column}{greatest_row(content) + 4}")
    sheet.put(("D", 9), 10 ** (sum_in_order(logs) / len(logs)), Look.HUNDREDTHS, "10^(AVERAGE(D3:D8))")


def _greatest_total(maxima: Collection[Maximum]) -> GreatestTotal:
    depths = [maximum.depth for maximum in maxima]
    greatest = max(maxima, key=lambda maximum: maximum.depth)
    deviation = statistics.stdev(depths) if len(depths) > 1 else None
    return GreatestTotal(greatest, sum_in_order(depths) / len(depths), deviation)


def _write_extremes(sheet: Sheet, content: FoprContent) -> None:
    row = greatest_row(content)
    last = row - 2
    for label, offset in (("MAX", 0), ("MEAN (50%)", 2), ("STDEV", 3), ("NOAA 14 (v5) P100", 4)):
        sheet.put(("A", row + offset), label)
    hundreds = hundred_year_depths(content.gauge)
    for column, next_column, total, hundred in zip(
        _DEPTH_COLUMNS, _DAY_COLUMNS, greatest_totals(content), hundreds, strict=True
    ):
        depths = f"{column}3:{column}{last}"
        lookup = f"VLOOKUP(MAX(${column}$3:${column}${last}), ${column}$3:${next_column}${last}, 2, FALSE)"
        sheet.put((column, row), total.greatest.depth, Look.HUNDREDTHS, f"MAX({depths})")
        sheet.put((next_column, row), total.greatest.day, Look.DAY_WIDE, lookup)
        sheet.put((column, row + 2), total.mean, Look.HUNDREDTHS, f"AVERAGE({depths})")
        if total.deviation is not None:
            sheet.put((column, row + 3), total.deviation, Look.HUNDREDTHS, f"STDEV({depths})")
        sheet.put((column, row + 4), hundred, Look.HUNDREDTHS)
    sheet.put(("M", row + 2), "Tr = 2 years", Look.DAY)
    sheet.put(("M", row + 4), "Tr = 100 years", Look.DAY)
