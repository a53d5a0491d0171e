"""The simulator's documents have the form of the agency's real ones, cell by cell and column by column."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook as OpenpyxlWorkbook
from python_calamine import CalamineWorkbook

from gaugehouse_local.simulator import create_climate
from gaugehouse_local.simulator.mcfcd.fopr_content import fopr_content, sum_in_order
from gaugehouse_local.simulator.mcfcd.fopr_workbook import write_fopr_workbook
from gaugehouse_local.simulator.mcfcd.gauge_list import write_gauge_list
from tests.real_files import MCFCD, requires_real_files

pytestmark = [
    requires_real_files,
    # openpyxl says that it drops a drop-down list of the real file.
    pytest.mark.filterwarnings("ignore:Data Validation extension is not supported"),
]

FIXED_SHEETS = ["Meta_Stats", "AnnualTables", "DownTime", "FREQ", "FREQ_Plot", "WY-DD"]


@pytest.fixture(scope="module")
def simulated_content() -> bytes:
    """27 water years beginning on 3 February of the first one, like the real sample."""
    climate = create_climate(gauges=1, first_water_year=1998, as_of=date(2024, 12, 31))
    record = climate.record(climate.gauges[0].station_id)
    return write_fopr_workbook(fopr_content(record, updated=date(2024, 12, 19)))


@pytest.fixture(scope="module")
def real_content() -> bytes:
    return (MCFCD / "59700_FOPR.xlsx").read_bytes()


@pytest.fixture(scope="module")
def books(simulated_content: bytes, real_content: bytes) -> dict[str, OpenpyxlWorkbook]:
    """Both workbooks, formulas and cached values."""
    return {
        f"{who} {what}": openpyxl.load_workbook(BytesIO(content), data_only=what == "values")
        for who, content in (("simulated", simulated_content), ("real", real_content))
        for what in ("values", "formulas")
    }


def test_sheets_have_the_same_names_in_the_same_order(books: dict[str, OpenpyxlWorkbook]) -> None:
    assert books["simulated values"].sheetnames == books["real values"].sheetnames


@pytest.mark.parametrize(
    "sheet", ["Meta_Stats", "AnnualTables", "FREQ", "FREQ_Plot", "WY-DD", "2024", "2023"]
)
def test_the_same_cells_are_filled_with_the_same_types_and_number_formats(
    books: dict[str, OpenpyxlWorkbook], sheet: str
) -> None:
    simulated = dict(_classes(books["simulated values"], sheet))
    real = dict(_classes(books["real values"], sheet))
    assert simulated == real


def _classes(book: OpenpyxlWorkbook, sheet: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in book[sheet].iter_rows():
        for cell in row:
            if cell.value is not None:
                yield cell.coordinate, (_kind(cell.value), cell.number_format)


def _kind(value: object) -> str:
    if value == "_____":  # a missing day may stand where the other file has a number
        return "number"
    return "number" if isinstance(value, int | float) else type(value).__name__


def test_outages_are_rows_of_the_same_classes_above_the_same_footer(
    books: dict[str, OpenpyxlWorkbook],
) -> None:
    shapes = {}
    for who in ("simulated", "real"):
        rows = list(books[f"{who} values"]["DownTime"].iter_rows(max_col=9))
        end = next(number for number, row in enumerate(rows) if number and row[0].value is None)
        outages = {tuple((_kind(cell.value), cell.number_format) for cell in row) for row in rows[1:end]}
        footer = [
            [
                (cell.column_letter, cell.value if isinstance(cell.value, str) else cell.number_format)
                for cell in row
                if isinstance(cell, Cell) and cell.value is not None
            ]
            for row in rows[end:]
        ]
        shapes[who] = ([cell.value for cell in rows[0]], outages, footer[:3])
        assert not any(footer[3:])
    assert shapes["simulated"] == shapes["real"]


@pytest.mark.parametrize("sheet", ["Meta_Stats", "AnnualTables", "FREQ", "FREQ_Plot", "WY-DD", "2022"])
def test_labels_stand_in_the_same_cells_with_the_same_words(
    books: dict[str, OpenpyxlWorkbook], sheet: str
) -> None:
    differing = {
        coordinate: texts
        for coordinate, texts in _texts(books, sheet).items()
        if len(set(texts)) > 1 and coordinate not in _OWN_WORDS.get(sheet, ())
    }
    assert differing == {}


# Cells whose text is the gauge's own.
_OWN_WORDS = {
    "Meta_Stats": ("B3", "B4", "B6", "B9", "B11", "B12", "B13", "B14", "B16", "B17", "B18"),
    "AnnualTables": ("A1",),
    "2022": tuple(f"B{row}" for row in range(1, 367)),
}


def _texts(books: dict[str, OpenpyxlWorkbook], sheet: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in books["real values"][sheet].iter_rows():
        for cell in row:
            own = books["simulated values"][sheet][cell.coordinate].value
            if isinstance(cell.value, str) or isinstance(own, str):
                found[cell.coordinate] = [cell.value, own]
    return found


def test_the_gauges_own_words_have_the_agencys_shapes(books: dict[str, OpenpyxlWorkbook]) -> None:
    shapes = {
        "B4": r"\d{4,5}; \d{4} prior to \d{1,2}/\d{1,2}/2018",
        "B6": r"Rain( / Stage)?",
        "B11": r"\d{2}° \d{1,2}’ \d{1,2}\.\d”",  # noqa: RUF001 - as it comes
        "B12": r"\d{3}° \d{1,2}’ \d{1,2}\.\d”",  # noqa: RUF001
        "B13": r"(\d,)?\d{3} ft\.",
        "B18": r"Records (Good|Fair|Poor)",
    }
    for who in ("simulated values", "real values"):
        for coordinate, shape in shapes.items():
            assert re.fullmatch(shape, str(books[who]["Meta_Stats"][coordinate].value)), (who, coordinate)


@pytest.mark.parametrize("sheet", ["Meta_Stats", "FREQ", "FREQ_Plot", "WY-DD", "2022"])
def test_formulas_are_those_of_the_agency(books: dict[str, OpenpyxlWorkbook], sheet: str) -> None:
    """Of the year sheets only 2022: the agency's monsoon sums begin on rows 258 to 261, ours on 15 June."""
    simulated, real = (
        {
            cell.coordinate: cell.value
            for row in books[who][sheet].iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith("=")
        }
        for who in ("simulated formulas", "real formulas")
    )
    assert simulated == real


def test_calamine_sees_the_same_types_in_both(simulated_content: bytes, real_content: bytes) -> None:
    simulated, real = (
        CalamineWorkbook.from_filelike(BytesIO(content)) for content in (simulated_content, real_content)
    )
    for sheet in real.sheet_names[6:]:
        seen = [
            {tuple(type(cell) for cell in row[:2]) for row in book.get_sheet_by_name(sheet).to_python()}
            for book in (simulated, real)
        ]
        assert seen[0] - {(date, str)} == seen[1] - {(date, str)}
    outages = simulated.get_sheet_by_name("DownTime").to_python()[1]
    assert [type(cell) for cell in outages] == [
        float,
        datetime,
        float,
        datetime,
        float,
        float,
        str,
        str,
        float,
    ]


def test_the_agencys_totals_are_running_sums_like_ours(books: dict[str, OpenpyxlWorkbook]) -> None:
    for year in range(1998, 2025):
        sheet = books["real values"][str(year)]
        values = [sheet.cell(row, 2).value for row in range(1, 367)]
        counted = [float(value) if isinstance(value, int | float) else 0.0 for value in values]
        assert sum_in_order(counted) == sheet["B367"].value
        assert sum_in_order(counted[258:]) == sheet["C367"].value


def test_the_list_has_the_agencys_header_to_the_byte() -> None:
    real, simulated = _list_lines()
    assert simulated[:10] == [*real[:4], simulated[4], *real[5:10]]
    assert re.fullmatch(r" {23}6 and 24 Hours Ending \d\d/\d\d/\d\d at \d{4}", simulated[4])
    assert re.fullmatch(r" {23}6 and 24 Hours Ending \d\d/\d\d/\d\d at \d{4}", real[4])


def test_rows_of_the_list_have_the_agencys_columns() -> None:
    shape = re.compile(
        r"(?=.{35}\S)\S.{33} \S.{18}"  # name and town: a name of 34 characters leaves one space
        r"(?:\d{5}|\d{4} ) {2,5}\d{3,4} {6}(?:\d\.\d\d|----) {7}(?:\d\.\d\d|----) {5}"
        r"(?=.{22}\S)\S.{21}\S.*"  # zone and location: `Lwr. Salt River Lakes` leaves one space
    )
    real, simulated = _list_lines()
    for line in (*real[10:], *simulated[10:]):
        assert shape.fullmatch(line), line
    widths = [len(line) - len(line.rstrip()) for line in simulated[10:]]
    assert 0 in widths and max(widths) > 20  # some rows are padded and some are not


def _list_lines() -> tuple[list[str], list[str]]:
    real = (MCFCD / "ev_rain.txt").read_bytes()
    climate = create_climate(gauges=332, first_water_year=2025)
    simulated = write_gauge_list(climate, climate.observed_at, duplicate_id=True)
    assert real.endswith(b"\n") and simulated.endswith(b"\n")
    assert b"\r" not in real + simulated
    real_lines, simulated_lines = (text.decode("ascii").split("\n")[:-1] for text in (real, simulated))
    return real_lines, simulated_lines


def test_the_list_has_the_duplicate_id_and_the_silent_gauge_when_ordered() -> None:
    climate = create_climate(gauges=12)
    ids = [
        line[54:60].strip()
        for line in write_gauge_list(climate, climate.observed_at).decode().splitlines()[10:]
    ]
    assert sorted(ids) == sorted(gauge.station_id for gauge in climate.gauges)
    doubled = write_gauge_list(climate, climate.observed_at, duplicate_id=True).decode().splitlines()
    assert doubled[10][54:60] == doubled[11][54:60]
    assert doubled[11].startswith("Sycamore FRS #3")
    assert sum("----       ----" in line for line in doubled[10:]) == 1
