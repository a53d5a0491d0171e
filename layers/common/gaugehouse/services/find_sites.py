"""Find the sites to poll: those that the settings name, and the active ones of the area that they name."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.errors import GaugehouseError, SourceUnavailable
from gaugehouse.services.stream_agency import SitesAgency
from gaugehouse.store import poll_targets

ACTIVE_WITHIN = timedelta(days=60)  # the agency's own description of a series lags behind its readings


def find_sites(
    configured: Mapping[str, str | None], *, conn: Connection, agency: SitesAgency, now: datetime
) -> int:
    """Bring the sites that are polled to what the settings say. Return how many changed.

    `configured` are those that the settings name, each with our name of it, if any. What an operator added or
    removed stays so.

    Raises: SourceUnavailable when the area turns out empty, and as `SitesAgency` does: then the sites that
    the settings name are polled, and of the area those that are known. Rather an old list of sites than none.
    """
    try:
        in_area = agency.active_sites(active_since=now - ACTIVE_WITHIN)
        if in_area is not None and not in_area:
            raise SourceUnavailable(
                "USGS knows no active site in the states or the box of the settings; are they written right?"
            )
    except GaugehouseError:
        poll_targets.sync_from_settings(conn, configured, complete=False)
        raise
    sites = {**dict.fromkeys(in_area or ()), **configured}
    return poll_targets.sync_from_settings(conn, sites)
