"""The simulator's water-year workbook has the form of the agency's real one, cell by cell."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook import Workbook as OpenpyxlWorkbook

from gaugehouse_local.simulator import ClimateAgency, create_climate, water_year_path
from tests.real_files import MCFCD, requires_real_files

pytestmark = requires_real_files

COLUMNS = 8  # of gauges, that are compared
MONTHS = ["SEP", "AUG", "JUL", "JUN", "MAY", "APR", "MAR", "FEB", "JAN", "DEC", "NOV", "OCT"]
MARKS_ROW = 36
SOME = ["SEP", "FEB", "OCT", "Annual_Totals"]  # openpyxl is slow, and the others are like them


@pytest.fixture(scope="module")
def books() -> dict[str, OpenpyxlWorkbook]:
    """Both workbooks of 2023, formulas and cached values."""
    climate = create_climate(gauges=40, first_water_year=2020, as_of=date(2024, 12, 31))
    document = ClimateAgency(climate).document(water_year_path(2023))
    assert document
    contents = {"simulated": document.content, "real": (MCFCD / "pcp_WY_2023.xlsx").read_bytes()}
    return {
        f"{who} {what}": openpyxl.load_workbook(BytesIO(content), data_only=what == "values", read_only=True)
        for who, content in contents.items()
        for what in ("values", "formulas")
    }


def test_sheets_have_the_same_names_in_the_same_order(books: dict[str, OpenpyxlWorkbook]) -> None:
    assert books["simulated values"].sheetnames == books["real values"].sheetnames


@pytest.mark.parametrize("sheet", SOME)
def test_the_same_cells_hold_the_same_kinds_of_values_in_the_same_formats(
    books: dict[str, OpenpyxlWorkbook], sheet: str
) -> None:
    simulated = dict(_classes(books["simulated values"], sheet))

    assert simulated == dict(_classes(books["real values"], sheet))
    assert len(simulated) > 28 * COLUMNS or sheet == "Annual_Totals"


def _classes(book: OpenpyxlWorkbook, sheet: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in book[sheet].iter_rows(max_row=MARKS_ROW - 1, max_col=COLUMNS + 1):
        for cell in row:
            if cell.value is not None:
                label = sheet == "Annual_Totals" and cell.column == 1  # `SEP 2023` in one of two date formats
                yield cell.coordinate, (_kind(cell.value), "" if label else cell.number_format)


def _kind(value: object) -> str:
    if value == "N/A":  # a missing day may stand where the other file has a number
        return "number"
    return "number" if isinstance(value, int | float) else type(value).__name__


@pytest.mark.parametrize("sheet", SOME)
def test_titles_labels_and_dates_are_the_same(books: dict[str, OpenpyxlWorkbook], sheet: str) -> None:
    columns = [
        [row[0].value for row in books[f"{who} values"][sheet].iter_rows(max_col=1, max_row=30)]
        for who in ("simulated", "real")
    ]

    assert columns[0] == columns[1]


def test_totals_are_the_same_formulas(books: dict[str, OpenpyxlWorkbook]) -> None:
    simulated, real = books["simulated formulas"], books["real formulas"]
    assert simulated["AUG"]["B35"].value == real["AUG"]["B35"].value == "=SUM(B4:B34)"
    columns = [
        [row[0].value for row in book["Annual_Totals"].iter_rows(min_col=2, max_col=2, min_row=4, max_row=29)]
        for book in (simulated, real)
    ]
    assert columns[0] == columns[1]


def test_a_shorter_month_leaves_its_blank_rows_on_top(books: dict[str, OpenpyxlWorkbook]) -> None:
    for book in (books["simulated values"], books["real values"]):
        february = book["FEB"]
        assert [february.cell(row, 2).value for row in (4, 5, 6)] == [None] * 3
        assert february.cell(7, 1).value == datetime(2023, 2, 28)  # noqa: DTZ001 - as openpyxl reads a day


def test_marks_and_footnotes_stand_below_the_table(books: dict[str, OpenpyxlWorkbook]) -> None:
    for book, months in ((books["simulated values"], MONTHS), (books["real values"], ["MAY"])):
        below = [row for month in months for row in book[month].iter_rows(min_row=MARKS_ROW)]
        texts = [str(cell.value) for row in below for cell in row[1:] if cell.value]
        marks = [text for text in texts if text.startswith("(")]
        notes = [text for text in texts if "Gage" in text]
        assert marks
        assert all(mark.strip("()").replace(",", "").replace(" ", "").isdigit() for mark in marks)
        assert notes
        assert all(note[0].isdigit() for note in notes)
