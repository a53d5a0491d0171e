"""Moments as seconds and days since 1970, before it too: fast to reckon with, and how to write them."""

from datetime import UTC, date, datetime, timedelta

DAY = 86400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def instant(seconds: int) -> datetime:
    """Return an aware UTC time. (`fromtimestamp` knows no time before 1970 on every system.)"""
    return _EPOCH + timedelta(seconds=seconds)


def microseconds_of(moment: datetime) -> int:
    """Return the microseconds from 1970 to an aware time. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def seconds_of(moment: datetime) -> int:
    """Return the whole seconds from 1970 to an aware time, rounded down. Raises ValueError if naive."""
    return microseconds_of(moment) // 1_000_000


def day_of(day: date) -> int:
    """Return the days from 1970 to a date."""
    return day.toordinal() - _EPOCH_DAY


def date_of(day: int) -> date:
    """Return the date of a day since 1970."""
    return date.fromordinal(day + _EPOCH_DAY)
