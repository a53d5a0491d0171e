"""Tables in sheets of a workbook. openpyxl is imported where it is used: few commands write workbooks."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

DARK = "FF1F4E78"
DAY = "yyyy-mm-dd"


def fill_table(
    sheet: "Worksheet", columns: Sequence[tuple[str, float, str]], rows: Iterable[Sequence[Any]]
) -> None:
    """Fill a sheet with a table that stays readable: frozen head, widths, formats, filters, printing."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for number, (title, width, _) in enumerate(columns, start=1):
        head = put(sheet, 1, number, title)
        head.font = Font(bold=True, color="FFFFFFFF")
        head.fill = PatternFill("solid", start_color=DARK)
        head.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row_number, row in enumerate(rows, start=2):
        for number, (value, (_, _, number_format)) in enumerate(zip(row, columns, strict=True), start=1):
            cell = put(sheet, row_number, number, value)
            if number_format:
                cell.number_format = number_format
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def put(sheet: "Worksheet", row: int, column: int, value: Any) -> "Cell":
    """Write a cell. Text is text: an agency's note that begins with `=` is no formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell: Cell = sheet.cell(row=row, column=column, value=value)
    if cell.data_type == "f":
        cell.data_type = "s"
    return cell


def day_of(written: str | None) -> date | None:
    """Return a day (ISO 8601) as a cell holds it."""
    return None if written is None else date.fromisoformat(written)
