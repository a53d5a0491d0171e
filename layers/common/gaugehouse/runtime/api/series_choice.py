"""Which of a gauge's series is meant: by what it measures, its statistic, and how it counts."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from psycopg import Connection

from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.store import gauge_series
from gaugehouse.store.gauge_series import GaugeSeries

Parameter = Annotated[
    str,
    Query(
        pattern=r"^[A-Za-z0-9]{1,20}$",
        description="What is measured, by its code: 00060 discharge, 00065 stage, 00045 rainfall",
        examples=["00060"],
    ),
]
Method = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9_ -]{0,60}$",
        description="Which of several series of the parameter: past_24_h or counter of rainfall",
        examples=["counter"],
    ),
]
Statistic = Annotated[
    str,
    Query(
        pattern=r"^[0-9]{5}$",
        description="Which statistic of a day: 00003 mean, 00001 maximum, 00002 minimum, 00006 sum",
        examples=["00003"],
    ),
]


def meant_series(
    conn: Connection,
    station_id: str,
    *,
    parameter: str,
    method: str | None,
    statistic: str | None = None,
) -> GaugeSeries:
    """Return the one primary series that is meant: of daily values with a statistic, else of readings.

    Raises: RequestRefused: 404 where there is none, 422 where there are several.
    """
    is_daily = statistic is not None
    stored = [
        series
        for series in gauge_series.series_of(conn, station_id)
        if series.is_primary and (series.statistic != INSTANTANEOUS) == is_daily
    ]
    meant = [
        series
        for series in stored
        if series.parameter_code == parameter
        and statistic in (None, series.statistic)
        and method in (None, series.method)
    ]
    if len(meant) == 1:
        return meant[0]
    if meant:
        methods = ", ".join(series.method for series in meant)
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"method: gauge {station_id} has several series of {parameter}; send one of {methods}.",
        )
    there_are = ", ".join(_named(series, is_daily=is_daily) for series in stored) or "none at all"
    raise RequestRefused(
        HTTPStatus.NOT_FOUND, f"Gauge {station_id} has no such series; there are {there_are}."
    )


def _named(series: GaugeSeries, *, is_daily: bool) -> str:
    parts = (series.parameter_code, series.statistic if is_daily else "", series.method)
    return " ".join(part for part in parts if part)
