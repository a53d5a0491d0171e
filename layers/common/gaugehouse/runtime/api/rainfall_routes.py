"""Daily rainfall of a gauge: by day, month and water year, and what is normal for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from gaugehouse.domain.water_year import water_year_of, water_year_start
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.parameters import StationId
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.spans import FromDay, ToDay, day_span
from gaugehouse.runtime.api.tables import csv_items
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.store import rain_spans
from gaugehouse.store.rain_spans import DaySpan, NormalDay, RainDay, RainMonth, RainWaterYear

router = new_router()
MOST_ITEMS = 40_000  # a century of days: what an answer of a Lambda can hold
CURRENT_SECONDS = 60
CLOSED_SECONDS = 86_400  # of a water year that is over only a newer document can change anything
INCHES: Literal["in"] = "in"


class Interval(StrEnum):
    """By what rainfall is summed up."""

    DAY = "day"
    MONTH = "month"
    WATER_YEAR = "water_year"


READ: dict[Interval, Callable[..., Sequence[Any]]] = {
    Interval.DAY: rain_spans.days,
    Interval.MONTH: rain_spans.months,
    Interval.WATER_YEAR: rain_spans.water_years,
}
ITEMS: dict[Interval, Any] = {
    Interval.DAY: RainDay,
    Interval.MONTH: RainMonth,
    Interval.WATER_YEAR: RainWaterYear,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rainfall:
    """Rainfall of a span in inches. Days without a value are not among the items."""

    station_id: str
    time_zone: str
    interval: Interval
    unit: Literal["in"] = INCHES
    items: Sequence[RainDay] | Sequence[RainMonth] | Sequence[RainWaterYear]


@router.get(
    "/gauges/<station_id>/rainfall",
    tags=["rainfall"],
    responses=described(Rainfall, "Rainfall, oldest first", other=(CSV,)),
)
def get_rainfall(
    station_id: StationId,
    first: FromDay = None,
    last: ToDay = None,
    interval: Annotated[
        Interval, Query(description="Sums of whole months or water years that have a day in the span")
    ] = Interval.DAY,
) -> Response[str]:
    """Give the daily rainfall of a span, or the totals of its months or water years; of all unless told."""
    form = wanted_form(router, JSON, CSV)
    span = day_span(first, last)
    conn = connection_of(router)
    gauge = known_gauge(conn, station_id)
    items = READ[interval](conn, gauge.station_id, span, limit=MOST_ITEMS + 1)
    if len(items) > MOST_ITEMS:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"There are more than {MOST_ITEMS:,} days: send a span of at most a century with from and to.",
        )
    max_age = cache_seconds(span.last, is_told=_is_told(interval, items, span))
    if form == CSV:
        return csv_items(ITEMS[interval], items, max_age=max_age)
    answer = Rainfall(station_id=gauge.station_id, time_zone=gauge.time_zone, interval=interval, items=items)
    return json_answer(answer, max_age=max_age)


def _is_told(interval: Interval, items: Sequence[Any], span: DaySpan) -> bool:
    """Say whether surely no document is still to tell of a day in the answer."""
    if interval is not Interval.DAY:
        return bool(items) and not any(item.days_untold for item in items)
    if span.first is None or span.last is None:
        return False
    return len(items) == (span.last - span.first).days + 1


def cache_seconds(last: date | None, *, is_told: bool) -> int:
    """Return how long an answer about days until `last` may be kept: briefly while documents are to come."""
    is_closed = last is not None and last < water_year_start(water_year_of(datetime.now(UTC).date()))
    return CLOSED_SECONDS if is_closed and is_told else CURRENT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Normals:
    """What is normal: the water year's running total by day, over its complete years, in inches."""

    station_id: str
    unit: Literal["in"] = INCHES
    items: Sequence[NormalDay]


@router.get(
    "/gauges/<station_id>/normals",
    tags=["rainfall"],
    responses=described(Normals, "A row for each day of the water year", other=(CSV,)),
)
def get_normals(station_id: StationId) -> Response[str]:
    """Give median, 10th and 90th percentile of the water year's running total, day by day of 366.

    Only complete water years count; there is no row while no water year is complete.
    """
    form = wanted_form(router, JSON, CSV)
    conn = connection_of(router)
    known = known_gauge(conn, station_id).station_id
    items = rain_spans.normals(conn, known)
    max_age = CLOSED_SECONDS if items else CURRENT_SECONDS
    if form == CSV:
        return csv_items(NormalDay, items, max_age=max_age)
    return json_answer(Normals(station_id=known, items=items), max_age=max_age)
