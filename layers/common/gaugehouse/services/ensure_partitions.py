"""Make the partitions of the coming months, so that no poll has to."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection

from gaugehouse.store import partitions

MONTHS_AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionsSummary:
    """How many partitions were missing, and are there now."""

    made: int

    @property
    def rows_affected(self) -> int:
        """Partitions that were made."""
        return self.made


def ensure_partitions(*, conn: Connection, reference_time: datetime) -> PartitionsSummary:
    """Make the partitions of the month of `reference_time` and of the three months after it."""
    return PartitionsSummary(made=partitions.ensure_ahead(conn, reference_time, months=MONTHS_AHEAD))
