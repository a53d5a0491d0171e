"""The agency's notes on an outage: which days they call assigned or estimated.

`Assigned 15mm to 6/24`, `Estimated 5mm for 7/14 and 12mm for 7/15`, `Est. 3 mm on 6/24-6/26`, `estimated
10mm for events on the 15, 16 & 17th`. Days come without a year, and sometimes without a month, which the
outage's own span tells. Reading stops at the first word that does not belong to
such a statement, so that `Estimated 5mm for 7/14, gauge reset on 7/16` names one day only.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from gaugehouse.domain.rainfall import Quality
from gaugehouse.sources.mcfcd.arizona_time import read_day

# A note may name a day somewhat before or after the outage; further off it is another year's.
_REACH = timedelta(days=31)
_LONGEST_RANGE_DAYS = 366
_MAX_NOTE_LENGTH = 2_000

_VERB = re.compile(r"\b(?:(assign(?:ed|ing|s)?)|est(?:imat(?:ed?|es|ing|ions?))?)\b\.?", re.IGNORECASE)
_DENIED = re.compile(
    r"(?:\b(?:no|not|never|unable to|could not|cannot)|n[\u2019']t)(?:\s+be)?\s*$", re.IGNORECASE
)
_UNIT = r"(?:mm|millimet(?:er|re)s?|in(?:ch(?:es)?)?|counts?|tips?|[\"\u201d\u2033])"
_DAY_NUMBER = rf"(\d{{1,2}})(?:st|nd|rd|th)?(?![\d/:]|\.\d)(?!\s*{_UNIT}(?![a-z]))(?!\s*(?:for|to|on)\b)"
_DATE = r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])"
_TOKEN = re.compile(
    rf"""(?P<date>{_DATE})
    | (?P<amount>~?(?:\d+(?:\.\d+)?|\.\d+)\s*{_UNIT}?(?![\w/]))
    | (?P<range>[-\u2013\u2014]|\bthrough\b|\bthru\b|\bto\b)
    | (?P<word>\b(?:for|on|over|from|between|during|of|and|at|the|a|an|each|per|about|approx(?:imately)?|
        total(?:s|ing)?|daily|day|days|date|dates|storms?|events?|rain|rainfall|distribution|
        precip(?:itation)?|values?|amounts?|was|were|is|are|as|in|mm)\b\.?)
    | (?P<mark>[\s,;()&+.]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_DATE_ONLY = re.compile(_DATE)
_BARE_DAY = re.compile(_DAY_NUMBER, re.IGNORECASE)
_ARTICLE = re.compile(r"\bthe\s+$", re.IGNORECASE)


class NamedDay(NamedTuple):
    """A day that a note names, and what it says of the day's value."""

    day: date
    quality: Quality


def days_named(notes: str | None, first: date, last: date) -> tuple[NamedDay, ...]:
    """Return the days that `notes` call assigned or estimated; `first` to `last` is the outage's span."""
    if not notes:
        return ()
    text = notes[:_MAX_NOTE_LENGTH]
    named: dict[date, NamedDay] = {}
    for verb in _VERB.finditer(text):
        if _DENIED.search(text[: verb.start()]):
            continue
        quality = Quality.ASSIGNED if verb[1] else Quality.ESTIMATED
        for day in _days_after(text, verb.end(), first, last):
            named.setdefault(day, NamedDay(day, quality))
    return tuple(named.values())


def _days_after(text: str, position: int, first: date, last: date) -> Iterator[date]:
    """Read tokens from `position` on, as long as they belong to the statement, and yield its days."""
    previous: date | None = None
    in_range = False
    while True:
        day, end = _day_at(text, position, previous, first, last)
        if end > position:
            if day is not None:
                yield from _range(previous, day) if in_range and previous else (day,)
            previous, in_range, position = day, False, end
            continue
        token = _TOKEN.match(text, position)
        if token is None:
            return
        if token["range"]:
            in_range = True
        elif not token["mark"]:
            in_range = False
        position = token.end()


def _day_at(
    text: str, position: int, previous: date | None, first: date, last: date
) -> tuple[date | None, int]:
    """Read a date, or a day number that goes on from `previous` (`6/24, 25`); the end is where it stood.

    The first day may be a number too (`the 15th`), where the outage lies within one month.
    """
    if match := _DATE_ONLY.match(text, position):
        return _resolve(match[1], match[2], match[3], first, last), match.end()
    begun = previous or (first if first.replace(day=1) == last.replace(day=1) else None)
    goes_on = previous is not None or _ARTICLE.search(text[max(0, position - 10) : position])
    if goes_on and begun is not None and (bare := _BARE_DAY.match(text, position)):
        return _resolve(str(begun.month), bare[1], None, first, last), bare.end()
    return None, position


def _resolve(month: str, day: str, year: str | None, first: date, last: date) -> date | None:
    """Choose the year that brings the day into the outage's span, or nearest to it."""
    if year is not None:
        return read_day(month, day, year)
    candidates = (read_day(month, day, str(number)) for number in range(first.year - 1, last.year + 2))
    near = [found for found in candidates if found is not None and first - _REACH <= found <= last + _REACH]
    return min(near, key=lambda found: (max(first - found, found - last, timedelta(0)), found), default=None)


def _range(start: date, end: date) -> Iterator[date]:
    if start < end <= start + timedelta(days=_LONGEST_RANGE_DAYS):
        for offset in range(1, (end - start).days + 1):
            yield start + timedelta(days=offset)
    else:
        yield end
