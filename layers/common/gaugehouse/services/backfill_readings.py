"""Ask the past again, as an operator wants it: a window before some time, for some of the sites."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.measurements import Response
from gaugehouse.domain.polling import StoredCounts, Window
from gaugehouse.services.ask_sites import Asked, PollSummary, ask_sites
from gaugehouse.services.store_measurements import prepare_partitions, store_readings
from gaugehouse.services.stream_agency import ReadingsAgency
from gaugehouse.store import site_lookups, site_pasts


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSummary(PollSummary):
    """What one look at the past did.

    `sites_left` have not been asked about this window yet, those included of which nothing is known. Of a
    look at all sites again none is ever left: it goes round.
    """

    sites_left: int


def backfill_readings(
    window: Window,
    *,
    limit: int | None,
    only_failed: bool,
    again: bool,
    conn: Connection,
    agency: ReadingsAgency,
    seconds_left: Callable[[], float],
) -> tuple[PastSummary, Asked]:
    """Ask for a window of the past: of all sites or up to `limit`, longest unpolled first.

    Which windows a site was asked about is kept, so that the same call goes on with the next sites until
    none is left; `again` takes them once more, those first that were asked the longest time ago.
    `only_failed` takes the sites whose last poll failed. How the series are doing now is none of the past's
    business: their state is not touched.
    """

    def candidates(most: int | None) -> list[str]:
        return site_pasts.backfill_candidates(conn, window, limit=most, only_failed=only_failed, again=again)

    counts = StoredCounts()

    def keep(group: Sequence[str], response: Response[datetime]) -> None:
        nonlocal counts
        prepare_partitions(response, conn=conn)
        with conn.transaction():
            counts += store_readings(response, conn=conn)
            site_pasts.mark_backfilled(conn, group, window)

    asked = ask_sites(
        agency.groups(candidates(limit), hours=(window.end - window.start) / timedelta(hours=1)),
        ask=lambda group: agency.readings(group, window),
        keep=keep,
        seconds_left=seconds_left,
    )
    summary = PastSummary(
        **counts.as_fields(),
        **asked.as_fields(),
        sites_left=(0 if again else len(candidates(None)))
        + (0 if only_failed else site_lookups.count_unknown(conn)),
    )
    return summary, asked
