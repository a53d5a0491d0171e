"""Store what an agency answered: valid measurements, and what was rejected."""

from datetime import date, datetime

from psycopg import Connection

from gaugehouse.domain.measurements import Response
from gaugehouse.domain.polling import StoredCounts
from gaugehouse.store import daily_values, gauge_readings, partitions, rejected_records, site_lookups
from gaugehouse.store.merge_counts import MergeCounts


def prepare_partitions(response: Response[datetime], *, conn: Connection) -> None:
    """Make the partitions that the readings of a response belong to, each in a transaction of its own."""
    partitions.ensure(conn, partitions.months_of(response.measurements.moments))


def store_readings(response: Response[datetime], *, conn: Connection) -> StoredCounts:
    """Store instantaneous values in the caller's transaction. Their partitions exist.

    The sites of series that are not known are noted: the next look at sites asks what they measure, and looks
    back for what was not stored here.
    """
    return _counted(response, gauge_readings.merge(conn, response.measurements), conn=conn)


def store_daily_values(response: Response[date], *, conn: Connection) -> StoredCounts:
    """Store daily statistics in the caller's transaction."""
    return _counted(response, daily_values.merge(conn, response.measurements), conn=conn)


def _counted(
    response: Response[datetime] | Response[date], merged: MergeCounts, *, conn: Connection
) -> StoredCounts:
    rejected_records.record(conn, response.rejects)
    site_lookups.want(conn, merged.unknown_stations)
    return StoredCounts(
        inserted=merged.inserted,
        revised=merged.revised,
        unchanged=merged.unchanged,
        skipped=merged.skipped_not_primary,
        unknown_series=merged.unknown_series,
        missing=response.missing,
        duplicates=response.duplicates,
        rejected=response.rejected,
    )
