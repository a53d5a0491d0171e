"""Arizona's clock: UTC-7 the whole year, without daylight saving. Every stamp of the agency is in it."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

MOUNTAIN_STANDARD_TIME = timezone(timedelta(hours=-7))
# Beyond these years a stamp is a slip of the keyboard, and close to year 1 or 9999 it cannot be converted.
FIRST_YEAR, LAST_YEAR = 1850, 2200
# The agency's short names, in the order of the calendar.
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_CLOCK = re.compile(r"(\d{1,2}):?(\d{2})")


def to_utc(local: datetime) -> datetime:
    """Turn a naive Arizona time into an aware UTC one."""
    return local.replace(tzinfo=MOUNTAIN_STANDARD_TIME).astimezone(UTC)


def day_start(day: date) -> datetime:
    """Return the local midnight that begins `day`, aware, UTC."""
    return to_utc(datetime.combine(day, time.min))


def read_day(month: str, day: str, year: str) -> date | None:
    """Make a date of three numbers as text; a two-digit year is between 1970 and 2069."""
    number = int(year)
    if len(year) <= 2:
        number += 1900 if number >= 70 else 2000
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def at_clock(day: date, clock: str) -> datetime | None:
    """Put `1418`, `918` or `14:18` on `day`, naive; `2400` is the midnight that ends it."""
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        return None
    hours, minutes = int(match[1]), int(match[2])
    if minutes > 59 or hours > 24 or (hours == 24 and minutes):
        return None
    return datetime.combine(day, time.min) + timedelta(hours=hours, minutes=minutes)
