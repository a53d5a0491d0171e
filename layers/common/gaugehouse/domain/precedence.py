"""How much a document of daily rainfall counts against another one that speaks of the same day.

Official documents come before the live one, newer ones before older ones, and of two with one date the one
with the higher standing wins. `store/rain_readings.py` carries it out.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import IntEnum

FOPR_SOURCE = "fopr"
LIVE_SOURCE = "live_scrape"
PDF_PREFIX = "pdf_"


class Standing(IntEnum):
    """Kinds of documents, in the order in which they win a tie."""

    LIVE = 0  # gives way to anything official, whatever the dates
    PDF = 1  # two decimals: never replaces a workbook's number that rounds to its own
    WORKBOOK = 2
    FULL_RECORD = 3


def standing_of(data_source: str) -> Standing:
    """Return the standing of a document by its source: `fopr`, `excel_WY_2023`, `pdf_1119`, `live_scrape`."""
    if data_source.startswith(PDF_PREFIX):
        return Standing.PDF
    return {FOPR_SOURCE: Standing.FULL_RECORD, LIVE_SOURCE: Standing.LIVE}.get(data_source, Standing.WORKBOOK)


def spans_of(days: Sequence[date]) -> list[tuple[date, date]]:
    """Return the runs of these ascending days, each as its first day and the day after its last."""
    if not days:
        return []
    after = days[-1] + timedelta(days=1)
    if len(days) == (after - days[0]).days:  # no hole: most documents, and some have ten thousand days
        return [(days[0], after)]
    spans = []
    first, last = days[0], days[0].toordinal()
    for day in days[1:]:
        number = day.toordinal()
        if number != last + 1:
            spans.append((first, date.fromordinal(last + 1)))
            first = day
        last = number
    spans.append((first, after))
    return spans
