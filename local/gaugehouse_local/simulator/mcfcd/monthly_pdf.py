"""Write `pcpMMYY.pdf`, each word where the agency's has it."""

import re
from collections.abc import Sequence
from io import BytesIO
from itertools import count
from typing import Any

from gaugehouse_local.simulator.mcfcd.monthly_pdf_content import MonthPage

_LEFT = 64.8
_FIRST_LINE, _SECOND_LINE, _IDS_LINE, _UNIT_LINE, _FIRST_ROW = 708.96, 695.14, 660.94, 638.38, 614.5
_ROW_POINTS, _NOTE_POINTS = 12.998, 11.88
_TOTALS_BELOW, _NOTES_BELOW = 26.0, 38.6
_FOOTER_LINE, _LOWEST_NOTE = 65.18, 90.0
_NOTE_WIDTH = 478.0
# Andale Mono, 9.96 points with 0.024 between the characters, which are so 6 points wide; Courier is as wide.
_TABLE_FONT, _TEXT_FONT, _SIZE, _CHARACTER_SPACE = "Courier", "Helvetica", 9.96, 0.024
_MARKS_BEHIND = re.compile(r"(?:\([0-9,]+\))+$")
_FIRST_COLUMN_ENDS, _COLUMN_CHARACTERS = 16, 9


def write_monthly_pdf(
    pages: Sequence[MonthPage],
    *,
    unit: str = "inches",
    empty_page_first: bool = False,
    turned: bool = False,
    password: str | None = None,
) -> bytes:
    """Return the document's bytes; the same content gives the same bytes.

    `turned` draws every page sideways, on paper that is turned back; a `password` encrypts the document.
    """
    # reportlab takes 0.1 s to load, and only who asks for a PDF shall wait for it.
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # the agency's streams are binary
    written = BytesIO()
    size = (792, 612) if turned else (612, 792)
    canvas = Canvas(written, pagesize=size, pageCompression=1, invariant=1, encrypt=password)
    numbers = count(1)
    if empty_page_first:
        canvas.showPage()
    for group, page in enumerate(pages, 1):
        _begin_page(canvas, turned=turned)
        left_over = _write_table(canvas, page, group, unit)
        _write_footer(canvas, next(numbers))
        while left_over:
            canvas.showPage()
            _begin_page(canvas, turned=turned)
            left_over = _write_notes(canvas, left_over, _FIRST_LINE)
            _write_footer(canvas, next(numbers))
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _begin_page(canvas: Any, *, turned: bool) -> None:
    if turned:
        canvas.setPageRotation(90)
        canvas.translate(792, 0)
        canvas.rotate(90)


def _write_table(canvas: Any, page: MonthPage, group: int, unit: str) -> list[str]:
    """Write a page up to its footnotes; return the lines of those that have no room."""
    canvas.setFont(_TEXT_FONT, 12)
    canvas.drawString(211.73, _FIRST_LINE, "FCD of Maricopa County ALERT System")
    canvas.drawString(247.01, _SECOND_LINE, f"G{group:03}: Rain Gage Group {group:02}")
    canvas.setFont(_TABLE_FONT, _SIZE)
    _draw(canvas, _IDS_LINE, table_line("Gage ID", page.station_ids))
    _draw(canvas, _UNIT_LINE, f"Daily precipitation values in {unit}")
    baseline = _FIRST_ROW
    for row in page.rows:
        _draw(canvas, baseline, table_line(row.date, row.cells))
        baseline -= _ROW_POINTS
    baseline += _ROW_POINTS - _TOTALS_BELOW
    if page.totals:
        _draw(canvas, baseline, table_line("TOTALS:", page.totals))
    return _write_notes(canvas, _wrapped(page.footnotes), baseline - _NOTES_BELOW)


def table_line(label: str, cells: Sequence[str]) -> str:
    """Return a line of the table: a value ends with its column, and a mark behind it stands outside."""
    line = label
    for number, cell in enumerate(cells):
        value = _MARKS_BEHIND.sub("", cell)
        column_ends = _FIRST_COLUMN_ENDS + number * _COLUMN_CHARACTERS
        line = line.ljust(column_ends - len(value)) + cell
    return line


def _draw(canvas: Any, baseline: float, text: str) -> None:
    canvas.drawString(_LEFT, baseline, text, charSpace=_CHARACTER_SPACE)


def _wrapped(footnotes: Sequence[str]) -> list[str]:
    from reportlab.lib.utils import simpleSplit

    return [line for note in footnotes for line in simpleSplit(note, _TEXT_FONT, _SIZE, _NOTE_WIDTH)]


def _write_notes(canvas: Any, lines: list[str], baseline: float) -> list[str]:
    canvas.setFont(_TEXT_FONT, _SIZE)
    for at, line in enumerate(lines):
        if baseline < _LOWEST_NOTE:
            return lines[at:]
        canvas.drawString(_LEFT, baseline, line)
        baseline -= _NOTE_POINTS
    return []


def _write_footer(canvas: Any, number: int) -> None:
    canvas.setFillColorRGB(0.51, 0.231, 0.0431)
    canvas.rect(63.36, 76.224, 514.18, 3, stroke=0, fill=1)
    canvas.rect(63.36, 74.784, 514.18, 0.72, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    canvas.setFont(_TEXT_FONT, 8)
    canvas.drawString(_LEFT, _FOOTER_LINE, "2801 W. Durango St., Phoenix, AZ 85009  (602) 506-1501")
    canvas.drawRightString(576.1, _FOOTER_LINE, f"Page {number}")
