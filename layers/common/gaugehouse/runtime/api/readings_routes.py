"""Instantaneous readings of a gauge: all of a span, or as few as a plot needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from msgspec import Raw

from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.parameters import StationId
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.series_choice import Method, Parameter, meant_series
from gaugehouse.runtime.api.spans import FromMoment, ToMoment, window
from gaugehouse.runtime.api.tables import csv_answer
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.store import gauge_series
from gaugehouse.store.gauge_series import Reading, Wanted

router = new_router()
MOST_READINGS = 40_000  # more than a year at every quarter of an hour: what an answer of a Lambda can hold
LIVE_SECONDS = 30
SETTLED_SECONDS = 3600  # older readings are revised for days, seldom later
SETTLED_AFTER = timedelta(days=7)

Points = Annotated[
    int | None,
    Query(
        ge=4,
        le=10_000,
        description="At most so many: the least and the greatest of each bucket, as a plot of all shows",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Readings of one series, by time. `points` is None where all of the span are given."""

    station_id: str
    series_id: int
    parameter_code: str
    parameter: str
    method: str
    unit: str
    time_zone: str
    points: int | None
    items: Sequence[Reading]


@router.get(
    "/gauges/<station_id>/readings",
    tags=["readings"],
    responses=described(Readings, "Readings, by time", other=(CSV,)),
)
def get_readings(
    *,
    station_id: StationId,
    parameter: Parameter,
    method: Method = None,
    first: FromMoment = None,
    last: ToMoment = None,
    points: Points = None,
) -> Response[str]:
    """Give the readings of one series of a gauge in a span of time: all, or as few as a plot needs."""
    form = wanted_form(router, JSON, CSV)
    conn = connection_of(router)
    gauge = known_gauge(conn, station_id)
    series = meant_series(conn, gauge.station_id, parameter=parameter, method=method)
    now = datetime.now(UTC)
    span = window(first, last, ZoneInfo(gauge.time_zone), now=now)
    wanted = Wanted(series_id=series.series_id, window=span, limit=MOST_READINGS + 1, points=points)
    max_age = SETTLED_SECONDS if now - span.end > SETTLED_AFTER else LIVE_SECONDS
    if form == CSV:
        items = gauge_series.readings(conn, wanted)
        _refuse_too_many(len(items))
        header = ("reading_time_utc", f"value_{series.unit}", "approved", "qualifiers")
        rows = ((each.reading_time, each.value, each.approved, each.qualifiers) for each in items)
        return csv_answer(header, rows, max_age=max_age)
    count, items_json = gauge_series.readings_as_json(conn, wanted)
    _refuse_too_many(count)
    answer = {
        "station_id": gauge.station_id,
        "series_id": series.series_id,
        "parameter_code": series.parameter_code,
        "parameter": series.parameter,
        "method": series.method,
        "unit": series.unit,
        "time_zone": gauge.time_zone,
        "points": points,
        "items": Raw(items_json),
    }
    return json_answer(answer, max_age=max_age)


def _refuse_too_many(count: int) -> None:
    if count > MOST_READINGS:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"There are more than {MOST_READINGS:,} readings: send a shorter span, or points=2000.",
        )
