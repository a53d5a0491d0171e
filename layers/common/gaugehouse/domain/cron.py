"""AWS's cron expressions: six fields, minutes, hours, day of month, month, day of week, year.

Pure. One of the two day fields is `?`. Sunday is 1. Besides lists, ranges and steps there are `L` (the last
day), `15W` (the weekday nearest to the 15th), `6L` (the last Friday) and `2#1` (the first Monday).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
FRIDAY = 4  # as `date.weekday` counts


@dataclass(frozen=True, slots=True)
class Cron:
    """A parsed expression. The day fields stay text, since what they mean depends on the month."""

    minutes: frozenset[int]
    hours: frozenset[int]
    day_of_month: str
    months: frozenset[int]
    day_of_week: str
    years: frozenset[int]

    def has_day(self, day: date) -> bool:
        """Whether anything is due on this day."""
        if day.year not in self.years or day.month not in self.months:
            return False
        return _fits_month_day(self.day_of_month, day) and _fits_week_day(self.day_of_week, day)


def parse_cron(text: str) -> Cron:
    """Read the inside of `cron(…)`. Raises: ValueError that names the field."""
    fields = text.upper().split()
    if len(fields) != 6:
        raise ValueError(f"cron({text}) must have six fields, not {len(fields)}")
    minutes, hours, day_of_month, months, day_of_week, years = fields
    if (day_of_month == "?") == (day_of_week == "?"):
        raise ValueError(f"cron({text}) must have `?` in one of its two day fields, and not in both")
    cron = Cron(
        minutes=_numbers("minutes", minutes, 0, 59),
        hours=_numbers("hours", hours, 0, 23),
        day_of_month=day_of_month,
        months=_numbers("month", _named(months, MONTHS), 1, 12),
        day_of_week=_named(day_of_week, WEEKDAYS),
        years=_numbers("year", years, 1970, 2199),
    )
    cron.has_day(date(min(cron.years), min(cron.months), 1))  # reads the day fields, too
    return cron


def _named(field: str, names: list[str]) -> str:
    return re.sub("|".join(names), lambda found: str(names.index(found[0]) + 1), field)


def _numbers(name: str, field: str, low: int, high: int) -> frozenset[int]:
    numbers: set[int] = set()
    for part in field.split(","):
        found = re.fullmatch(r"(?:(\*)|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
        if found is None:
            raise ValueError(f"{name} has {part!r}, which is no number, range or step")
        anything, first, last, step = found.groups()
        start = low if anything else int(first)
        # `5/10` runs to the end of the field, `5` is itself only.
        end = int(last) if last else high if anything or step else start
        if not (low <= start <= end <= high) or step == "0":
            raise ValueError(f"{name} has {part!r}, which is not within {low}-{high}")
        numbers.update(range(start, end + 1, int(step or 1)))
    return frozenset(numbers)


def _fits_month_day(field: str, day: date) -> bool:
    if field == "?":
        return True
    length = calendar.monthrange(day.year, day.month)[1]
    if field == "L":
        return day.day == length
    nearest = re.fullmatch(r"(\d+)W", field)
    if nearest is not None and 1 <= int(nearest[1]) <= 31:
        return int(nearest[1]) <= length and day == _nearest_weekday(day.replace(day=int(nearest[1])))
    return day.day in _numbers("day of month", field, 1, 31)


def _nearest_weekday(day: date) -> date:
    step = {FRIDAY + 1: -1, FRIDAY + 2: 1}.get(day.weekday(), 0)
    nearest = day + timedelta(days=step)
    if nearest.month != day.month:  # it never leaves the month: the 1st on a Saturday means Monday the 3rd
        nearest = day + timedelta(days=-2 * step)
    return nearest


def _fits_week_day(field: str, day: date) -> bool:
    if field == "?":
        return True
    weekday = day.isoweekday() % 7 + 1
    last = re.fullmatch(r"([1-7])L", field)
    if last is not None:
        return weekday == int(last[1]) and (day + timedelta(days=7)).month != day.month
    ordinal = re.fullmatch(r"([1-7])#([1-5])", field)
    if ordinal is not None:
        return weekday == int(ordinal[1]) and (day.day - 1) // 7 + 1 == int(ordinal[2])
    return weekday in _numbers("day of week", field, 1, 7)
