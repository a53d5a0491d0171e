"""Times that an operator writes, and days as a gauge has them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import typer


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time with its zone: a laptop and a stack rarely agree on which one is meant.

    Raises: typer.BadParameter.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time such as 2026-11-20T06:00Z") from error
    if time.tzinfo is None:
        raise typer.BadParameter(f"{text!r} lacks a time zone: write 2026-11-20T06:00Z for UTC")
    return time


def local_day(stamp: str, zone: ZoneInfo) -> date:
    """Return the day in that zone of an aware ISO 8601 time, as operations answer it."""
    return datetime.fromisoformat(stamp).astimezone(zone).date()
