"""Check staleness: mark what was not seen for too long, and what is seen again."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection

from gaugehouse.domain.gauges import HEARD_WITHIN
from gaugehouse.store import gauges


@dataclass(frozen=True, slots=True, kw_only=True)
class StalenessSummary:
    """How many gauge summaries turned stale and fresh now. How many are stale: `system_state`."""

    turned_stale: int
    turned_fresh: int

    @property
    def rows_affected(self) -> int:
        """Summaries whose mark changed."""
        return self.turned_stale + self.turned_fresh


def check_staleness(*, conn: Connection, reference_time: datetime) -> StalenessSummary:
    """Mark gauge summaries as of `reference_time`: older than three hours (strictly) is stale."""
    turned_stale, turned_fresh = gauges.mark_stale_summaries(conn, seen_before=reference_time - HEARD_WITHIN)
    return StalenessSummary(turned_stale=turned_stale, turned_fresh=turned_fresh)
