"""Read the times that the modern services are asked for: instants, intervals, durations."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from gaugehouse_local.simulator.usgs.epoch import day_of, microseconds_of
from gaugehouse_local.simulator.usgs.refusals import invalid_value

MICROSECONDS = 1_000_000
_DURATION = re.compile(
    r"P(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
_DAYS_OF = {"years": 365.0, "months": 30.0, "weeks": 7.0, "days": 1.0}
_SECONDS_OF = {"hours": 3600, "minutes": 60, "seconds": 1}


class Span(NamedTuple):
    """From `start` up to `end`, both inclusive, in microseconds (or days) since 1970; None is open."""

    start: int | None
    end: int | None


EVER = Span(None, None)


def read_span(text: str, now: int) -> Span:
    """Read `2026-01-01T00:00:00Z`, `a/b`, `a/..`, `../b` or `PT12H` (until `now`, in seconds).

    Raises Refused for anything else.
    """
    return _read(text, now * MICROSECONDS, _moment, lambda length: length // timedelta(microseconds=1))


def read_days(text: str, today: int) -> Span:
    """Read `2026-01-01`, `a/b`, `a/..`, `../b` or `P7D` (until `today`), in days since 1970.

    Raises Refused for anything else.
    """
    return _read(text, today, _day, lambda length: length.days)


def _read(text: str, now: int, moment: Callable[[str], int], units: Callable[[timedelta], int]) -> Span:
    if text.startswith("P"):
        return Span(now - units(_duration(text)), now)
    first, slash, last = text.partition("/")
    if not slash:
        return Span(moment(text), moment(text))
    start, end = (None if part in {"", ".."} else moment(part) for part in (first, last))
    if start is not None and end is not None and start > end:
        raise invalid_value("datetime parameter out of range: its end lies before its start")
    return Span(start, end)


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    parts = {name: int(part) for name, part in (match.groupdict() if match else {}).items() if part}
    if not parts:
        raise invalid_value(f"datetime parameter out of range: {text} is no duration")
    days = sum(length * parts.get(name, 0) for name, length in _DAYS_OF.items())
    return timedelta(
        days=days, seconds=sum(length * parts.get(name, 0) for name, length in _SECONDS_OF.items())
    )


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        return microseconds_of(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    except (ValueError, OverflowError):
        # `+00:00` comes here where its plus was sent bare: in a query that is a space.
        raise invalid_value(f"datetime parameter out of range: {text!r} is no RFC 3339 time") from None


def _day(text: str) -> int:
    try:
        return day_of(datetime.fromisoformat(text).date())
    except ValueError:
        raise invalid_value(f"datetime parameter out of range: {text!r} is no date") from None
