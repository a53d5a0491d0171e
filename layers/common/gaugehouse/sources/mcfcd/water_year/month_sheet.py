"""A month's sheet: where its ids, dates, totals, marks and footnotes stand. Only dates are judged here."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from gaugehouse.sources.mcfcd.arizona_time import MONTHS
from gaugehouse.sources.mcfcd.water_year.findings import Findings
from gaugehouse.sources.mcfcd.workbook.cells import Cell, Rows, date_of, number_of, serial_date_of, text_of

_SHEET_NAME = re.compile(
    rf"\s*({'|'.join(MONTHS)})[A-Z]{{0,6}}\.?(?:\s+\d{{4}})?(?:\s*\(\d+\))?\s*", re.IGNORECASE
)
_SHOWN = 10  # cells of a rejected row that its report shows


@dataclass(slots=True, kw_only=True)
class MonthSheet:
    """One month as its sheet lays it out. `columns` hold a cell for each of `dates`, which ascend.

    Columns count from 0, rows from 1; column 0 is that of the dates. `totals` and `marks` are whole rows.
    """

    name: str
    month: date  # its first day
    id_row: int
    ids: list[Cell]
    dates: tuple[date, ...]
    rows: tuple[int, ...]  # of the dates
    columns: list[tuple[Cell, ...]]
    totals: list[float | None]
    totals_row: int
    marks: list[tuple[int, list[Cell]]]  # with their rows
    notes: list[tuple[int, str]]  # with their rows

    def has_values(self, column: int) -> bool:
        """Say whether any date has something in a column."""
        cells = self.columns[column]
        return bool(cells) and (cells[0] != "" or cells.count("") < len(cells))  # the first mostly tells


@dataclass(frozen=True, slots=True)
class OtherMonth:
    """A sheet whose dates are not of the month that its name says."""

    first: date
    last: date


def month_named(sheet: str, water_year: int) -> date | None:
    """Return the first day of the month that a sheet is named for (`SEP`); None for any other sheet."""
    match = _SHEET_NAME.fullmatch(sheet)
    if match is None:
        return None
    month = MONTHS.index(match[1].upper()) + 1
    return date(water_year - (month >= 10), month, 1)


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def id_row_of(rows: Rows) -> int | None:
    """Return the index of the row of gauge ids, which its first cell announces."""
    found = _first_labelled(rows, 0, "gage id", "gauge id")
    return found if found < len(rows) else None


def read_month_sheet(
    rows: Rows, name: str, month: date, document_date: date, findings: Findings
) -> MonthSheet | OtherMonth | None:
    """Lay out a month's sheet; None, with a reject, where it is no table of gauges.

    Dates that are unreadable, of another month, or there for a second time are rejected. A date after
    `document_date` on which no gauge has rain is yet to come, and a date with nothing in its row says
    nothing: neither is among `dates`.
    """
    place = f"sheet {name}"
    header = id_row_of(rows)
    if header is None:
        findings.reject(place, "no_gauge_ids", _shown(rows[:1]), "has no row that begins 'Gage ID'")
        return None
    dated, outside = _dated_rows(rows, header, month, findings, place)
    if len(outside) > len(dated):
        first, last = min(outside), max(outside)
        problem = f"its dates are {first} to {last}, not {month:%B %Y}, so nothing of it was read"
        findings.reject(place, "sheet_of_another_month", name, problem)
        return OtherMonth(first, last)
    said = sorted(
        (day, index) for day, index in dated.items() if _says_something(rows[index], day, document_date)
    )
    ends = _first_labelled(rows, header + 1, "total", "footnote")
    marks_end = _first_labelled(rows, ends, "footnote")
    has_totals = ends < len(rows) and _label(rows[ends]).startswith("total")
    return MonthSheet(
        name=name,
        month=month,
        id_row=header + 1,
        ids=rows[header],
        dates=tuple(day for day, _ in said),
        rows=tuple(index + 1 for _, index in said),
        columns=list(zip(*(rows[index] for _, index in said), strict=True)) or [()] * len(rows[header]),
        totals=[number_of(cell) if has_totals else None for cell in rows[min(ends, len(rows) - 1)]],
        totals_row=ends + 1,
        marks=[(index + 1, rows[index]) for index in range(ends + has_totals, marks_end)],
        notes=[
            (index + 1, text)
            for index in range(marks_end + 1, len(rows))
            if (text := next((cell for cell in rows[index] if isinstance(cell, str) and cell.strip()), None))
        ],
    )


def _label(row: list[Cell]) -> str:
    return row[0].strip().lower() if row and isinstance(row[0], str) else ""


def _first_labelled(rows: Rows, begin: int, *labels: str) -> int:
    """Return the index of the first row from `begin` on with one of these labels, or behind the last row."""
    found = (index for index in range(begin, len(rows)) if _label(rows[index]).startswith(labels))
    return next(found, len(rows))


def _dated_rows(
    rows: Rows, header: int, month: date, findings: Findings, place: str
) -> tuple[dict[date, int], list[date]]:
    """Return the row index of each date of the month, and the dates of other months."""
    last = last_day(month)
    dated: dict[date, int] = {}
    outside: list[tuple[int, date]] = []
    for index in range(header + 1, _first_labelled(rows, header + 1, "total", "footnote")):
        row = rows[index]
        day = date_of(row[0]) or serial_date_of(row[0], month, last)
        where = f"{place}, row {index + 1}"
        if day is None:
            if any(cell != "" for cell in row):
                reason = "missing_date" if row[0] == "" else "unreadable_date"
                findings.reject(where, reason, _shown([row]), f"{text_of(row[0]) or ''!r} is no date")
        elif not month <= day <= last:
            outside.append((index, day))
        elif day in dated:
            problem = f"{day} stands in row {dated[day] + 1} already, which counts"
            findings.reject(where, "duplicate_date", _shown([row]), problem)
        else:
            dated[day] = index
    if len(outside) <= len(dated):
        for index, day in outside:
            where, problem = f"{place}, row {index + 1}", f"{day} is not in {month:%B %Y}"
            findings.reject(where, "date_outside_month", _shown([rows[index]]), problem)
    return dated, [day for _, day in outside]


def _says_something(row: list[Cell], day: date, document_date: date) -> bool:
    if day > document_date:
        return any(isinstance(cell, float) and cell > 0 for cell in row[1:])
    return any(cell != "" for cell in row[1:])


def _shown(rows: Rows) -> str:
    return " | ".join(text_of(cell) or "" for row in rows for cell in row[:_SHOWN])
