"""Clean up rejects: forget what was not seen for 90 days, in batches that end."""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.store import rejected_records

RETENTION_DAYS = 90
BATCH_SIZE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupSummary:
    """How many were deleted. `truncated` says that time was up first; the next run goes on."""

    deleted: int
    truncated: bool

    @property
    def rows_affected(self) -> int:
        """Rows that were deleted."""
        return self.deleted


def cleanup_rejects(*, conn: Connection, time_is_up: Callable[[], bool]) -> CleanupSummary:
    """Delete old rejects batch by batch, each in its own transaction.

    A batch deletes what it finds or finds nothing, so a row that cannot be deleted (another session holds
    it) is passed over and neither loops nor starves the rest.
    """
    deleted = 0
    while not time_is_up():
        batch = rejected_records.delete_unseen(conn, days=RETENTION_DAYS, limit=BATCH_SIZE)
        deleted += batch
        if batch == 0:
            return CleanupSummary(deleted=deleted, truncated=False)
    return CleanupSummary(deleted=deleted, truncated=True)
