"""Days and times in footnotes: `9/13 18:00`, `9/30 24:00`, `Aug. 13`, `?`. They have no year.

The year is the one that brings a footnote's span nearest to the month in whose page it stands: `12/28
through 1/03` begins the year before on January's page, and ends the year after on December's.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from gaugehouse.sources.mcfcd.arizona_time import MONTHS, at_clock, read_day

_NUMBERS = r"\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?"
_NAMED = rf"(?:{'|'.join(MONTHS)})[a-z]{{0,6}}\.?\s?\d{{1,2}}"
DAY = rf"(?:{_NUMBERS}|{_NAMED})(?![\d/])"
_DAY = timedelta(days=1)


class Page(NamedTuple):
    """The month on whose page a footnote stands: its first day, and the first day of the next month."""

    first: date
    after: date

    def distance(self, first: date, last: date) -> timedelta:
        """Return how far the days `first` to `last` lie from this month; zero where they touch it."""
        return max(self.first - last, first - self.after + _DAY, timedelta(0))


def page_of(month: date) -> Page:
    """Return the page of the month that `month` lies in."""
    first = month.replace(day=1)
    return Page(first, (first + timedelta(days=31)).replace(day=1))


def nearest_day(text: str | None, page: Page) -> date | None:
    """Return the day that a text names; None where it names none."""
    return min(_readings(text, page), key=lambda day: (page.distance(day, day), day), default=None)


def nearest_span(
    start: str | None, start_clock: str | None, end: str | None, end_clock: str | None, page: Page
) -> tuple[datetime | None, datetime | None]:
    """Return start and end, naive, Arizona time; None for what the text does not tell or cannot mean.

    Without a time of day, the span takes the whole of its first and of its last day.
    """
    starts, ends = _readings(start, page), _readings(end, page)
    pairs = [(first, last) for first in starts for last in ends if first <= last]
    if not pairs:
        first, last = nearest_day(start, page), nearest_day(end, page) if not starts else None
    else:
        first, last = min(pairs, key=lambda pair: (page.distance(*pair), pair[1] - pair[0], pair))
    begins = None if first is None else at_clock(first, start_clock or "") or _midnight(first)
    ends_at = None if last is None else at_clock(last, end_clock or "") or _midnight(last + _DAY)
    if begins is not None and ends_at is not None and ends_at <= begins:
        ends_at = None
    return begins, ends_at


def _readings(text: str | None, page: Page) -> Sequence[date]:
    """Return every day that a text without a year can mean, around the page's month."""
    if text is None:
        return ()
    if "/" in text:
        month, day, *year = text.split("/")
    else:
        month = str(MONTHS.index(text[:3].upper()) + 1)
        day, year = re.sub(r"\D", "", text), []
    years = year or [str(number) for number in range(page.first.year - 1, page.first.year + 2)]
    return [found for number in years if (found := read_day(month, day, number)) is not None]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
