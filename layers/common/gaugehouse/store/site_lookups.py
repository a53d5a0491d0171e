"""Looking sites up: of which one the agency is to be asked what it measures, and when it was asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.series import USGS
from gaugehouse.store.connection import only_row

# A series that the agency itself does not list would have its site looked up at every poll.
WISHES_EVERY = timedelta(hours=6)

# A site without a gauge has no series: it waits for the next look at all sites.
SELECT_DUE = """
SELECT target.station_id FROM poll_targets AS target
LEFT JOIN gauges AS gauge ON gauge.station_id = target.station_id AND gauge.network = %(network)s
WHERE target.source = 'usgs' AND target.active
    AND (target.discovered_at IS NULL OR target.discovered_at < %(not_since)s
        OR target.lookup_wanted_at IS NOT NULL
        OR (gauge.station_id IS NOT NULL AND gauge.series_parameters IS DISTINCT FROM %(parameter_codes)s))
ORDER BY target.discovered_at NULLS FIRST, target.station_id
"""
COUNT_UNKNOWN = """
SELECT count(*) FROM poll_targets WHERE source = 'usgs' AND active AND discovered_at IS NULL
"""
WANT = """
UPDATE poll_targets SET lookup_wanted_at = clock_timestamp()
WHERE station_id = ANY (%(station_ids)s) AND lookup_wanted_at IS NULL
    AND (wish_met_at IS NULL OR wish_met_at < clock_timestamp() - %(wishes_every)s)
"""
MARK_TARGETS = """
UPDATE poll_targets
SET discovered_at = clock_timestamp(), lookup_wanted_at = NULL,
    wish_met_at = CASE WHEN lookup_wanted_at IS NULL THEN wish_met_at ELSE clock_timestamp() END
WHERE station_id = ANY (%(station_ids)s)
"""
MARK_GAUGES = """
UPDATE gauges SET series_looked_up_at = clock_timestamp(), series_parameters = %(parameter_codes)s
WHERE station_id = ANY (%(station_ids)s) AND network = %(network)s
"""
LOOK_BACK_AGAIN = """
UPDATE poll_targets SET recent_swept_at = NULL, deep_swept_at = NULL WHERE station_id = ANY (%(station_ids)s)
"""
IS_FRESH = """
SELECT EXISTS (SELECT FROM gauges
    WHERE station_id = %(station_id)s AND network = %(network)s AND series_parameters = %(parameter_codes)s
        AND series_looked_up_at > clock_timestamp() - %(within)s)
"""
SELECT_PARAMETERS = """
SELECT series_parameters FROM gauges WHERE station_id = %(station_id)s AND network = %(network)s
"""
SELECT_NAMES = """
SELECT station_id, name FROM poll_targets WHERE station_id = ANY (%(station_ids)s) AND name IS NOT NULL
"""


def due(conn: Connection, *, parameter_codes: Sequence[str], not_since: datetime | None = None) -> list[str]:
    """Return the polled sites that are to be looked up, those first that were never.

    These are sites that were not asked about all of the parameters, those for which it is wanted, and those
    last asked before `not_since`.
    """
    parameters = {
        "network": USGS, "not_since": not_since, "parameter_codes": sorted(parameter_codes)
    }  # fmt: skip
    return [station_id for (station_id,) in conn.execute(SELECT_DUE, parameters)]


def count_unknown(conn: Connection) -> int:
    """Return of how many polled sites nothing is known yet."""
    unknown: int = only_row(conn.execute(COUNT_UNKNOWN))[0]
    return unknown


def want(conn: Connection, station_ids: Sequence[str]) -> None:
    """Have these sites looked up again soon, unless that was wanted and done in the last hours."""
    conn.execute(WANT, {"station_ids": list(station_ids), "wishes_every": WISHES_EVERY})


def mark(conn: Connection, station_ids: Sequence[str], *, parameter_codes: Sequence[str]) -> None:
    """Keep that the agency has told which series of these parameters these sites have, none included."""
    parameters = {
        "station_ids": list(station_ids), "parameter_codes": sorted(parameter_codes), "network": USGS
    }  # fmt: skip
    conn.execute(MARK_TARGETS, parameters)
    conn.execute(MARK_GAUGES, parameters)


def look_back_again(conn: Connection, station_ids: Sequence[str]) -> None:
    """Let the next looks for late values take these sites as if they had never been looked at."""
    conn.execute(LOOK_BACK_AGAIN, {"station_ids": list(station_ids)})


def is_fresh(conn: Connection, station_id: str, *, parameter_codes: Sequence[str], within: timedelta) -> bool:
    """Say whether the site was looked up within this time, for just these parameters."""
    parameters = {
        "station_id": station_id,
        "network": USGS,
        "parameter_codes": sorted(parameter_codes),
        "within": within,
    }
    fresh: bool = only_row(conn.execute(IS_FRESH, parameters))[0]
    return fresh


def parameters_of(conn: Connection, station_id: str) -> list[str]:
    """Return the parameter codes that a site was last looked up for; none where it never was."""
    row = conn.execute(SELECT_PARAMETERS, {"station_id": station_id, "network": USGS}).fetchone()
    return list(row[0] or ()) if row else []


def names(conn: Connection, station_ids: Sequence[str]) -> dict[str, str]:
    """Return the names that were given with these sites' ids, where any were."""
    return dict(conn.execute(SELECT_NAMES, {"station_ids": list(station_ids)}).fetchall())
