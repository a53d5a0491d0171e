"""Daily values of a gauge: the agency's own statistics of each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from gaugehouse.domain.series import DAILY_MEAN
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.parameters import StationId
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.series_choice import Method, Parameter, Statistic, meant_series
from gaugehouse.runtime.api.spans import FromDay, ToDay, day_span
from gaugehouse.runtime.api.tables import csv_answer
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.store import gauge_series
from gaugehouse.store.gauge_series import DailyValue

router = new_router()
MOST_DAYS = 40_000  # more than a century: what an answer of a Lambda can hold
MAX_AGE_SECONDS = 300  # a day is revised for weeks, and the ETag makes asking cheap


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyValues:
    """Daily values of one series, by day. Days without a value are not among the items."""

    station_id: str
    series_id: int
    parameter_code: str
    parameter: str
    statistic: str
    method: str
    unit: str
    time_zone: str
    items: Sequence[DailyValue]


@router.get(
    "/gauges/<station_id>/daily-values",
    tags=["readings"],
    responses=described(DailyValues, "Daily values, oldest first", other=(CSV,)),
)
def get_daily_values(
    *,
    station_id: StationId,
    parameter: Parameter,
    statistic: Statistic = DAILY_MEAN,
    method: Method = None,
    first: FromDay = None,
    last: ToDay = None,
) -> Response[str]:
    """Give the agency's daily values of one series of a stream gauge in a span; of all days unless told.

    What it has of rain gauges is `/gauges/{station_id}/rainfall`.
    """
    form = wanted_form(router, JSON, CSV)
    span = day_span(first, last)
    conn = connection_of(router)
    gauge = known_gauge(conn, station_id)
    series = meant_series(conn, gauge.station_id, parameter=parameter, statistic=statistic, method=method)
    items = gauge_series.daily_values(
        conn, series.series_id, first=span.first, last=span.last, limit=MOST_DAYS + 1
    )
    if len(items) > MOST_DAYS:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"There are more than {MOST_DAYS:,} days: send a span of at most a century with from and to.",
        )
    if form == CSV:
        header = ("date", f"value_{series.unit}", "approved", "qualifiers")
        rows = ((each.date, each.value, each.approved, each.qualifiers) for each in items)
        return csv_answer(header, rows, max_age=MAX_AGE_SECONDS)
    answer = DailyValues(
        station_id=gauge.station_id,
        series_id=series.series_id,
        parameter_code=series.parameter_code,
        parameter=series.parameter,
        statistic=series.statistic,
        method=series.method,
        unit=series.unit,
        time_zone=gauge.time_zone,
        items=items,
    )
    return json_answer(answer, max_age=MAX_AGE_SECONDS)
