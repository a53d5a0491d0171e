"""What tests of polls do again and again."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse.store import poll_targets
from gaugehouse_local.simulator.usgs.network import Network

CONTINUOUS = "/continuous/items"


def watch(conn: psycopg.Connection, network: Network) -> None:
    """Poll every site of the network."""
    poll_targets.add(conn, [site.station_id for site in network.sites])


def poll_now(run: Run, network: Network) -> Any:
    """Poll at the network's present, as the schedule would."""
    return poll(PollerEvent(source="usgs", scheduled_time=network.now), run)


def polled(run: Run, network: Network, *, minutes: float = 15) -> Any:
    """Let time pass, then poll."""
    network.advance(minutes)
    return poll_now(run, network)


def truth(
    network: Network, start: datetime, end: datetime, *, site: str | None = None
) -> dict[tuple[str, str, datetime], float]:
    """What the agency has of the primary series of the polled parameters (of one site): numbers only."""
    return {
        (series.site.station_id, series.parameter.code, reading.moment): float(reading.text)
        for series in network.series
        if series.primary and series.parameter.code in ("00060", "00065", "00045")
        if site in (None, series.site.station_id)
        for reading in network.readings(series, start, end)
        if reading.text is not None and isinstance(reading.moment, datetime)
    }


def stored(conn: psycopg.Connection) -> dict[tuple[str, str, datetime], float]:
    """What the database has."""
    rows = conn.execute("SELECT site_code, parameter_code, reading_time, value FROM usgs_raw.gauge_readings")
    return {(site, parameter, moment): value for site, parameter, moment, value in rows}


def states(conn: psycopg.Connection) -> list[dict[str, Any]]:
    """How the series are doing, by site and parameter."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "SELECT * FROM usgs_raw.monitoring_state ORDER BY site_code, parameter_code"
        ).fetchall()


def forget(conn: psycopg.Connection, station_id: str, parameter_code: str) -> None:
    """Have a series of ours be one that the agency has added since."""
    with conn.transaction():
        where = "SELECT series_id FROM series WHERE station_id = %s AND parameter_code = %s"
        for table in ("gauge_readings", "daily_values", "monitoring_state", "series"):
            statement = f"DELETE FROM {table} WHERE series_id IN ({where})"
            conn.execute(statement.encode(), (station_id, parameter_code))


TWO_HOURS = timedelta(hours=2)
