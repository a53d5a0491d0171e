"""Where Maricopa County keeps its documents."""

import re
from datetime import date
from typing import NamedTuple

from gaugehouse_local.simulator.agency import Request

GAUGE_LIST = "/alert/Rain/ev_rain.txt"
INTERVAL_REPORT = "/alert/Rain/prpt.txt"
TIPS = "/php/showdata4.php"
TIPS_BY_FORM = "/php/showdata2.php"
_STATION = re.compile(r"[0-9]{4,5}")
_ROWS = re.compile(r"[0-9]{1,6}")
_MONTHLY_PDF = re.compile(r"/alert/Rain/pcp(0[1-9]|1[0-2])([0-9]{2})\.pdf")
_WATER_YEAR = re.compile(r"/alert/Rain/pcp_WY_([0-9]{4})\.xlsx")
_FOPR = re.compile(r"/alert/Rain/FOPR/([0-9]{4,5})_FOPR\.xlsx")


def fopr_path(station_id: str) -> str:
    """Return the path of a gauge's workbook."""
    return f"/alert/Rain/FOPR/{station_id}_FOPR.xlsx"


def water_year_path(water_year: int) -> str:
    """Return the path of a water year's workbook."""
    return f"/alert/Rain/pcp_WY_{water_year}.xlsx"


def water_year_of_path(path: str) -> int | None:
    """Return the water year whose workbook a path names, or None where it names none."""
    match = _WATER_YEAR.fullmatch(path)
    return int(match[1]) if match else None


def fopr_station(path: str) -> str | None:
    """Return whose workbook a path names, or None where it names none."""
    match = _FOPR.fullmatch(path)
    return match[1] if match else None


def monthly_pdf_path(month: date) -> str:
    """Return the path of the PDF of the month in which `month` lies."""
    return f"/alert/Rain/pcp{month:%m%y}.pdf"


def monthly_pdf_month(path: str) -> date | None:
    """Return the first day of the month whose PDF a path names, or None where it names none."""
    match = _MONTHLY_PDF.fullmatch(path)
    if match is None:
        return None
    year = int(match[2])
    return date(year + (1900 if year >= 70 else 2000), int(match[1]), 1)


class TipsQuestion(NamedTuple):
    """Whose transmissions are asked for, how many rows, and on which of the two pages."""

    station_id: str
    rows: int
    by_form: bool


def tips_question(request: Request) -> TipsQuestion | None:
    """Read what a page of tips is asked for; None where it is not asked for, or not as it must be."""
    asked = request.parameters
    by_form = request.path == TIPS_BY_FORM
    if by_form and (request.method != "POST" or asked.get("ST") != "rain"):
        return None
    if not by_form and (request.path != TIPS or request.method == "POST"):
        return None
    station_id, rows = asked.get("ID1" if by_form else "ID", ""), asked.get("NM", "")
    if not _STATION.fullmatch(station_id) or not _ROWS.fullmatch(rows):
        return None
    return TipsQuestion(station_id, int(rows), by_form)
