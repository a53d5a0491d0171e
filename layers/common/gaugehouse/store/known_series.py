"""What is known of a station's series: whether there are any, how far they reach, how often they speak."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg import Connection

from gaugehouse.domain.measurements import OtherSensors
from gaugehouse.domain.polling import Window
from gaugehouse.domain.series import INSTANTANEOUS
from gaugehouse.store.connection import only_row

SELECT_STALENESS = """
SELECT station_id, max(staleness_minutes) FROM series
WHERE station_id = ANY (%(station_ids)s) AND parameter_code = ANY (%(parameter_codes)s)
    AND is_primary AND statistic = %(instantaneous)s
GROUP BY station_id
"""
# Where the agency says nothing of a sensor's place, its method begins with its id.
SELECT_OTHER_SENSORS = """
SELECT station_id, parameter_code, statistic,
       CASE WHEN starts_with(method, upstream_series_id) THEN '' ELSE method END, method
FROM series
WHERE station_id = ANY (%(station_ids)s) AND NOT is_primary AND (ends IS NULL OR ends >= %(since)s)
ORDER BY series_id
"""
SELECT_PRIMARY_IDS = """
SELECT series_id FROM series
WHERE station_id = %(station_id)s AND is_primary AND (statistic = %(statistic)s) = %(instantaneous)s
    AND parameter_code = ANY (%(parameter_codes)s)
    AND (begins <= %(end)s) IS NOT FALSE AND (ends >= %(start)s) IS NOT FALSE
ORDER BY series_id
"""
IS_KNOWN = "SELECT EXISTS (SELECT FROM series WHERE station_id = %(station_id)s)"

SELECT_EXTENT = """
SELECT count(*), min(begins AT TIME ZONE 'UTC')::date, max(ends AT TIME ZONE 'UTC')::date FROM series
WHERE station_id = %(station_id)s AND is_primary AND (statistic = %(statistic)s) = %(instantaneous)s
"""


class Extent(NamedTuple):
    """First and last day in UTC as the agency tells them; None where it tells none."""

    begins: date | None
    ends: date | None


def staleness_minutes(
    conn: Connection, station_ids: Sequence[str], *, parameter_codes: Sequence[str]
) -> dict[str, int]:
    """Return the longest threshold of what is polled at each station, of those where there is anything.

    A window shorter than this would call a series silent that only transmits seldom.
    """
    asked = {
        "station_ids": list(station_ids),
        "parameter_codes": list(parameter_codes),
        "instantaneous": INSTANTANEOUS,
    }
    return dict(conn.execute(SELECT_STALENESS, asked).fetchall())


def other_sensors(conn: Connection, station_ids: Sequence[str], *, since: datetime) -> OtherSensors:
    """Return the sensors of these stations that are not the primary ones, without those that ended before."""
    others: dict[tuple[str, str, str], dict[str, str]] = {}
    rows = conn.execute(SELECT_OTHER_SENSORS, {"station_ids": list(station_ids), "since": since})
    for station_id, parameter_code, statistic, description, method in rows:
        others.setdefault((station_id, parameter_code, statistic), {})[description] = method
    return others


def is_known(conn: Connection, station_id: str) -> bool:
    """Say whether any series of the station is known."""
    known: bool = only_row(conn.execute(IS_KNOWN, {"station_id": station_id}))[0]
    return known


def extent(conn: Connection, station_id: str, *, instantaneous: bool) -> Extent | None:
    """Return how far the primary series of a station reach, all together; None where there are none."""
    row = only_row(
        conn.execute(
            SELECT_EXTENT,
            {"station_id": station_id, "instantaneous": instantaneous, "statistic": INSTANTANEOUS},
        )
    )
    return Extent(begins=row[1], ends=row[2]) if row[0] else None


def primary_ids(
    conn: Connection, station_id: str, *, instantaneous: bool, parameter_codes: Sequence[str], window: Window
) -> list[int]:
    """Return our ids of the primary series of these parameters that can have values in a window."""
    where = {
        "station_id": station_id,
        "instantaneous": instantaneous,
        "statistic": INSTANTANEOUS,
        "parameter_codes": list(parameter_codes),
        "start": window.start,
        "end": window.end,
    }
    return [series_id for (series_id,) in conn.execute(SELECT_PRIMARY_IDS, where)]
