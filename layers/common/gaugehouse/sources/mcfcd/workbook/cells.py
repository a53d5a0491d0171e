"""Cells of a workbook: what the reader gives, turned into text, numbers, dates and JSON."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from gaugehouse.sources.mcfcd.arizona_time import FIRST_YEAR, LAST_YEAR, at_clock, read_day

Cell = int | float | str | bool | time | date | datetime | timedelta
Rows = list[list[Cell]]

MAX_CELL_LENGTH = 32_767  # Excel's own limit

# A date whose cell lost its format is the number of days since this one.
_SERIAL_DATE_ZERO = date(1899, 12, 30)
_LAST_SERIAL_DATE = 200_000

_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?:\s+(\d{1,2}:?\d{2})(?::\d{2})?)?")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def text_of(cell: Cell) -> str | None:
    """Return a cell as one line of text that a database takes, or None when it is blank."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return " ".join(_CONTROL_CHARACTERS.sub(" ", str(cell)[:MAX_CELL_LENGTH]).split()) or None


def number_of(cell: Cell) -> float | None:
    """Return a cell's finite number, also where it is stored as text (`1,465`); None when it is none."""
    if isinstance(cell, str):
        text = cell.strip()
        return float(text.replace(",", "")) if text and len(text) < 40 and _NUMBER.fullmatch(text) else None
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
        return None
    return float(cell)


def date_of(cell: Cell) -> date | None:
    """Return a cell's day, also where it is text like `12/31/2024`; None when it is none."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell if FIRST_YEAR <= cell.year <= LAST_YEAR else None
    if not isinstance(cell, str):
        return None
    if us := _US_DATE.fullmatch(cell.strip()):
        return read_day(us[1], us[2], us[3])
    if iso := _ISO_DATE.fullmatch(cell.strip()):
        return read_day(iso[2], iso[3], iso[1])
    return None


def serial_date_of(cell: Cell, first: date, last: date) -> date | None:
    """Return the day of a date cell that lost its format; None unless it lies within `first` to `last`."""
    serial = None if isinstance(cell, str) else number_of(cell)
    if serial is None or not 0 < serial < _LAST_SERIAL_DATE:
        return None
    day = _SERIAL_DATE_ZERO + timedelta(days=int(serial))
    return day if first <= day <= last else None


def moment_of(cell: Cell) -> datetime | None:
    """Return a cell's local time, naive; a day alone is its midnight, `24:00` the midnight that ends it."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None) if FIRST_YEAR <= cell.year <= LAST_YEAR else None
    if isinstance(cell, str) and (match := _MOMENT.fullmatch(cell.strip())):
        day = read_day(match[1], match[2], match[3])
        return None if day is None else at_clock(day, match[4] or "0000")
    day = date_of(cell)
    return None if day is None else datetime.combine(day, time.min)


def json_of(cell: Cell) -> object:
    """Return a cell as JSON holds it: dates as ISO text, whole numbers without a point, blank as None."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            return str(cell)
        return int(cell) if float(cell).is_integer() else cell
    return text_of(cell)


def at(row: Sequence[Cell], column: int) -> Cell:
    """Return the cell in a column, blank where the row is shorter."""
    return row[column] if column < len(row) else ""


def cell_name(row_number: int, column: int) -> str:
    """Name a cell as Excel does; `row_number` counts from 1, `column` from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row_number}"
