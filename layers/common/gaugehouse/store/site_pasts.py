"""How far each polled site's past was asked: looks for late and revised values, and backfills."""

from collections.abc import Sequence
from datetime import datetime

from psycopg import Connection
from psycopg.types.range import TimestamptzRange

from gaugehouse.domain.polling import Look, Window

SELECT_RECENT_DUE = """
SELECT station_id, coalesce(recent_swept_at, %(never)s) FROM poll_targets
WHERE source = 'usgs' AND active AND discovered_at IS NOT NULL
    AND (recent_swept_at IS NULL OR recent_swept_at <= %(before)s)
"""
SELECT_DEEP_DUE = """
SELECT station_id, coalesce(deep_swept_at, %(never)s) FROM poll_targets
WHERE source = 'usgs' AND active AND discovered_at IS NOT NULL
    AND (deep_swept_at IS NULL OR deep_swept_at <= %(before)s)
"""
MARK_RECENT_SWEPT = """
UPDATE poll_targets SET recent_swept_at = greatest(recent_swept_at, %(at)s)
WHERE station_id = ANY (%(station_ids)s)
"""
MARK_DEEP_SWEPT = """
UPDATE poll_targets
SET recent_swept_at = greatest(recent_swept_at, %(at)s), deep_swept_at = greatest(deep_swept_at, %(at)s)
WHERE station_id = ANY (%(station_ids)s)
"""
SELECT_SWEEP_DUE = {"recent": SELECT_RECENT_DUE, "deep": SELECT_DEEP_DUE}
MARK_SWEPT = {"recent": MARK_RECENT_SWEPT, "deep": MARK_DEEP_SWEPT}
# Sites of whose window most is missing come first: where the window moves on between two calls, a site that
# lacks its last minutes must not come before one that was never asked about it. Asking all of them once more
# goes round: those come first that were asked the longest time ago.
SELECT_BACKFILL_CANDIDATES = """
SELECT station_id FROM poll_targets
CROSS JOIN LATERAL (
    SELECT coalesce(sum(upper(part) - lower(part)), interval '0') AS missing
    FROM unnest(tstzmultirange(%(window)s) - backfilled) AS part
) AS uncovered
WHERE source = 'usgs' AND active AND discovered_at IS NOT NULL
    AND (last_poll_failed OR NOT %(only_failed)s)
    AND (%(again)s OR missing > interval '0')
ORDER BY CASE WHEN %(again)s THEN backfilled_at END NULLS FIRST, missing DESC,
    last_polled_at NULLS FIRST, station_id
LIMIT %(limit)s
"""
MARK_BACKFILLED = """
UPDATE poll_targets
SET backfilled = backfilled + tstzmultirange(%(window)s), backfilled_at = clock_timestamp()
WHERE station_id = ANY (%(station_ids)s)
"""


def sweep_due(conn: Connection, look: Look, *, swept_at: datetime) -> dict[str, datetime]:
    """Return the sites at which it is time for this look again, each with the time of the last one.

    For a site that was never looked at this is the time before which the look does not reach.
    """
    reach = max(look.span, look.daily_span or look.span)
    when = {"never": swept_at - reach, "before": swept_at - look.every}
    return dict(conn.execute(SELECT_SWEEP_DUE[look.name], when).fetchall())


def mark_swept(conn: Connection, station_ids: Sequence[str], look: Look, *, at: datetime) -> None:
    """Keep that these sites were looked at. A deep look sees what a recent one would."""
    conn.execute(MARK_SWEPT[look.name], {"station_ids": list(station_ids), "at": at})


def backfill_candidates(
    conn: Connection, window: Window, *, limit: int | None, only_failed: bool, again: bool
) -> list[str]:
    """Return sites that have not been asked about all of a past window, longest unpolled first.

    `only_failed` takes those whose last live poll failed, `again` also those that have been asked: then
    those first that were asked about any past the longest time ago, so that a limited call goes round.
    """
    where = {"window": _range(window), "limit": limit, "only_failed": only_failed, "again": again}
    return [station_id for (station_id,) in conn.execute(SELECT_BACKFILL_CANDIDATES, where)]


def mark_backfilled(conn: Connection, station_ids: Sequence[str], window: Window) -> None:
    """Keep that these sites were asked about a past window. Their last live poll stays what it is."""
    conn.execute(MARK_BACKFILLED, {"station_ids": list(station_ids), "window": _range(window)})


def _range(window: Window) -> TimestamptzRange:
    return TimestamptzRange(window.start, window.end)
