"""The marks and footnotes below a month's table."""

import re
from collections.abc import Sequence

from gaugehouse.sources.mcfcd.footnotes import FootnoteReading, read_footnote
from gaugehouse.sources.mcfcd.footnotes.reading import read_number
from gaugehouse.sources.mcfcd.water_year.findings import Findings
from gaugehouse.sources.mcfcd.water_year.month_sheet import MonthSheet
from gaugehouse.sources.mcfcd.workbook.cells import Cell, text_of

_MARK = re.compile(r"\(\s*(\d{1,3}(?:\s*[,&]\s*\d{1,3})*)\s*\)")
_NUMBER = re.compile(r"\d+")
MAX_NOTES = 1_000  # of one sheet


def read_sheet_footnotes(
    sheet: MonthSheet, stations: dict[int, str], findings: Findings
) -> list[FootnoteReading]:
    """Read a sheet's footnotes, and the free text that stands where a mark should.

    A mark `(n)` ties footnote n to the gauge of its column. Where both name a gauge and disagree, the text
    counts, with a warning; so does a mark without its footnote.
    """
    place = f"sheet {sheet.name}"
    marked: dict[int, list[str]] = {}
    readings = []
    for row, cells in sheet.marks:
        for column, text in _texts(cells):
            station_id = stations.get(column)
            if match := _MARK.fullmatch(text):
                for number in _NUMBER.findall(match[1]):
                    marked.setdefault(int(number), []).append(station_id or "?")
            elif column:
                readings.append(
                    read_footnote(text, place=f"{place}, row {row}", month=sheet.month, marked=station_id)
                )
    if len(sheet.notes) > MAX_NOTES:
        findings.warn(place, f"has {len(sheet.notes)} footnotes, of which the first {MAX_NOTES} were read")
    numbers = set()
    for row, text in sheet.notes[:MAX_NOTES]:
        number = read_number(text)
        numbers.add(number)
        where = f"{place}, row {row}" if number is None else f"{place}, footnote {number}"
        gauges = marked.get(number or 0, [])
        reading = read_footnote(text, place=where, month=sheet.month, marked=gauges[0] if gauges else None)
        readings.append(reading)
        if strangers := [gauge for gauge in gauges if gauge not in reading.station_ids]:
            told = ", ".join(reading.station_ids)
            findings.warn(where, f"speaks of gauge {told}, but its mark stands below {', '.join(strangers)}")
    for number in sorted(marked.keys() - numbers):
        findings.warn(place, f"has a mark ({number}) below {', '.join(marked[number])}, and no such footnote")
    return readings


def _texts(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    return [
        (column, text)
        for column, cell in enumerate(cells)
        if isinstance(cell, str) and cell and (text := text_of(cell))
    ]
