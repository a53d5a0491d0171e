"""Faults that a monthly PDF can have. Each was seen in real documents, or is feared of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from enum import StrEnum

from gaugehouse_local.simulator.mcfcd.monthly_pdf import write_monthly_pdf
from gaugehouse_local.simulator.mcfcd.monthly_pdf_content import MonthPage, Row

FAULT_ROW = 3  # where a fault hits one row, it is the fourth from the top of the first page
UNKNOWN_GAUGE = "99900"  # no simulated gauge has it


class MonthFault(StrEnum):
    """One named fault of a month's PDF. Where it hits one value, that is the first of the fourth row."""

    MISSING_ROW = "missing_row"  # as on page 40 of November 2019
    REPEATED_DATE = "repeated_date"  # the row carries the date of the row above it
    SHIFTED_ROW = "shifted_row"  # the row's values stand one column to the right
    BLANK_CELL = "blank_cell"
    TEXT_VALUE = "text_value"  # `trace`
    NEGATIVE_VALUE = "negative_value"
    ABSURD_VALUE = "absurd_value"  # 1250 inches in a day
    TWENTY_INCHES = "twenty_inches"
    OTHER_MONTH = "other_month"  # every row carries a date of the year before
    TEXT_IN_ID = "text_in_id"  # `597OO`
    GAUGE_TWICE = "gauge_twice"  # the second column carries the first one's id
    WRONG_TOTAL = "wrong_total"  # an inch more than the first gauge's days add up to
    NO_TOTALS = "no_totals"
    UNKNOWN_GAUGE_NOTE = "unknown_gauge_note"
    MILLIMETRES = "millimetres"  # what the values of every page are called
    EMPTY_PAGE = "empty_page"  # one before the others
    TURNED_PAGES = "turned_pages"  # drawn sideways on turned paper
    ENCRYPTED = "encrypted"


def write_faulty_pdf(pages: Collection[MonthPage], faults: Collection[MonthFault]) -> bytes:
    """Return the bytes of a document that has these faults."""
    spoiled = list(pages)
    for fault in MonthFault:
        if fault in faults and fault in _OF_THE_FIRST_PAGE:
            spoiled[0] = _OF_THE_FIRST_PAGE[fault](spoiled[0])
    if MonthFault.OTHER_MONTH in faults:
        spoiled = [_a_year_earlier(page) for page in spoiled]
    return write_monthly_pdf(
        spoiled,
        unit="mm" if MonthFault.MILLIMETRES in faults else "inches",
        empty_page_first=MonthFault.EMPTY_PAGE in faults,
        turned=MonthFault.TURNED_PAGES in faults,
        password="secret" if MonthFault.ENCRYPTED in faults else None,
    )


def _with_row(page: MonthPage, row: Row) -> MonthPage:
    return replace(page, rows=(*page.rows[:FAULT_ROW], row, *page.rows[FAULT_ROW + 1 :]))


def _with_value(value: str) -> Callable[[MonthPage], MonthPage]:
    def spoil(page: MonthPage) -> MonthPage:
        row = page.rows[FAULT_ROW]
        return _with_row(page, replace(row, cells=(value, *row.cells[1:])))

    return spoil


def _with_first_id(page: MonthPage, station_id: str) -> MonthPage:
    return replace(page, station_ids=(station_id, *page.station_ids[1:]))


def _a_year_earlier(page: MonthPage) -> MonthPage:
    rows = tuple(replace(row, date=f"{row.date[:6]}{int(row.date[6:]) - 1:02}") for row in page.rows)
    return replace(page, rows=rows)


def _without_row(page: MonthPage) -> MonthPage:
    return replace(page, rows=page.rows[:FAULT_ROW] + page.rows[FAULT_ROW + 1 :])


def _with_repeated_date(page: MonthPage) -> MonthPage:
    return _with_row(page, replace(page.rows[FAULT_ROW], date=page.rows[FAULT_ROW - 1].date))


def _with_shifted_row(page: MonthPage) -> MonthPage:
    row = page.rows[FAULT_ROW]
    return _with_row(page, replace(row, cells=("", *row.cells)))


def _with_wrong_total(page: MonthPage) -> MonthPage:
    return replace(page, totals=(f"{float(page.totals[0]) + 1:.2f}", *page.totals[1:]))


def _with_unknown_note(page: MonthPage) -> MonthPage:
    number = len(page.footnotes) + 1
    note = f"({number}) Gage {UNKNOWN_GAUGE} down from 01/02 12:00 (5) through 01/04 12:00 (5); no rain fell."
    return replace(page, footnotes=(*page.footnotes, note))


_OF_THE_FIRST_PAGE: Mapping[MonthFault, Callable[[MonthPage], MonthPage]] = {
    MonthFault.MISSING_ROW: _without_row,
    MonthFault.REPEATED_DATE: _with_repeated_date,
    MonthFault.SHIFTED_ROW: _with_shifted_row,
    MonthFault.BLANK_CELL: _with_value(""),
    MonthFault.TEXT_VALUE: _with_value("trace"),
    MonthFault.NEGATIVE_VALUE: _with_value("-0.12"),
    MonthFault.ABSURD_VALUE: _with_value("1250.00"),
    MonthFault.TWENTY_INCHES: _with_value("20.00"),
    MonthFault.TEXT_IN_ID: lambda page: _with_first_id(page, page.station_ids[0].replace("0", "O")),
    MonthFault.GAUGE_TWICE: lambda page: _with_first_id(page, page.station_ids[1]),
    MonthFault.WRONG_TOTAL: _with_wrong_total,
    MonthFault.NO_TOTALS: lambda page: replace(page, totals=(), footnotes=()),
    MonthFault.UNKNOWN_GAUGE_NOTE: _with_unknown_note,
}
