"""Find the sites to poll: those that the settings name, and the active ones of the area that they name."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.errors import SourceUnavailable
from gaugehouse.services.stream_agency import SitesAgency
from gaugehouse.store import poll_targets

ACTIVE_WITHIN = timedelta(days=60)  # the agency's own description of a series lags behind its readings


def find_sites(configured: Sequence[str], *, conn: Connection, agency: SitesAgency, now: datetime) -> int:
    """Bring the sites that are polled to what the settings say. Return how many changed.

    What an operator added or removed stays so.

    Raises: SourceUnavailable when the area turns out empty: rather an old list of sites than none.
    """
    in_area = agency.active_sites(active_since=now - ACTIVE_WITHIN)
    if in_area is not None and not in_area:
        raise SourceUnavailable(
            "USGS knows no active site in the states or the box of the settings; are they written right?"
        )
    return poll_targets.sync_from_settings(conn, sorted({*configured, *(in_area or ())}))
