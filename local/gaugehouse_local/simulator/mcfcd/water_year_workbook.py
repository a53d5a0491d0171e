"""Write `pcp_WY_{year}.xlsx`: a water year of every gauge, cell for cell where the agency puts it."""

from collections.abc import Collection, Sequence
from datetime import date
from statistics import median

from gaugehouse_local.simulator.mcfcd.fopr_content import sum_in_order
from gaugehouse_local.simulator.mcfcd.water_year_content import MonthPage
from gaugehouse_local.simulator.mcfcd.water_year_faults import BookFault
from gaugehouse_local.simulator.mcfcd.xlsx import Look, Sheet, Workbook, column_letters

_TITLE = "FCD of Maricopa County ALERT System"
_ID_ROW, _FIRST_ROW, _LAST_ROW, _TOTALS_ROW = 3, 4, 34, 35
_MARKS_ROW, _FOOTNOTES_ROW = 36, 37
_ANNUAL_FIRST_ROW, _ANNUAL_TOTALS_ROW = 5, 29


def write_water_year_workbook(
    pages: Sequence[MonthPage], water_year: int, faults: Collection[BookFault] = ()
) -> bytes:
    """Return the workbook's bytes; the same sheets give the same bytes."""
    workbook = Workbook()
    totals = {page.name: _write_month(workbook.sheet(page.name), page) for page in pages}
    beside = int(BookFault.WRONG_TOTAL in faults)
    _write_annual_totals(workbook.sheet("Annual_Totals"), pages, totals, water_year, beside)
    return workbook.content()


def _write_month(sheet: Sheet, page: MonthPage) -> list[float]:
    """Fill one sheet and return its row of totals."""
    sheet.put(("A", 1), f"{_TITLE}, Daily Precipitation Totals in Inches, {page.title:%B %Y}")
    _write_ids(sheet, page.ids)
    width = len(page.rows[0][1])
    for row in range(_FIRST_ROW, _LAST_ROW + 1):
        index = row - (_LAST_ROW + 1 - len(page.rows))  # the dates stand at the bottom
        day, values = page.rows[index] if index >= 0 else (None, [None] * width)
        sheet.put(("A", row), day, Look.DAY_NAMED)
        for column, value in enumerate(values):
            sheet.put((column_letters(column + 1), row), value, Look.HUNDREDTHS)
    sheet.put(("A", _TOTALS_ROW), "Totals:")
    totals = []
    for column in range(width):
        values = [values[column] for _, values in page.rows]
        totals.append(sum_in_order([value for value in values if isinstance(value, float)]))
        letters = column_letters(column + 1)
        formula = f"SUM({letters}{_FIRST_ROW}:{letters}{_LAST_ROW})"
        sheet.put((letters, _TOTALS_ROW), totals[-1], Look.HUNDREDTHS, formula)
    for column, mark in page.marks.items():
        sheet.put((column_letters(column + 1), _MARKS_ROW), mark)
    sheet.put(("A", _FOOTNOTES_ROW), "Footnotes:")
    for row, text in enumerate(page.footnotes, _FOOTNOTES_ROW + 1):
        sheet.put(("B", row), text)
    return totals


def _write_ids(sheet: Sheet, ids: Sequence[int | str]) -> None:
    sheet.put(("A", _ID_ROW), "Gage ID --->")
    for column, station_id in enumerate(ids, 1):
        sheet.put((column_letters(column), 2), column)
        sheet.put((column_letters(column), _ID_ROW), station_id)


def _write_annual_totals(
    sheet: Sheet,
    pages: Sequence[MonthPage],
    totals: dict[str, list[float]],
    water_year: int,
    beside: int,
) -> None:
    """Fill the sheet of the year. `beside` 1 makes the first gauge's formulas point to the second one."""
    sheet.put(("A", 1), f"{_TITLE}, Annual Precipitation Totals in Inches, Water-Year {water_year}")
    _write_ids(sheet, pages[0].ids)
    width = len(pages[0].ids)
    years = [0.0] * width
    for page in pages:
        row = _ANNUAL_FIRST_ROW + 2 * _place_in_year(page.title)
        sheet.put(("A", row), f"{page.title:%b %Y}".upper())
        for column in range(width):
            source = min(beside, width - 1) if column == 0 else column
            total = totals[page.name][source]
            years[column] += total
            formula = f"{page.name}!{column_letters(source + 1)}{_TOTALS_ROW}"
            sheet.put((column_letters(column + 1), row), total, Look.HUNDREDTHS, formula)
    sheet.put(("A", _ANNUAL_TOTALS_ROW), "Totals:")
    for column, total in enumerate(years):
        letters = column_letters(column + 1)
        formula = f"SUM({letters}4:{letters}{_ANNUAL_TOTALS_ROW - 1})"
        sheet.put((letters, _ANNUAL_TOTALS_ROW), total, Look.HUNDREDTHS, formula)
    every = f"B{_ANNUAL_TOTALS_ROW}:{column_letters(width)}{_ANNUAL_TOTALS_ROW}"
    sheet.put(("A", 31), "Average:")
    sheet.put(("B", 31), sum_in_order(years) / width, Look.HUNDREDTHS, f"AVERAGE({every})")
    sheet.put(("A", 33), "Median:")
    sheet.put(("B", 33), median(years), Look.HUNDREDTHS, f"MEDIAN({every})")


def _place_in_year(month: date) -> int:
    """Return 0 for September, 1 for August, and 11 for October."""
    return (9 - month.month) % 12
