"""Which sites are polled, and when each one was. How far its past was asked: `site_pasts.py`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from psycopg import Connection

from gaugehouse.domain.poll_targets import check_station_ids
from gaugehouse.domain.series import USGS
from gaugehouse.store.connection import only_row

# Only rows of the settings themselves: what an operator added or removed stays so. A name that is new is
# compared with the agency's by looking the site up.
SYNC = """
WITH dropped AS (
    UPDATE poll_targets SET active = false
    WHERE %(complete)s AND source = 'usgs' AND origin = 'settings' AND active
        AND NOT station_id = ANY (%(station_ids)s)
    RETURNING 1
), named AS (
    INSERT INTO poll_targets AS known (station_id, origin, name)
    SELECT station_id, 'settings', name FROM unnest(%(station_ids)s::text[], %(names)s::text[])
        AS said (station_id, name)
    ON CONFLICT (station_id) DO UPDATE
        SET active = true, name = excluded.name,
            lookup_wanted_at = CASE WHEN known.name IS DISTINCT FROM excluded.name THEN clock_timestamp()
                                    ELSE known.lookup_wanted_at END
        WHERE known.source = 'usgs' AND known.origin = 'settings'
            AND (NOT known.active OR known.name IS DISTINCT FROM excluded.name)
    RETURNING 1
)
SELECT (SELECT count(*) FROM dropped) + (SELECT count(*) FROM named)
"""
ADD = """
INSERT INTO poll_targets AS known (station_id, origin, name, source)
SELECT station_id, 'operator', %(name)s::text, %(source)s FROM unnest(%(station_ids)s::text[]) AS station_id
ON CONFLICT (station_id) DO UPDATE
    SET active = true, origin = 'operator', name = coalesce(excluded.name, known.name),
        lookup_wanted_at = CASE WHEN excluded.name <> coalesce(known.name, '') THEN clock_timestamp()
                                ELSE known.lookup_wanted_at END
    WHERE known.source = excluded.source
        AND (NOT known.active OR known.origin <> 'operator' OR excluded.name <> coalesce(known.name, ''))
"""
REMOVE = """
UPDATE poll_targets SET active = false, origin = 'operator'
WHERE station_id = ANY (%(station_ids)s) AND active
"""
# A poll that is tried again takes those that it did not reach, or that got no answer. What a watched rain
# gauge measures is known before it was ever asked.
SELECT_DUE = """
SELECT station_id FROM poll_targets
WHERE source = %(source)s AND active AND (discovered_at IS NOT NULL OR source <> 'usgs')
    AND (last_polled_at IS NULL OR last_polled_at < %(polled_at)s
        OR (last_polled_at = %(polled_at)s AND last_poll_failed))
ORDER BY last_polled_at NULLS FIRST, station_id
"""
# Nothing moves backwards, and a failure does not undo an answer to the same poll.
MARK_POLLED = """
UPDATE poll_targets
SET last_polled_at = %(at)s, last_poll_failed = %(error)s::text IS NOT NULL,
    last_poll_error = left(%(error)s, 1000)
WHERE station_id = ANY (%(station_ids)s)
    AND (last_polled_at IS NULL OR last_polled_at < %(at)s
        OR (last_polled_at = %(at)s AND (last_poll_failed OR %(error)s::text IS NULL)))
"""
MARK_DISCOVERED = """
UPDATE poll_targets SET discovered_at = clock_timestamp()
WHERE station_id = %(station_id)s AND discovered_at IS NULL
"""


def sync_from_settings(conn: Connection, sites: Mapping[str, str | None], *, complete: bool = True) -> int:
    """Poll the sites of the settings, each with the name that they give it, if any; return how many changed.

    Sites that the settings named before are dropped, unless these are not all of them (`complete`).

    Raises: OperationRefused when one cannot be a station id; nothing is changed.
    """
    station_ids = check_station_ids(sites)
    named = {
        "station_ids": station_ids,
        "names": [sites[station_id] for station_id in station_ids],
        "complete": complete,
    }
    changed: int = only_row(conn.execute(SYNC, named))[0]
    return changed


def add(conn: Connection, station_ids: Sequence[str], *, name: str | None = None, source: str = USGS) -> int:
    """Poll these sites from now on, whatever the settings say. Return how many changed.

    A `name` is what we call the site, to be compared with what the agency calls it. One that another source
    polls already stays that source's.

    Raises: OperationRefused when one cannot be a station id; nothing is changed.
    """
    told = {"station_ids": check_station_ids(station_ids), "name": name, "source": source}
    return conn.execute(ADD, told).rowcount


def remove(conn: Connection, station_ids: Sequence[str]) -> int:
    """Poll these sites no longer, whatever the settings say. Return how many changed. Readings stay."""
    return conn.execute(REMOVE, {"station_ids": list(station_ids)}).rowcount


def mark_discovered(conn: Connection, station_id: str) -> None:
    """Keep that a watched gauge is known. Of a stream gauge it is its look-up that says so."""
    conn.execute(MARK_DISCOVERED, {"station_id": station_id})


def due(conn: Connection, *, polled_at: datetime, source: str = USGS) -> list[str]:
    """Return the source's sites that the poll of that time has no answer of yet, longest unpolled first.

    Stream gauges whose series are not known are left out: none of their readings could be stored.
    """
    told = conn.execute(SELECT_DUE, {"polled_at": polled_at, "source": source})
    return [station_id for (station_id,) in told]


def mark_polled(
    conn: Connection, station_ids: Sequence[str], *, at: datetime, error: str | None = None
) -> None:
    """Keep that the live poll of that time asked for these sites, and the error if it got no answer."""
    conn.execute(MARK_POLLED, {"station_ids": list(station_ids), "at": at, "error": error})
