"""What is a measurement, what is none, and what only looks like one: the rules of both services."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from math import inf, isfinite
from typing import Generic

from gaugehouse.domain.measurements import Moment

# The agency writes -999999 where it has nothing. Real values can be negative (a stage of -64.58 ft), but
# nothing that it measures comes near this.
LOWEST_VALUE = -999_000.0
HIGHEST_VALUE = inf  # itself excluded
# What its pages show in the place of a value, and its documents now and then have too.
PLACEHOLDERS = frozenset(
    {"ssn", "ice", "pr", "rat", "nd", "eqp", "fld", "dis", "dry", "bkw", "mnt", "ovr", "tst", "ukn"}
    | {"***", "--", "---", "-", "____", "null", "none", "n/a"}
)
UNKNOWN_AGE = datetime(1970, 1, 1, tzinfo=UTC)  # a value whose age is unknown gives way to any other
_FIRST_YEAR = 1800  # the agency's oldest record is of 1838; before that a time is a slip
_FIRST_RECORDER_YEAR = 1900  # what recorders drew before that was kept as daily values only
# Stricter than float(), which also takes 1_000 and the digits of every script.
_LONGEST_NUMBER = 400
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ]00:00(:00(\.0+)?)?)?", re.ASCII)


class NotAReading(Exception):
    """A value was dropped. `reason` is a snake_case word, `problem` says what is wrong with which field."""

    def __init__(self, reason: str, problem: str) -> None:
        super().__init__(problem)
        self.reason = reason
        self.problem = problem


def read_value(raw: object, qualifiers: Sequence[str] = (), no_data: float | None = None) -> float | None:
    """Return a finite number, or None where the agency says that there is none.

    None are: nothing, a sentinel (`no_data`, or below -999000), and a word in the value's place, be it a
    known one or one of its own `qualifiers`. Raises: NotAReading (`not_a_number`).
    """
    text = "" if raw is None else str(raw).strip()
    word = text.casefold()
    if not text or word in PLACEHOLDERS or word in (qualifier.casefold() for qualifier in qualifiers):
        return None
    value = float(text) if len(text) < _LONGEST_NUMBER and _NUMBER.fullmatch(text) else inf
    if not isfinite(value):
        raise NotAReading("not_a_number", "its value is not a finite number")
    return None if value < LOWEST_VALUE or value == no_data else value


def read_instant(text: object) -> datetime:
    """Read a time with its offset as an aware UTC datetime. Raises: NotAReading."""
    try:
        if not isinstance(text, str) or not _INSTANT.fullmatch(text[:64]):
            raise ValueError
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise NotAReading("time_without_offset", "its time has no offset, so it is a time of nowhere")
        return _plausible(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        raise NotAReading("unreadable_time", "its time is none") from None


def read_reading_time(text: object) -> datetime:
    """Read the time of an instantaneous value, which is of 1900 or later. Raises: NotAReading."""
    return _plausible(read_instant(text), first_year=_FIRST_RECORDER_YEAR)


def read_day(text: object) -> date:
    """Read a local date, bare or as its midnight. Raises: NotAReading."""
    match = _DAY.fullmatch(text) if isinstance(text, str) else None
    try:
        if match is None:
            raise ValueError
        return _plausible(date.fromisoformat(match[1]))
    except ValueError:
        raise NotAReading("not_a_day", "its time is no bare date, as a daily value's should be") from None


def _plausible(moment: Moment, *, first_year: int = _FIRST_YEAR) -> Moment:
    if moment.year < first_year:
        raise NotAReading("implausible_time", f"its time lies before {first_year}")
    return moment


def read_modified(raw: object) -> datetime:
    """Read when a value was last changed, as aware UTC. Without offset it is UTC (the agency's habit)."""
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else UNKNOWN_AGE
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return UNKNOWN_AGE


class MomentNumbers(dict[str, int], Generic[Moment]):
    """A number for each moment, by its text. `moments` has the moments, by number.

    Thousands of series share one quarter of an hour, so each text is read once. Two texts of one moment
    have one number.
    """

    def __init__(self, read: Callable[[object], Moment], *, not_after: Moment | None) -> None:
        super().__init__()
        self.moments: list[Moment] = []
        self._read: Callable[[object], Moment] = read
        self._not_after: Moment | None = not_after
        self._numbers: dict[Moment, int] = {}

    def __missing__(self, text: str) -> int:
        """Read a text that was not seen before. Raises: NotAReading (also `from_the_future`)."""
        moment = self._read(text)
        if self._not_after is not None and moment > self._not_after:
            raise NotAReading(
                "from_the_future", "its time lies in the future; the gauge's clock may be wrong"
            )
        number = self._numbers.setdefault(moment, len(self.moments))
        if number == len(self.moments):
            self.moments.append(moment)
        self[text] = number
        return number
