"""Poll the tips of watched rain gauges: what each one's counter said since it was last asked."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from psycopg import Connection

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse.domain.live_rain import TipRecord
from gaugehouse.services.ask_sites import Asked, ask_sites
from gaugehouse.services.store_tips import TIPS_SOURCE, StoredTips, store_tips
from gaugehouse.store import monitoring_state, poll_targets


@dataclass(frozen=True, slots=True, kw_only=True)
class TipsSummary(StoredTips):
    """What one poll of tips did."""

    sites: int
    sites_failed: int
    sites_not_asked: int

    @property
    def rows_affected(self) -> int:
        """Gauges, transmissions and daily totals that were written."""
        return self.discovered + self.inserted + self.revised + self.days_closed


def poll_tips(
    *,
    conn: Connection,
    ask: Callable[[str], TipRecord],
    polled_at: datetime,
    seconds_left: Callable[[], float],
) -> tuple[TipsSummary, Asked]:
    """Ask for the tips of every watched gauge, those first that waited longest.

    Each gauge is one transaction with its state and the days that are complete now. Whom time or quota does
    not reach is the first next time.
    """
    stored = StoredTips()

    def keep(group: Sequence[str], record: TipRecord) -> None:
        nonlocal stored
        stored += store_tips(record, conn=conn, polled_at=polled_at)
        poll_targets.mark_polled(conn, group, at=polled_at)

    def fail(group: Sequence[str], error: GaugehouseError) -> None:
        with conn.transaction():
            monitoring_state.record_failure(conn, group, attempted_at=polled_at, source=TIPS_SOURCE)
            poll_targets.mark_polled(conn, group, at=polled_at, error=str(error))

    asked = ask_sites(
        [[station_id] for station_id in poll_targets.due(conn, polled_at=polled_at, source=TIPS_SOURCE)],
        ask=lambda group: ask(group[0]),
        keep=keep,
        fail=fail,
        seconds_left=seconds_left,
    )
    summary = TipsSummary(
        **asdict(stored), sites=asked.sites, sites_failed=asked.failed, sites_not_asked=asked.not_asked
    )
    return summary, asked
