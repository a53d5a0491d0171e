"""What can be asked of the record: gauges, rainfall, readings, gaps and proof."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from gaugehouse.runtime.api.coverage_routes import MOST_GAUGES, GaugeCoverage
from gaugehouse.runtime.api.daily_value_routes import DailyValues
from gaugehouse.runtime.api.gauge_routes import OneGauge
from gaugehouse.runtime.api.latest_routes import Latest
from gaugehouse.runtime.api.readings_routes import Readings
from gaugehouse.runtime.api.record_routes import GaugeRecord
from gaugehouse.runtime.api.year_routes import CalendarYear, WaterYear
from gaugehouse.store.gauge_items import GaugeItem
from gaugehouse.store.rain_gaps import RecordGap
from gaugehouse.store.rain_spans import NormalDay, RainDay, RainMonth, RainWaterYear
from gaugehouse_cli.api_calls import ApiCalls, path_of


class RecordCalls(ApiCalls):
    """Each method is named as the route that it asks; lists are followed page by page."""

    def gauges(
        self,
        *,
        network: str | None = None,
        status: str | None = None,
        q: str | None = None,
        near: tuple[float, float] | None = None,
        radius_miles: float | None = None,
        limit: int | None = None,
    ) -> Iterator[GaugeItem]:
        """Return gauges by station id; near a place (latitude, longitude) the nearest first.

        `q` is looked for in ids, names and places.
        """
        place = near and f"{near[0]:.12f},{near[1]:.12f}"
        radius = radius_miles and f"{radius_miles:.6f}mi"
        return self._pages(
            GaugeItem, "/gauges", limit=limit, network=network, status=status, q=q, near=place, radius=radius
        )

    def gauge(self, station_id: str) -> OneGauge:
        """Return one gauge, by its id or a former one."""
        return self._one(OneGauge, path_of("gauges", station_id))

    def rainfall(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> list[RainDay]:
        """Return the days of a span that have a value, oldest first; of the whole record unless told."""
        span = {"from": first, "to": last}
        return list(self._all(RainDay, path_of("gauges", station_id, "rainfall"), interval="day", **span))

    def months(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> list[RainMonth]:
        """Return the totals of the months that have a day in a span. They say whether they are complete."""
        span = {"from": first, "to": last}
        return list(self._all(RainMonth, path_of("gauges", station_id, "rainfall"), interval="month", **span))

    def water_years(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> list[RainWaterYear]:
        """Return the totals of the water years that have a day in a span. They say if they are complete."""
        span = {"from": first, "to": last}
        path = path_of("gauges", station_id, "rainfall")
        return list(self._all(RainWaterYear, path, interval="water_year", **span))

    def water_year(self, station_id: str, year: int) -> WaterYear:
        """Return the daily readings of a water year, which begins on 1 October of the year before."""
        return self._one(WaterYear, path_of("readings", station_id, "water-year", str(year)))

    def calendar_year(self, station_id: str, year: int) -> CalendarYear:
        """Return the daily readings of a calendar year, with its twelve months."""
        return self._one(CalendarYear, path_of("readings", station_id, "calendar-year", str(year)))

    def normals(self, station_id: str) -> list[NormalDay]:
        """Return what is normal for each day of the water year, over the record's complete years."""
        return list(self._all(NormalDay, path_of("gauges", station_id, "normals")))

    def readings(
        self,
        station_id: str,
        parameter: str,
        *,
        method: str | None = None,
        first: date | datetime | None = None,
        last: date | datetime | None = None,
        points: int | None = None,
    ) -> Readings:
        """Return readings of a series, of its last week unless told; `points` are as few as a plot needs.

        `method` says which one, where a gauge has several series of the parameter.
        """
        window = {"from": first and moment_of(first), "to": last and moment_of(last)}
        path = path_of("gauges", station_id, "readings")
        return self._one(Readings, path, parameter=parameter, method=method, points=points, **window)

    def daily_values(
        self,
        station_id: str,
        parameter: str,
        *,
        statistic: str | None = None,
        method: str | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> DailyValues:
        """Return the agency's daily values of a series: means, of the whole record unless told."""
        span: dict[str, Any] = {"from": first, "to": last}
        path = path_of("gauges", station_id, "daily-values")
        return self._one(DailyValues, path, parameter=parameter, statistic=statistic, method=method, **span)

    def latest(self, station_id: str) -> Latest:
        """Return what a gauge measures now."""
        return self._one(Latest, path_of("readings", station_id, "latest"))

    def gaps(
        self, station_id: str, *, first: date | None = None, last: date | None = None
    ) -> Iterator[RecordGap]:
        """Return the gaps of a gauge's rainfall, newest first: all, or those that reach into a span."""
        span: dict[str, Any] = {"from": first, "to": last}
        return self._pages(RecordGap, path_of("gauges", station_id, "gaps"), **span)

    def record(self, station_id: str) -> GaugeRecord:
        """Return what documents say of a gauge, and whether the totals that they state hold."""
        return self._one(GaugeRecord, path_of("gauges", station_id, "record"))

    def coverage(self) -> Iterator[GaugeCoverage]:
        """Return how much of the record there is, gauge by gauge and water year by water year."""
        return self._pages(GaugeCoverage, "/coverage", at_once=MOST_GAUGES)


def moment_of(time: date | datetime) -> str:
    """Write a local day, or a moment in UTC as the API reads it."""
    if not isinstance(time, datetime):
        return time.isoformat()
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
