"""What the counters of watched rain gauges have said: the readings of their one series each."""

from datetime import datetime

from psycopg import Connection

from gaugehouse.domain.live_rain import Tip
from gaugehouse.store.connection import only_row

SELECT_SINCE = """
SELECT reading.reading_time, reading.value
FROM series JOIN gauge_readings AS reading USING (series_id)
WHERE series.station_id = %(station_id)s AND series.source = 'mcfcd_tips'
    AND reading.reading_time >= %(since)s
ORDER BY reading.reading_time
"""
SELECT_NEWEST = """
SELECT max(state.latest_reading_time)
FROM series JOIN monitoring_state AS state USING (series_id)
WHERE series.station_id = %(station_id)s AND series.source = 'mcfcd_tips'
"""


def since(conn: Connection, station_id: str, moment: datetime) -> list[Tip]:
    """Return the stored transmissions of a gauge from that moment (aware, UTC) on, ascending."""
    return [
        Tip(*row)
        for row in conn.execute(SELECT_SINCE, {"station_id": station_id, "since": moment}).fetchall()
    ]


def newest(conn: Connection, station_id: str) -> datetime | None:
    """Return when the newest transmission was that a poll has stored; None before the first."""
    found: datetime | None = only_row(conn.execute(SELECT_NEWEST, {"station_id": station_id}))[0]
    return found
