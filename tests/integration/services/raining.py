"""What tests of live rainfall do again and again."""

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse.sources.mcfcd.arizona_time import to_utc
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency


def poll_rain(run: Run, publisher: ClimateAgency, source: str, now: datetime) -> Any:
    """Poll a source at a local time (naive, Arizona), as the schedule would."""
    publisher.now = lambda: now
    return poll(PollerEvent(source=source, scheduled_time=to_utc(now)), run)


def live_states(conn: psycopg.Connection, station_id: str | None = None) -> list[dict[str, Any]]:
    """How the series of live rainfall are doing, by gauge and method."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "SELECT * FROM live_rainfall WHERE station_id = coalesce(%s, station_id) "
            "ORDER BY station_id, method",
            (station_id,),
        ).fetchall()


def live_days(conn: psycopg.Connection) -> dict[Any, Any]:
    """The daily totals of 59700 that stand, by day: inches, quality, source and document date."""
    rows = conn.execute(
        "SELECT reading_date, rainfall_inches::float8, quality, data_source, document_date "
        "FROM rain_readings WHERE station_id = '59700' ORDER BY reading_date"
    )
    return {row[0]: tuple(row[1:]) for row in rows}
