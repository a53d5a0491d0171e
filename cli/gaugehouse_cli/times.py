"""Times that an operator writes."""

from datetime import datetime

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
