"""What imports of rain books are called, and which of them a range of water years is made of.

MCFCD publishes a workbook for each water year from 2022 on, and a PDF for each month before.
"""

from datetime import date

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.domain.water_year import water_year_end

FIRST_WORKBOOK = 2022  # the first water year with a workbook
# A PDF's file name has two digits for its year; the flood district's first gauges are of the 1970s.
EARLIEST, LATEST = 1970, 2069


def read_water_year(subject: str) -> int:
    """Read the subject of a water-year import, `2023`.

    Raises: DocumentInvalid when it is no water year.
    """
    year = _number(subject, digits=4)
    if year is None or not EARLIEST <= year <= LATEST:
        raise DocumentInvalid(f"{Kind.WATER_YEAR} {subject}: not a water year, such as 2023")
    return year


def read_month(subject: str) -> date:
    """Read the subject of a monthly import, `2019-11`, and return the first day of that month.

    Raises: DocumentInvalid when it is no month.
    """
    year, month = (_number(part, digits=digits) for part, digits in ((subject[:4], 4), (subject[5:], 2)))
    if year is None or month is None or subject[4] != "-":
        raise DocumentInvalid(f"{Kind.MONTHLY_PDF} {subject}: not a month, such as 2019-11")
    if not (EARLIEST <= year <= LATEST and 1 <= month <= 12):
        raise DocumentInvalid(f"{Kind.MONTHLY_PDF} {subject}: not a month of {EARLIEST} to {LATEST}")
    return date(year, month, 1)


def water_year_request(water_year: int) -> ImportRequest:
    """Return the wish for the workbook of a water year."""
    return ImportRequest(kind=Kind.WATER_YEAR, subject=f"{water_year}")


def month_request(month: date) -> ImportRequest:
    """Return the wish for the PDF of the month that this day is in."""
    return ImportRequest(kind=Kind.MONTHLY_PDF, subject=f"{month:%Y-%m}")


def requests_for(first_water_year: int, last_water_year: int) -> list[ImportRequest]:
    """Return the wishes for everything that was published of these water years, in the order of time.

    A water year before 2022 is twelve PDFs, October to September.
    """
    requests = []
    for year in range(first_water_year, last_water_year + 1):
        if year >= FIRST_WORKBOOK:
            requests.append(water_year_request(year))
        else:
            requests += [month_request(month) for month in months_of(year)]
    return requests


def months_of(water_year: int) -> list[date]:
    """Return the first days of its twelve months, October to September."""
    last = water_year_end(water_year).year
    return [date(last - (month >= 10), month, 1) for month in (10, 11, 12, *range(1, 10))]


def data_source_of(kind: Kind, subject: str) -> str:
    """Return the data source that rows and gaps of this document name: `excel_WY_2023`, `pdf_1119`."""
    if kind is Kind.WATER_YEAR:
        return f"excel_WY_{read_water_year(subject)}"
    return f"pdf_{read_month(subject):%m%y}"


def _number(text: str, *, digits: int) -> int | None:
    return int(text) if len(text) == digits and text.isascii() and text.isdigit() else None
