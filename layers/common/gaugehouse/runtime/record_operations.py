"""The operator's verbs that only look at the record: coverage, gauges, one gauge, and its days for an export.

An answer of a Lambda may have 6 MB. What can grow beyond that is asked for in pages: each answer says with
what the next page begins (`next`), and None on the last one.
"""

from datetime import date
from itertools import groupby
from typing import Annotated, Any

from psycopg import Connection
from pydantic import Field

from gaugehouse.domain.errors import GaugeAmbiguous, GaugeUnknown, OperationRefused
from gaugehouse.domain.search_circle import SearchCircle
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import Arguments, ImportSubject
from gaugehouse.store import (
    gauge_lists,
    gauge_record,
    live_rainfall,
    rain_coverage,
    rain_gaps,
    stream_readings,
)

WETTEST_DAYS = 10
NEWEST_GAPS = 20


class Page(Arguments):
    """A page of gauges: how many, and after which one."""

    after: ImportSubject | None = None
    limit: int = Field(default=100, ge=1, le=500)  # a hundred gauges with thirty years are read in seconds


class Listed(Page):
    """A page of the gauges of a network, or of all."""

    network: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] | None = None
    limit: int = Field(default=500, ge=1, le=5000)


class Near(Arguments):
    """A place in decimal degrees (west is negative) and how far around it to look."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    radius_miles: float = Field(gt=0, le=12_500)
    limit: int = Field(default=50, ge=1, le=1000)


class OneGauge(Arguments):
    """One gauge, by its id or a former one."""

    station_id: ImportSubject


class Days(OneGauge):
    """A page of a gauge's days, after the given one."""

    after: date | None = None
    limit: int = Field(default=20_000, ge=1, le=20_000)


class Gaps(OneGauge):
    """A page of a gauge's gaps, newest first."""

    skip: int = Field(default=0, ge=0)
    limit: int = Field(default=2000, ge=1, le=2000)


def _coverage(conn: Connection, arguments: Page) -> Answer:
    """Answer each gauge's water years as short rows, since there are ten thousand of them in one network."""
    rows = rain_coverage.coverage(conn, after=arguments.after, limit=arguments.limit)
    gauges = [
        {"station_id": station_id, "name": name, "water_years": [_short(year) for year in years]}
        for (station_id, name), years in groupby(rows, key=lambda row: (row.station_id, row.name))
    ]
    is_last = len(gauges) < arguments.limit
    return Answer(answer={"gauges": gauges, "next": None if is_last else gauges[-1]["station_id"]})


def _short(year: rain_coverage.YearCoverage) -> list[Any]:
    return [
        year.water_year,
        year.days_present,
        year.days_missing,
        year.days_before_record,
        year.days_untold,
        year.is_complete,
        year.sources,
    ]


def _gauges_list(conn: Connection, arguments: Listed) -> Answer:
    gauges = gauge_lists.listed(conn, network=arguments.network, after=arguments.after, limit=arguments.limit)
    is_last = len(gauges) < arguments.limit
    return Answer(answer={"gauges": plain(gauges), "next": None if is_last else gauges[-1].station_id})


def _gauges_near(conn: Connection, arguments: Near) -> Answer:
    circle = SearchCircle(
        latitude=arguments.latitude, longitude=arguments.longitude, radius_miles=arguments.radius_miles
    )
    return Answer(answer=plain(gauge_lists.near(conn, circle, limit=arguments.limit)))


def _gauge(conn: Connection, arguments: OneGauge) -> Answer:
    station_id = _known(conn, arguments.station_id, "gauge")
    return Answer(
        answer=plain(
            {
                "gauge": gauge_record.described(conn, station_id),
                "proof": gauge_record.proof_of(conn, station_id),
                "water_years": gauge_record.water_years(conn, station_id),
                "wettest_days": gauge_record.wettest_days(conn, station_id, limit=WETTEST_DAYS),
                "gaps": rain_gaps.gaps_of(conn, station_id, limit=NEWEST_GAPS),
                "gap_count": rain_gaps.count(conn, station_id),
                "latest_readings": stream_readings.latest_readings(conn, station_id),
                "live_rain": live_rainfall.live_rain(conn, station_id),
                "rain_today": live_rainfall.rain_today(conn, station_id),
            }
        )
    )


def _export_days(conn: Connection, arguments: Days) -> Answer:
    days = gauge_record.days_after(conn, arguments.station_id, after=arguments.after, limit=arguments.limit)
    is_last = len(days) < arguments.limit
    return Answer(answer={"days": plain(days), "next": None if is_last else plain(days[-1].reading_date)})


def _export_gaps(conn: Connection, arguments: Gaps) -> Answer:
    gaps = rain_gaps.gaps_of(conn, arguments.station_id, skip=arguments.skip, limit=arguments.limit)
    is_last = len(gaps) < arguments.limit
    return Answer(answer={"gaps": plain(gaps), "next": None if is_last else arguments.skip + len(gaps)})


def _known(conn: Connection, station_id: str, operation: str) -> str:
    try:
        return known_gauge(conn, station_id).station_id
    except GaugeUnknown as error:
        raise OperationRefused(f"operate {operation}: {error}; see `gaugehouse gauges list`") from error
    except GaugeAmbiguous as error:
        raise OperationRefused(f"operate {operation}: {error}") from error


OPERATIONS = {
    "coverage": Operation(Page, _coverage),
    "gauges_list": Operation(Listed, _gauges_list),
    "gauges_near": Operation(Near, _gauges_near),
    "gauge": Operation(OneGauge, _gauge),
    "export_days": Operation(Days, _export_days),
    "export_gaps": Operation(Gaps, _export_gaps),
}
