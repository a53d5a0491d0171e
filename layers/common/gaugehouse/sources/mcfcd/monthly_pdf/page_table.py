"""One page as a table: which gauges, which rows, and that every value stands under its gauge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gaugehouse.sources.mcfcd.monthly_pdf.cells import Cell
from gaugehouse.sources.mcfcd.monthly_pdf.columns import Column, columns_of, in_columns
from gaugehouse.sources.mcfcd.monthly_pdf.lines import Line, lines_of
from gaugehouse.sources.mcfcd.monthly_pdf.pages import Page

_DATE = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})")
# A line that goes on with an earlier footnote can begin with a count: `(105) due to battery failure`.
_NOTE = re.compile(r"\(([0-9]{1,3})\)\s*(?:((?i:gages?|gauges?|stations?)\b)|(?=[A-Z]))")
_FOOTER = re.compile(r"\bPage\s+[0-9]+\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A day's row: its date as written, and a cell for each column; None where the place is blank."""

    date: str
    line: Line
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something of a page that cannot be used. `where` is empty where it is the whole page."""

    reason: str
    where: str
    problem: str
    raw: str = ""


class Note(NamedTuple):
    """A footnote as it stands on the page, its number and all its lines; None where it begins with none."""

    number: int | None
    text: str


@dataclass(slots=True)
class PageTable:
    """What one page says. A column whose id cannot be read has None for it.

    `misplaced` are rows of which not every value stands under a gauge of its own, so that none of them is
    believed.
    """

    number: int
    station_ids: tuple[str | None, ...]
    rows: list[Row] = field(default_factory=list)
    misplaced: list[Row] = field(default_factory=list)
    totals: tuple[Cell | None, ...] | None = None
    footnotes: list[Note] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def go_on_with(self, notes: Sequence[Note]) -> None:
        """Add footnotes; one without a number goes on with the last."""
        for note in notes:
            if self.footnotes and note.number is None:
                last = self.footnotes[-1]
                self.footnotes[-1] = last._replace(text=f"{last.text} {note.text}")
            else:
                self.footnotes.append(note)


def read_page(page: Page) -> PageTable:
    """Read a page. Nothing in it raises: what cannot be used becomes a trouble.

    A page without a `Gage ID` line has no columns; all its lines but titles and footer are `footnotes`,
    since those of the page before may go on there.
    """
    if page.problem or not page.words:
        reason = "unreadable_page" if page.problem else "empty_page"
        trouble = Trouble(reason, "", page.problem or "holds no text")
        return PageTable(page.number, (), troubles=[trouble])
    lines = [line for line in lines_of(page.words) if not _FOOTER.search(line.text)]
    header_at = next((index for index, line in enumerate(lines) if _is_header(line)), None)
    if header_at is None:
        table = PageTable(page.number, ())
        _read_footnotes([line for line in lines if not _is_title(line)], table)
        return table
    columns = columns_of(lines[header_at])
    table = PageTable(page.number, tuple(column.station_id for column in columns))
    _find_troubles_of_columns(lines[header_at], columns, table)
    body = lines[header_at + 1 :]
    first_row_at = next((index for index, line in enumerate(body) if _is_row(line)), len(body))
    if not any("inches" in line.text.lower() for line in body[:first_row_at]):
        said = " / ".join(line.shown for line in body[:first_row_at])
        problem = f"does not say that its values are inches, but {said!r}"
        return PageTable(page.number, (), troubles=[Trouble("unknown_unit", "", problem, said)])
    _read_body(body[first_row_at:], columns, table)
    _leave_out_misplaced_rows(table)
    return table


def _is_header(line: Line) -> bool:
    words = [word.text.lower().rstrip(":") for word in line.words[:2]]
    return words in (["gage", "id"], ["gauge", "id"])


def _is_title(line: Line) -> bool:
    return "ALERT System" in line.text or "Rain Gage Group" in line.text


def _is_row(line: Line) -> bool:
    return _DATE.fullmatch(line.words[0].text) is not None


def _find_troubles_of_columns(header: Line, columns: Sequence[Column], table: PageTable) -> None:
    if not columns:
        table.troubles.append(Trouble("no_station_ids", "", "names no gage ids", header.shown))
    table.troubles += [
        Trouble("unreadable_station_id", f"column {number}", f"{column.written[:40]!r} is no gage id")
        for number, column in enumerate(columns, 1)
        if column.station_id is None
    ]
    read = {"id", *(column.written for column in columns)}
    if beside := [word.text for word in header.words[2:] if word.text not in read]:
        table.warnings.append(f"text beside the gage ids was passed over: {' '.join(beside)[:100]!r}")


def _read_body(body: Sequence[Line], columns: Sequence[Column], table: PageTable) -> None:
    for index, line in enumerate(body):
        first = line.words[0].text
        if _is_row(line):
            cells = in_columns(line.words[1:], columns)
            if isinstance(cells, str):
                table.misplaced.append(Row(first, line, ()))
                table.troubles.append(Trouble("misplaced_values", f"row {first}", cells, line.shown))
            else:
                table.rows.append(Row(first, line, cells))
        elif first.upper().startswith("TOTAL"):
            totals = in_columns(line.words[1:], columns)
            if isinstance(totals, str):
                table.troubles.append(Trouble("misplaced_values", "row TOTALS", totals, line.shown))
            else:
                table.totals = totals
            _read_footnotes(body[index + 1 :], table)
            return
        else:
            problem = "is neither a day nor the totals"
            table.troubles.append(Trouble("unreadable_row", f"line {line.shown[:40]!r}", problem, line.shown))
    table.warnings.append("has no TOTALS, so it may have been cut off")


def _leave_out_misplaced_rows(table: PageTable) -> None:
    """Take no row with a blank place, unless it is blank all over the page.

    A row of which the values moved by a whole column has a blank at one end, and every value is wrong.
    """
    blank_everywhere = {
        column
        for column in range(len(table.station_ids))
        if all(row.cells[column] is None for row in table.rows)
    }
    for row in list(table.rows):
        blanks = [at for at, cell in enumerate(row.cells) if cell is None and at not in blank_everywhere]
        if blanks:
            names = ", ".join(table.station_ids[at] or f"column {at + 1}" for at in blanks)
            problem = f"has nothing under {names}, so its values may stand under other gages than theirs"
            table.troubles.append(Trouble("misplaced_values", f"row {row.date}", problem, row.line.shown))
            table.rows.remove(row)
            table.misplaced.append(row)


def _read_footnotes(lines: Sequence[Line], table: PageTable) -> None:
    """Read numbered footnotes, each of which may go on in the lines below it."""
    expected: int | None = None
    for line in lines:
        begins = _NOTE.match(line.text)
        number = int(begins[1]) if begins else None
        if begins and table.footnotes and not begins[2] and number != expected:
            number = None
        table.go_on_with([Note(number, line.text)])
        expected = expected if number is None else number + 1
