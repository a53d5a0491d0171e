"""What tests of the ledger do again and again: put jobs into a state, and look at them."""

from typing import Any

import psycopg
from psycopg.rows import dict_row

from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.import_jobs import FOPR, ImportJob, ImportRequest
from gaugehouse.domain.locks import Lock, import_lock
from gaugehouse.store import claimed_imports, import_jobs, locks


def wish(station_id: str = "59700", **summary: Any) -> ImportRequest:
    """A request for one gauge's full record, as discovery makes it."""
    return ImportRequest(
        kind=FOPR,
        subject=station_id,
        gauge_summary=GaugeSummary(station_id=station_id, gauge_name=f"Gauge {station_id}", **summary),
    )


def job_row(conn: psycopg.Connection, station_id: str = "59700") -> dict[str, Any]:
    """The job as it stands."""
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("SELECT * FROM import_jobs WHERE subject = %s", (station_id,)).fetchone()
    assert row is not None
    return row


def claimed(
    conn: psycopg.Connection, station_id: str = "59700", worker_id: str = "worker"
) -> tuple[ImportJob, Lock]:
    """A job in progress and the lock under which it is."""
    import_jobs.create_missing(conn, [wish(station_id)], source="discovery")
    lock = locks.acquire(conn, import_lock("fopr", station_id), worker_id=worker_id, ttl_seconds=60)
    assert lock is not None
    job = claimed_imports.claim(conn, wish(station_id), lock)
    assert job is not None
    return job, lock


def let_lock_expire(conn: psycopg.Connection, lock_id: str) -> None:
    """Let the lock's time run out, without waiting for it."""
    conn.execute(
        "UPDATE job_locks SET locked_at = now() - interval '2 min', expires_at = now() - interval '1 min' "
        "WHERE id = %s",
        (lock_id,),
    )


def make_due(conn: psycopg.Connection, station_id: str = "59700") -> None:
    """Let the job's waiting time be over, without waiting for it."""
    conn.execute(
        "UPDATE import_jobs SET next_retry_at = now() - interval '1 s' WHERE subject = %s", (station_id,)
    )
