"""The rain that is falling now at one gauge: the newest of what the polls of live rainfall have brought."""

from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.live_rain import INTERVAL_METHODS

# As in the report: from the shortest time to the longest. Then the counter, which is not among these.
SELECT_LIVE = """
SELECT method, inches, latest_reading_time, status, status_reason
FROM live_rainfall
WHERE station_id = %(station_id)s
ORDER BY array_position(%(methods)s::text[], method)
"""
SELECT_TODAY = """
SELECT reading_date, inches::float8 AS inches, latest_reading_time, is_unbroken
FROM rain_today
WHERE station_id = %(station_id)s AND inches IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRain:
    """The newest value of one way of counting: `past_15_min` to `past_72_h`, or `counter`. None is never."""

    method: str
    inches: float | None
    latest_reading_time: datetime | None
    status: str | None
    status_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RainToday:
    """The rain of the present local day until the newest transmission; a lower bound unless unbroken."""

    reading_date: date
    inches: float
    latest_reading_time: datetime
    is_unbroken: bool


def live_rain(conn: Connection, station_id: str) -> list[LiveRain]:
    """Return the newest value of each way in which a gauge's live rainfall is counted."""
    with conn.cursor(row_factory=class_row(LiveRain)) as cursor:
        where = {"station_id": station_id, "methods": list(INTERVAL_METHODS)}
        return cursor.execute(SELECT_LIVE, where).fetchall()


def rain_today(conn: Connection, station_id: str) -> RainToday | None:
    """Return the rain of today so far at a watched gauge; None where no transmission tells of it."""
    with conn.cursor(row_factory=class_row(RainToday)) as cursor:
        return cursor.execute(SELECT_TODAY, {"station_id": station_id}).fetchone()
