"""Spans of time as callers name them: local days, or moments."""

from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler.openapi.params import Query

from gaugehouse.domain.polling import Window
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.store.rain_spans import DaySpan

# Before any record of rain in the United States, and after anybody's plans.
FIRST_YEAR, LAST_YEAR = 1850, 2200
DEFAULT_WINDOW = timedelta(days=7)

_DAY = r"^\d{4}-\d{2}-\d{2}$"
_MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$"
FromDay = Annotated[
    str | None,
    Query(alias="from", pattern=_DAY, description="The first local day: 2024-10-01", examples=["2024-10-01"]),
]
ToDay = Annotated[
    str | None,
    Query(alias="to", pattern=_DAY, description="The last local day: 2025-09-30", examples=["2025-09-30"]),
]
FromMoment = Annotated[
    str | None,
    Query(
        alias="from",
        pattern=_MOMENT,
        description="The first moment (2024-10-01T06:00:00Z) or local day; else 7 days before the end",
        examples=["2024-10-01"],
    ),
]
ToMoment = Annotated[
    str | None,
    Query(
        alias="to",
        pattern=_MOMENT,
        description="The last moment (2024-10-01T06:00:00Z) or local day; else now",
        examples=["2024-10-07"],
    ),
]


def day_span(first: str | None, last: str | None) -> DaySpan:
    """Read a span of local days. Raises: RequestRefused."""
    span = DaySpan(first=_day("from", first), last=_day("to", last))
    _refuse_reversed(span.first, span.last)
    return span


def window(first: str | None, last: str | None, zone: ZoneInfo, *, now: datetime) -> Window:
    """Read a window of moments; a day means all of it, in the gauge's zone. Raises: RequestRefused."""
    end = _moment("to", last, zone, end_of_day=True) or now
    start = _moment("from", first, zone, end_of_day=False) or end - DEFAULT_WINDOW
    if last is None and start > now:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY, "from: is still to come; send one before now, or to as well."
        )
    _refuse_reversed(start, end)
    return Window(start, end)


def utc_span(span: DaySpan, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return when a span of local days begins and when it is over. Aware, UTC."""
    return (
        None if span.first is None else _midnight(span.first, zone),
        None if span.last is None else _midnight(span.last + timedelta(days=1), zone),
    )


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}: there is no day {text}; send one as 2024-10-01."
        ) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{name}: the year {day.year} is out of range; send one from {FIRST_YEAR} to {LAST_YEAR}.",
        )
    return day


def _moment(name: str, text: str | None, zone: ZoneInfo, *, end_of_day: bool) -> datetime | None:
    if text is None:
        return None
    day = _day(name, text[:10])
    if day is not None and len(text) == 10:
        next_day = _midnight(day + timedelta(days=1), zone)
        return next_day - timedelta(microseconds=1) if end_of_day else _midnight(day, zone)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{name}: there is no moment {text}; send one as 2024-10-01T06:00:00Z.",
        ) from error


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _refuse_reversed(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and first > last:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY, "from: is after to; send the earlier one as from."
        )
