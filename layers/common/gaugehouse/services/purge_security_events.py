"""Purge security events: forget what is older than 7 days."""

from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.store import security_events

RETENTION_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeSummary:
    """How many events were deleted."""

    deleted: int

    @property
    def rows_affected(self) -> int:
        """Rows that were deleted."""
        return self.deleted


def purge_security_events(*, conn: Connection) -> PurgeSummary:
    """Delete old events, in one statement: migration 0020 bounds how many there can be of a day."""
    return PurgeSummary(deleted=security_events.delete_old(conn, days=RETENTION_DAYS))
