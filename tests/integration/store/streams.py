"""Small stream gauges, series and measurements for tests of the store."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import psycopg

from gaugehouse.domain.measurements import MeasuredSeries, Measurements
from gaugehouse.domain.series import DAILY_MEAN, DISCHARGE, INSTANTANEOUS, STAGE, Series, StreamGauge
from gaugehouse.store import partitions, poll_targets, series, site_lookups, stream_gauges

SITE = "05568500"
OTHER_SITE = "01646500"
NOON = datetime(2026, 8, 7, 12, tzinfo=UTC)
STAGE_ID = "stage-of-05568500"
FLOW_ID = "flow-of-05568500"
DAILY_ID = "daily-of-05568500"


class Told(NamedTuple):
    """One measurement as a response tells it."""

    upstream_id: str
    moment: datetime | date
    value: float
    modified: datetime = NOON
    qualifiers: str | None = None
    approved: bool = False


def gauge(station_id: str = SITE, **more: Any) -> StreamGauge:
    """The Illinois River at Kingston Mines, or another gauge of that name."""
    described: dict[str, Any] = {
        "name": "ILLINOIS RIVER AT KINGSTON MINES, IL",
        "agency_code": "USGS",
        "time_zone": "America/Chicago",
    }
    return StreamGauge(station_id=station_id, **{**described, **more})


def described_series(upstream_id: str | None = STAGE_ID, parameter_code: str = STAGE, **more: Any) -> Series:
    """A primary instantaneous series of that gauge."""
    described: dict[str, Any] = {"station_id": SITE, "statistic": INSTANTANEOUS, "unit": "ft"}
    return Series(parameter_code=parameter_code, upstream_series_id=upstream_id, **{**described, **more})


def add_stream_gauge(conn: psycopg.Connection, *station_ids: str) -> None:
    """Gauges that are polled, each with stage and discharge, and the daily mean of discharge."""
    for station_id in station_ids or (SITE,):
        stream_gauges.upsert(conn, [gauge(station_id)])
        series.upsert(
            conn,
            [
                described_series(f"stage-of-{station_id}", STAGE, station_id=station_id),
                described_series(f"flow-of-{station_id}", DISCHARGE, station_id=station_id),
                described_series(
                    f"daily-of-{station_id}", DISCHARGE, station_id=station_id, statistic=DAILY_MEAN
                ),
            ],
        )
    poll_targets.add(conn, station_ids or (SITE,))
    site_lookups.mark(conn, station_ids or (SITE,), parameter_codes=[DISCHARGE, STAGE])


def measured_series(upstream_id: str) -> MeasuredSeries:
    """A series as a response names it: by its upstream id alone."""
    return MeasuredSeries(SITE, "", "", "", upstream_series_id=upstream_id)


def measurements(*told: Told) -> Measurements[Any]:
    """A response that tells these."""
    names = sorted({each.upstream_id for each in told})
    return measurements_of(
        [measured_series(name) for name in names], [names.index(t.upstream_id) for t in told], told
    )


def measurements_of(
    whose: Sequence[MeasuredSeries], index: Sequence[int], told: Iterable[Told]
) -> Measurements[Any]:
    """A response that tells these of any series."""
    rows = list(told)
    return Measurements(
        tuple(whose),
        list(index),
        [each.moment for each in rows],
        [each.value for each in rows],
        [each.qualifiers for each in rows],
        [each.approved for each in rows],
        [each.modified for each in rows],
    )


def stage(minutes: float, value: float, **more: Any) -> Told:
    """A stage so many minutes after noon."""
    return Told(STAGE_ID, NOON + timedelta(minutes=minutes), value, **more)


def make_partitions(conn: psycopg.Connection, *moments: datetime) -> None:
    """The partitions of the months of these moments, and of August 2026."""
    partitions.ensure(conn, partitions.months_of([NOON, *moments]))


def one(conn: psycopg.Connection, statement: str, *arguments: object) -> Any:
    """The one row of a statement."""
    row = conn.execute(statement.encode(), arguments).fetchone()
    assert row is not None
    return row if len(row) > 1 else row[0]
