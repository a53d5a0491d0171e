"""A water year's sheet: column A the date, B inches or `_____`, then a footer with the sheet's own totals.

1 October to 30 September, no header. The footer is the row without a date after the last dated one: B is
the water year's total, C the monsoon's. A sheet is named for its water year, and some are stale copies
of another year's.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from gaugehouse.domain.documents import RejectedRecord, StaleSheet
from gaugehouse.domain.rainfall import (
    SUSPECT_ABOVE_INCHES,
    DailyRainfall,
    Quality,
    TotalsClaim,
)
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.sources.mcfcd.arizona_time import FIRST_YEAR, LAST_YEAR
from gaugehouse.sources.mcfcd.rainfall_cells import read_rainfall
from gaugehouse.sources.mcfcd.workbook.cells import (
    Cell,
    Rows,
    date_of,
    number_of,
    serial_date_of,
    text_of,
)

SOURCE = "fopr"


@dataclass(slots=True)
class YearSheet:
    """What one year's sheet says. `days` ascend; all dates are of the water year, and each is there once.

    `missing` are the dates with `_____`; `blank` those with nothing at all, which is missing too unless
    nothing follows; `refused` those with something that is no rainfall (each has a reject).
    """

    water_year: int
    days: list[DailyRainfall] = field(default_factory=list)
    missing: list[date] = field(default_factory=list)
    blank: list[date] = field(default_factory=list)
    refused: list[date] = field(default_factory=list)
    claim: TotalsClaim | None = None
    stale: StaleSheet | None = None
    rejects: list[RejectedRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def listed(self) -> int:
        """Return how many dates of its water year the sheet lists."""
        return len(self.days) + len(self.missing) + len(self.blank) + len(self.refused)

    def dates(self) -> list[date]:
        """Return every date of the sheet's water year that the sheet lists, in no order."""
        return [*(day.reading_date for day in self.days), *self.missing, *self.blank, *self.refused]


def is_year_sheet(name: str) -> bool:
    """Say whether a sheet is named for a water year."""
    return len(name) == 4 and name.isascii() and name.isdigit() and FIRST_YEAR <= int(name) <= LAST_YEAR


def read_year_sheet(rows: Rows, name: str, file_name: str) -> YearSheet:
    """Read one year's sheet. Nothing in it raises: what cannot be used becomes a reject."""
    reader = _SheetReader(name, file_name)
    reader.read(rows)
    return reader.sheet


class _SheetReader:
    """Reads row after row into `sheet`. Ten thousand usual rows take the short way; see `read`."""

    def __init__(self, name: str, file_name: str) -> None:
        self.sheet = YearSheet(int(name))
        self._first = water_year_start(self.sheet.water_year)
        self._last = water_year_end(self.sheet.water_year)
        self._place = f"{file_name}, sheet {name}"
        self._seen: set[date] | None = None  # built when the first date is out of order
        self._outside: list[date] = []
        self._repeated = 0
        self._last_dated_row = 0
        self._dateless: list[tuple[int, Cell, Cell]] = []

    def read(self, rows: Rows) -> None:
        previous, last, last_usual_row = self._first - timedelta(days=1), self._last, 0
        add, new, measured = self.sheet.days.append, tuple.__new__, Quality.MEASURED
        for number, row in enumerate(_at_least_two_columns(rows), 1):
            day, value = row[0], row[1]
            # A date after the one before it is new, and within the year if it is not after its end.
            if type(day) is not date or not previous < day <= last:
                if self._read_unusual_row(number, [*row, "", ""]):
                    previous = last  # from here on, every date is looked up
                continue
            if type(value) is float and 0.0 <= value <= SUSPECT_ABOVE_INCHES:
                # DailyRainfall(...) would do the same, but takes half as long again. -0.0 becomes 0.0.
                add(new(DailyRainfall, (day, value or 0.0, measured, None)))
            else:
                self._read_value(number, day, value)
            previous, last_usual_row = day, number
        self._last_dated_row = max(self._last_dated_row, last_usual_row)
        if len(self._outside) > self.sheet.listed + self._repeated:
            self._leave_out()
            return
        if self._seen is not None:
            self.sheet.days.sort()
        self._read_footer()

    def _read_unusual_row(self, number: int, row: list[Cell]) -> bool:
        """Read a row that is not a new date of this year; say whether it holds a date of this year."""
        day_cell, value = row[0], row[1]
        day = date_of(day_cell) or serial_date_of(day_cell, self._first, self._last)
        raw = f"{text_of(day_cell)} | {text_of(value)}"
        if day is None:
            if isinstance(day_cell, str) and not any(character.isdigit() for character in day_cell):
                self._dateless.append((number, value, row[2]))
            elif text_of(value) is not None:
                self._reject("unreadable_date", number, raw, f"{text_of(day_cell)!r} is not a date")
            return False
        self._last_dated_row = number
        if not self._first <= day <= self._last:
            self._outside.append(day)
            problem = f"{day} lies outside water year {self.sheet.water_year}"
            self._reject("date_outside_water_year", number, raw, problem)
            return False
        if self._seen is None:
            self._seen = set(self.sheet.dates())
        if day in self._seen:
            self._repeated += 1
            problem = f"{day} stands in an earlier row already, which counts"
            self._reject("duplicate_date", number, raw, problem)
        else:
            self._seen.add(day)
            self._read_value(number, day, value)
        return True

    def _read_value(self, number: int, day: date, value: Cell) -> None:
        text = text_of(value)
        if text is None:
            self.sheet.blank.append(day)
            return
        if isinstance(value, str) and not text.strip("_ "):
            self.sheet.missing.append(day)
            return
        found = read_rainfall(day, value, missing_word="_____")
        if isinstance(found, DailyRainfall):
            self.sheet.days.append(found)
            return
        self._reject(found.reason, number, f"{day} | {text}", found.problem)
        self.sheet.refused.append(day)

    def _reject(self, reason: str, number: int, raw: str, problem: str) -> None:
        self.sheet.rejects.append(
            RejectedRecord(
                source=SOURCE,
                reason=reason,
                raw=raw[: RejectedRecord.MAX_RAW_LENGTH],
                detail=f"{self._place}, row {number}: {problem}",
            )
        )

    def _leave_out(self) -> None:
        """Most dates are another year's: a stale copy, of which nothing is to be believed."""
        dates = self._outside + self.sheet.dates()
        stale = StaleSheet(
            sheet=str(self.sheet.water_year),
            first_date=min(dates).isoformat(),
            last_date=max(dates).isoformat(),
            rows=len(dates) + self._repeated,
        )
        self.sheet = YearSheet(self.sheet.water_year, stale=stale)

    def _read_footer(self) -> None:
        for number, total, monsoon in self._dateless:
            texts = [text for text in (text_of(total), text_of(monsoon)) if text and text.strip("_ ")]
            if not texts:
                continue
            if number < self._last_dated_row:
                # Not the footer: a day that lost its date.
                self._reject("missing_date", number, " | ".join(texts), "a value without a date")
            elif self.sheet.claim is not None or (number_of(total) is None and number_of(monsoon) is None):
                said = " | ".join(texts)[:200]
                self.sheet.warnings.append(f"{self._place}, row {number}: {said!r} was not understood")
            else:
                self.sheet.claim = TotalsClaim(
                    water_year=self.sheet.water_year,
                    place=f"sheet {self.sheet.water_year} footer",
                    total_inches=number_of(total),
                    monsoon_inches=number_of(monsoon),
                )


def _at_least_two_columns(rows: Rows) -> Rows:
    """Return `rows`, which are equally long, with a blank column B where there is none."""
    return [[*row, ""] for row in rows] if rows and len(rows[0]) < 2 else rows
