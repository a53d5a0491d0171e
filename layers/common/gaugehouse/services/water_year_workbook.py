"""Read a water-year workbook, and decide of which day it is: the document itself does not say."""

from datetime import date

from gaugehouse.domain.documents import Download
from gaugehouse.domain.rain_book_subjects import read_water_year
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.sources.mcfcd.arizona_time import MOUNTAIN_STANDARD_TIME
from gaugehouse.sources.mcfcd.water_year import parse_water_year_workbook


def parse_water_year(download: Download, subject: str, newest: date) -> RainBook:
    """Read a workbook. It is of the day in Arizona when the agency last changed it, else when it came.

    None is newer than `newest`, nor than the day on which it came. Raises: DocumentInvalid.
    """
    stamps = [stamp for stamp in (download.last_modified, download.fetched_at) if stamp is not None]
    days = [stamp.astimezone(MOUNTAIN_STANDARD_TIME).date() for stamp in stamps]
    year = read_water_year(subject)
    return parse_water_year_workbook(
        download.content,
        water_year=year,
        file_name=f"pcp_WY_{year}.xlsx",
        document_date=min([*days, newest]),
    )
