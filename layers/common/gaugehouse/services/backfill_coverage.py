"""Whether a window of a site's past is done: asked late enough, for everything that is asked for now.

What a window was asked for is kept in the statistics of its job. Asking a second time only for what was
changed since would never bring the values of a parameter or a series that was not asked for the first time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection

from gaugehouse.domain.backfill import BackfillWindow
from gaugehouse.domain.import_jobs import JobStatus, Kind
from gaugehouse.store import known_series
from gaugehouse.store.import_jobs import JobStanding


def coverage(conn: Connection, window: BackfillWindow, parameter_codes: Sequence[str]) -> dict[str, Any]:
    """Return what an answer about a window covers: parameters, and our ids of the series that it can fill."""
    return {"parameter_codes": sorted(parameter_codes), "series": _fillable(conn, window, parameter_codes)}


def coverage_of(stats: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the import with these statistics covers."""
    kept = stats or {}
    return {"parameter_codes": kept.get("parameter_codes", []), "series": kept.get("series", [])}


def is_covered(
    conn: Connection, window: BackfillWindow, parameter_codes: Sequence[str], stats: Mapping[str, Any] | None
) -> bool:
    """Say whether the job with these statistics asked for these parameters, and knew of all their series."""
    covered, wanted = coverage_of(stats), coverage(conn, window, parameter_codes)
    return all(set(wanted[what]) <= set(covered[what]) for what in wanted)


def is_done(
    conn: Connection, window: BackfillWindow, parameter_codes: Sequence[str], standing: JobStanding
) -> bool:
    """Say whether asking for the window again would bring nothing that is known to be missing."""
    return (
        standing.status is JobStatus.COMPLETED
        and standing.last_completed_at is not None
        and window.is_final(standing.last_completed_at)
        and is_covered(conn, window, parameter_codes, standing.import_stats)
    )


def _fillable(conn: Connection, window: BackfillWindow, parameter_codes: Sequence[str]) -> list[int]:
    return known_series.primary_ids(
        conn,
        window.station_id,
        instantaneous=window.kind is Kind.USGS_CONTINUOUS,
        parameter_codes=parameter_codes,
        window=window.span,
    )
