"""Small FOPR workbooks, written with openpyxl in the agency's layout, and ways to damage them."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from openpyxl import Workbook

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.water_year import in_monsoon, water_year_end, water_year_start
from gaugehouse.sources.mcfcd.fopr import parse_fopr_workbook

MISSING = "_____"
Row = Sequence[object]

_META: dict[str, object] = {
    "A1": "FCDMC Official Precipitation Record",
    "P1": "Updated:",
    "Q1": date(2024, 12, 19),
    "A3": "Station Name:",
    "B3": "Aztec Park",
    "O3": "Water Year",
    "P3": "Water-Year Precip. (in)",
    "Q3": "Monsoon Precip. (in)",
    "A4": "Gage ID # History:",
    "B4": "59700; 4695 prior to 2/20/2018",
    "A6": "Station Type:",
    "B6": "Rain",
    "A7": "Years Since Installation:",
    "B7": 26.64,
    "C7": "as of",
    "D7": date(2024, 10, 1),
    "A8": "Data Begins:",
    "B8": date(1998, 2, 9),
    "A9": "In or Nearest City/Town:",
    "B9": "Scottsdale",
    "A10": "County:",
    "B10": "Maricopa",
    "A11": "Latitude:",
    "B11": "33\u00b0 36\u2019 36.2\u201d",
    "C11": 33.61006,
    "A12": "Longitude:",
    "B12": "111\u00b0 51\u2019 55.6\u201d",
    "C12": -111.86545,
    "A13": "Elevation:",
    "B13": "1,465 ft.",
    "A14": "Location:",
    "B14": "Near Thunderbird & Frank Lloyd Wright",
    "A15": "Average Annual Precipitation for 26 Complete Years (in):",
    "D15": 7.4803,
    "A16": "Data - Incomplete Months:",
    "B16": "None",
    "A17": "Data - Missing Months:",
    "B17": "None",
    "A18": "Remarks:",
    "B18": "Records Good",
    "B25": "1 inch in 24 hours:",
    "C25": 35,
    "A31": "Greatest 15-min. total:",
    "B31": 0.91,
    "C31": date(2005, 8, 2),
    "D31": 20,
}
DOWNTIME_HEADER = (
    "Gage ID",
    "Start Date/Time",
    "Start Count",
    "End Date/Time",
    "End Count",
    "Days Down",
    "Cause",
    "Notes",
    "1=OK 2=Inc. 3=Est.",
)
FREQ_HEADER = ("YEAR", "15 MIN", "DATE", "1 HOUR ", "DATE")


def workbook(
    *,
    years: Mapping[str, Sequence[Row]] | None = None,
    meta: Mapping[str, object] | None = None,
    downtime: Sequence[Row] = (),
    downtime_header: Row = DOWNTIME_HEADER,
    frequency: Sequence[Row] = (),
    without: Sequence[str] = (),
) -> bytes:
    """Write a workbook; `meta` replaces single cells of Meta_Stats, `without` leaves sheets out."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Meta_Stats")
    for name, value in {**_META, **(meta or {})}.items():
        sheet[name] = value
    for title, rows in (
        ("DownTime", [downtime_header, *downtime]),
        ("FREQ", [("", "", "", "Maximum Recorded Precipitation Amounts"), FREQ_HEADER, *frequency]),
        *({"2023": year_rows(2023)} if years is None else years).items(),
    ):
        written = book.create_sheet(title)
        for row in rows:
            written.append([None if cell == "" else cell for cell in row])
    for title in without:
        book.remove(book[title])
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook's bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def year_rows(
    water_year: int, values: Mapping[date, object] | None = None, *, otherwise: object = 0.0
) -> list[Row]:
    """Return a year's sheet: every day with its value, and the footer with the true totals."""
    first, last = water_year_start(water_year), water_year_end(water_year)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    rows: list[Row] = [(day, (values or {}).get(day, otherwise)) for day in days]
    numbers = [(day, value) for day, value in rows if isinstance(day, date) and isinstance(value, float)]
    total = sum(value for _, value in numbers)
    return [*rows, ("", total, sum(value for day, value in numbers if in_monsoon(day)))]


def outage(start: object, end: object, cause: str = "Battery", notes: str = "", code: object = 1) -> Row:
    """Return a row of DownTime."""
    days = (end - start).days if isinstance(start, datetime) and isinstance(end, datetime) else ""
    return (59700, start, 102, end, 102, days, cause, notes, code)


def parse(content: bytes) -> FullRecord:
    """Parse a workbook as the one of gauge 59700."""
    return parse_fopr_workbook(content, station_id="59700", file_name="59700_FOPR.xlsx")


def with_part(content: bytes, name: str, edit: Callable[[bytes], bytes]) -> bytes:
    """Rewrite one member of a workbook."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        assert name in old.namelist()
        for member in old.namelist():
            part = old.read(member)
            new.writestr(member, edit(part) if member == name else part)
    return stream.getvalue()
