"""Readings of one year: a water year, or a calendar year with its months and the running total."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from gaugehouse.domain.rainfall import Quality
from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.parameters import StationId, Year
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.rainfall_routes import cache_seconds
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.tables import csv_items
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.store import rain_spans
from gaugehouse.store.rain_spans import DaySpan, RainDay, RainMonth

router = new_router()
MOST_DAYS = 366
DECIMALS = 5  # of an inch: one tip is 0.03937


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDay:
    """One day with a value, and the year's total until then, in inches.

    The total is a lower bound unless `running_total_complete`: every day of the year until then has a value,
    and none a lower bound.
    """

    date: date
    rainfall_inches: float
    running_total_inches: float
    running_total_complete: bool
    quality: str
    data_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTotals:
    """The rain of a year by its readings, in inches: a lower bound unless `complete`, None without a reading.

    `total_readings` counts days with a value. Days before the gauge's record, and those that no document
    tells of, are not missing.
    """

    station_id: str
    time_zone: str
    total_readings: int
    total_rainfall_inches: float | None
    complete: bool
    days_missing: int
    days_before_record: int
    days_untold: int
    months: Sequence[RainMonth]
    readings: Sequence[YearDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterYear(YearTotals):
    """1 October of the year before to 30 September."""

    water_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear(YearTotals):
    """1 January to 31 December."""

    calendar_year: int


@router.get(
    "/readings/<station_id>/water-year/<year>",
    tags=["readings"],
    responses=described(WaterYear, "The water year", other=(CSV,)),
)
def get_water_year(station_id: StationId, year: Year) -> Response[str]:
    """Give the daily readings of a water year, from 1 October of the year before to 30 September."""
    first, last = water_year_start(year), water_year_end(year)
    return _answer(station_id, first, last, lambda totals: WaterYear(water_year=year, **totals))


@router.get(
    "/readings/<station_id>/calendar-year/<year>",
    tags=["readings"],
    responses=described(CalendarYear, "The calendar year", other=(CSV,)),
)
def get_calendar_year(station_id: StationId, year: Year) -> Response[str]:
    """Give the daily readings of a calendar year with its twelve months and the running total."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return _answer(station_id, first, last, lambda totals: CalendarYear(calendar_year=year, **totals))


def _answer(
    station_id: str, first: date, last: date, year_of: Callable[[dict[str, Any]], YearTotals]
) -> Response[str]:
    form = wanted_form(router, JSON, CSV)
    if first > datetime.now(UTC).date():
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"year: it begins on {first}; send one that has begun."
        )
    span = DaySpan(first=first, last=last)
    conn = connection_of(router)
    gauge = known_gauge(conn, station_id)
    days = rain_spans.days(conn, gauge.station_id, span, limit=MOST_DAYS)
    readings = list(_readings(days, first))
    months = rain_spans.all_months(conn, gauge.station_id, span)
    days_untold = sum(month.days_untold for month in months)
    max_age = cache_seconds(last, is_told=not days_untold)
    if form == CSV:
        return csv_items(YearDay, readings, max_age=max_age)
    totals = {
        "station_id": gauge.station_id,
        "time_zone": gauge.time_zone,
        "total_readings": len(readings),
        "total_rainfall_inches": readings[-1].running_total_inches if readings else None,
        "complete": all(month.complete for month in months),
        "days_missing": sum(month.days_missing for month in months),
        "days_before_record": sum(month.days_before_record for month in months),
        "days_untold": days_untold,
        "months": months,
        "readings": readings,
    }
    return json_answer(year_of(totals), max_age=max_age)


def _readings(days: Sequence[RainDay], first: date) -> Iterator[YearDay]:
    total, is_complete = 0.0, True
    for number, day in enumerate(days):
        total += day.rainfall_inches
        is_complete &= (day.date - first).days == number and day.quality != Quality.INCOMPLETE
        yield YearDay(
            date=day.date,
            rainfall_inches=day.rainfall_inches,
            running_total_inches=round(total, DECIMALS),
            running_total_complete=is_complete,
            quality=day.quality,
            data_source=day.data_source,
        )
