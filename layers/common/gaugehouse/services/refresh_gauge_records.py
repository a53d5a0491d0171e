"""Refresh gauge records: ask again for every full record that is more than a month old."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.import_jobs import REFRESH_PRIORITY
from gaugehouse.store import import_jobs

REFRESH_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSummary:
    """How many jobs were opened again."""

    reopened: int

    @property
    def rows_affected(self) -> int:
        """Jobs that were opened again."""
        return self.reopened


def refresh_gauge_records(*, conn: Connection, reference_time: datetime) -> RefreshSummary:
    """Open the jobs of gauges whose record was not asked for in the 30 days before `reference_time`.

    Low priority: new gauges and operators go first. A final failure (no workbook) is asked again too.
    """
    reopened = import_jobs.reopen_old(
        conn, older_than=reference_time - REFRESH_AFTER, priority=REFRESH_PRIORITY
    )
    return RefreshSummary(reopened=reopened)
