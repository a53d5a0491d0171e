"""How each series is doing: what the live polls found out, by one rule for all series, in one statement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection

from gaugehouse.domain.measurements import Measurements
from gaugehouse.domain.series import INSTANTANEOUS, USGS, SeriesStatus
from gaugehouse.store import series

# Facts (the times, the newest reading) only move forward, whichever poll comes late. The verdict is that of
# the newest poll; where one is tried again, that of its better answer, and its failures count once. All lock
# the rows in one order.
RECORD = """
WITH asked AS (
    SELECT series.series_id, make_interval(mins => series.staleness_minutes) AS threshold,
           told.newest_time, told.newest_value,
           coalesce(told.newest_time >= %(window_start)s, false) AS has_data
    FROM series
    LEFT JOIN unnest(%(series_ids)s::int[], %(times)s::timestamptz[], %(values)s::float8[])
        AS told (series_id, newest_time, newest_value) ON told.series_id = series.series_id
    WHERE series.station_id = ANY (%(station_ids)s)
        AND series.is_primary AND series.statistic = %(instantaneous)s AND series.source = %(source)s
        AND (%(parameter_codes)s::text[] IS NULL OR series.parameter_code = ANY (%(parameter_codes)s))
), known AS MATERIALIZED (
    SELECT state.* FROM monitoring_state AS state JOIN asked ON asked.series_id = state.series_id
    ORDER BY state.series_id
    FOR UPDATE OF state
), compared AS (
    SELECT asked.*, known.last_poll_attempted, known.last_poll_succeeded, known.last_data_received,
           known.latest_reading_time, known.latest_reading_value, known.consecutive_failures, known.is_stale,
           known.status, known.status_reason,
           coalesce(known.last_poll_attempted = %(at)s, false) AS is_retry,
           CASE WHEN known.last_poll_attempted = %(at)s
                THEN (asked.has_data, %(answered)s)
                     >= (coalesce(known.last_data_received = %(at)s, false),
                         coalesce(known.last_poll_succeeded = %(at)s, false))
                ELSE coalesce(known.last_poll_attempted < %(at)s, true) END AS decides,
           coalesce(%(at)s - greatest(known.latest_reading_time, asked.newest_time) > asked.threshold, true)
               AS looks_stale
    FROM asked LEFT JOIN known ON known.series_id = asked.series_id
)
INSERT INTO monitoring_state AS state
    (series_id, last_poll_attempted, last_poll_succeeded, last_data_received, latest_reading_time,
     latest_reading_value, consecutive_failures, is_stale, status, status_reason)
SELECT series_id,
       greatest(last_poll_attempted, %(at)s),
       CASE WHEN %(answered)s THEN greatest(last_poll_succeeded, %(at)s) ELSE last_poll_succeeded END,
       CASE WHEN has_data THEN greatest(last_data_received, %(at)s) ELSE last_data_received END,
       greatest(latest_reading_time, newest_time),
       CASE WHEN newest_time IS NULL OR newest_time < latest_reading_time
                OR (newest_time = latest_reading_time AND NOT decides)
            THEN latest_reading_value ELSE newest_value END,
       CASE WHEN NOT decides THEN consecutive_failures
            WHEN has_data THEN 0
            WHEN is_retry THEN consecutive_failures
            ELSE coalesce(consecutive_failures, 0) + 1 END,
       CASE WHEN decides THEN looks_stale ELSE is_stale END,
       CASE WHEN NOT decides THEN status
            WHEN NOT has_data THEN 'offline'
            WHEN looks_stale THEN 'degraded'
            ELSE 'active' END,
       CASE WHEN NOT decides THEN status_reason
            WHEN NOT %(answered)s THEN 'request_failed'
            WHEN NOT has_data THEN 'no_data'
            WHEN looks_stale THEN 'stale' END
FROM compared
ORDER BY series_id
ON CONFLICT (series_id) DO UPDATE
    SET (last_poll_attempted, last_poll_succeeded, last_data_received, latest_reading_time,
         latest_reading_value, consecutive_failures, is_stale, status, status_reason)
      = (excluded.last_poll_attempted, excluded.last_poll_succeeded, excluded.last_data_received,
         excluded.latest_reading_time, excluded.latest_reading_value, excluded.consecutive_failures,
         excluded.is_stale, excluded.status, excluded.status_reason)
    WHERE state.last_poll_attempted <= excluded.last_poll_attempted  -- two first polls at once
RETURNING status
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCounts:
    """How the series that were asked for are doing now."""

    active: int
    degraded: int
    offline: int


def record_answer(
    conn: Connection,
    station_ids: Sequence[str],
    *,
    attempted_at: datetime,
    window_start: datetime,
    measurements: Measurements[datetime],
    parameter_codes: Sequence[str] | None = None,
    source: str = USGS,
) -> StateCounts:
    """Record what the agency's answer says of every primary instantaneous series of these stations.

    A series without a reading since `window_start` is offline (no_data), one whose newest reading is older
    than its threshold at `attempted_at`, strictly, degraded (stale), any other active. `attempted_at` is the
    poll's slot, the same when it is tried again; an older one than what is known changes no verdict.
    `parameter_codes` are those that were asked for, None for all; series of another `source` were not asked
    for. Call it in the transaction that stores the answer.
    """
    newest = _newest_by_series(conn, measurements)
    return _record(
        conn,
        {
            "station_ids": list(station_ids),
            "parameter_codes": None if parameter_codes is None else list(parameter_codes),
            "source": source,
            "at": attempted_at,
            "answered": True,
            "window_start": window_start,
            "series_ids": list(newest),
            "times": [moment for moment, _ in newest.values()],
            "values": [value for _, value in newest.values()],
        },
    )


def record_failure(
    conn: Connection,
    station_ids: Sequence[str],
    *,
    attempted_at: datetime,
    parameter_codes: Sequence[str] | None = None,
    source: str = USGS,
) -> StateCounts:
    """Record that the agency did not answer: all series of these stations are offline (request_failed)."""
    return _record(
        conn,
        {
            "station_ids": list(station_ids),
            "parameter_codes": None if parameter_codes is None else list(parameter_codes),
            "source": source,
            "at": attempted_at,
            "answered": False,
            "window_start": attempted_at,
            "series_ids": [],
            "times": [],
            "values": [],
        },
    )


def _newest_by_series(
    conn: Connection, measurements: Measurements[datetime]
) -> dict[int, tuple[datetime, float]]:
    by_index: dict[int, tuple[datetime, float]] = {}
    for index, moment, value in zip(
        measurements.series_index, measurements.moments, measurements.values, strict=True
    ):
        if index not in by_index or moment > by_index[index][0]:
            by_index[index] = (moment, value)
    newest: dict[int, tuple[datetime, float]] = {}
    for index, found in enumerate(series.find(conn, measurements.series)):
        if found and index in by_index:
            newest[found.series_id] = max(by_index[index], newest.get(found.series_id, by_index[index]))
    return newest


def _record(conn: Connection, told: dict[str, object]) -> StateCounts:
    # Never prepared: a plan for any number of series compares each of a large network with every other.
    rows = conn.execute(RECORD, {**told, "instantaneous": INSTANTANEOUS}, prepare=False)
    states = Counter(SeriesStatus(status) for (status,) in rows)
    return StateCounts(
        active=states[SeriesStatus.ACTIVE],
        degraded=states[SeriesStatus.DEGRADED],
        offline=states[SeriesStatus.OFFLINE],
    )
