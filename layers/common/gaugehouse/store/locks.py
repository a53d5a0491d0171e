"""The lock table: one mechanism for everything that only one worker may do at a time.

Rules in docs/adr/0001-lock-table.md. All times are the database's.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.errors import LockLost, SlotBusy
from gaugehouse.domain.locks import Lock, LockHolder

# One atomic statement: it inserts, or takes over a row that has expired, or returns nothing.
ACQUIRE = """
INSERT INTO job_locks AS held (id, worker_id, expires_at)
VALUES (%(id)s, %(worker_id)s, clock_timestamp() + make_interval(secs => %(ttl_seconds)s))
ON CONFLICT (id) DO UPDATE
    SET worker_id = excluded.worker_id,
        fencing_token = excluded.fencing_token,
        locked_at = clock_timestamp(),
        expires_at = excluded.expires_at
    WHERE held.expires_at <= clock_timestamp()
RETURNING fencing_token
"""
RENEW = """
UPDATE job_locks SET expires_at = clock_timestamp() + make_interval(secs => %(ttl_seconds)s)
WHERE id = %(id)s AND fencing_token = %(token)s AND expires_at > clock_timestamp()
"""
RELEASE = "DELETE FROM job_locks WHERE id = %(id)s AND fencing_token = %(token)s"
FREE_ALL = "DELETE FROM job_locks"
# FOR UPDATE, because with a plain SELECT another worker can take the lock over between this statement
# and our commit, and both would write. The row lock makes the takeover wait until we have committed.
ASSERT_HELD = """
SELECT 1 FROM job_locks
WHERE id = %(id)s AND fencing_token = %(token)s AND expires_at > clock_timestamp()
FOR UPDATE
"""
SELECT_HOLDER = """
SELECT worker_id, locked_at, expires_at FROM job_locks WHERE id = %(id)s AND expires_at > clock_timestamp()
"""


def acquire(conn: Connection, lock_id: str, *, worker_id: str, ttl_seconds: float) -> Lock | None:
    """Take the lock, also over from a holder whose time is up; None when somebody else holds it.

    `ttl_seconds` must be longer than the function's time-out, or a living worker loses its lock.
    """
    row = conn.execute(
        ACQUIRE, {"id": lock_id, "worker_id": worker_id, "ttl_seconds": ttl_seconds}
    ).fetchone()
    return None if row is None else Lock(id=lock_id, worker_id=worker_id, fencing_token=row[0])


def renew(conn: Connection, lock: Lock, *, ttl_seconds: float) -> None:
    """Hold the lock for another `ttl_seconds` from now.

    Raises: LockLost when it had expired or was taken over.
    """
    parameters = {"id": lock.id, "token": lock.fencing_token, "ttl_seconds": ttl_seconds}
    if conn.execute(RENEW, parameters).rowcount == 0:
        raise LockLost(f"lock {lock.id} was lost before it could be renewed")


def release(conn: Connection, lock: Lock) -> bool:
    """Give the lock back. False, and nothing changed, when it is no longer ours."""
    return conn.execute(RELEASE, {"id": lock.id, "token": lock.fencing_token}).rowcount == 1


def assert_held(conn: Connection, lock: Lock) -> None:
    """Make the running transaction's commit depend on the lock. Call it as its last statement.

    Raises: LockLost when the lock expired or was taken over; the transaction must then roll back.
    """
    if conn.execute(ASSERT_HELD, {"id": lock.id, "token": lock.fencing_token}).fetchone() is None:
        raise LockLost(f"lock {lock.id} (token {lock.fencing_token}) was lost; nothing was written")


def find_holder(conn: Connection, lock_id: str) -> LockHolder | None:
    """Say who holds a lock, for an operator to read; None when it is free."""
    with conn.cursor(row_factory=class_row(LockHolder)) as cursor:
        return cursor.execute(SELECT_HOLDER, {"id": lock_id}).fetchone()


def free_all(conn: Connection) -> int:
    """Free every lock: the caller knows that no worker lives. Return how many there were."""
    return conn.execute(FREE_ALL).rowcount


@contextmanager
def hold(conn: Connection, lock_id: str, *, worker_id: str, ttl_seconds: float) -> Iterator[Lock]:
    """Hold the lock around a block.

    Raises: SlotBusy when somebody else holds it.
    """
    lock = acquire(conn, lock_id, worker_id=worker_id, ttl_seconds=ttl_seconds)
    if lock is None:
        raise SlotBusy(f"{lock_id} is held by another run")
    try:
        yield lock
    finally:
        release_quietly(conn, lock)


def release_quietly(conn: Connection, lock: Lock) -> None:
    """Release on the way out of a block: a broken connection must not hide the error that broke it.

    The lock then frees itself when its time is up.
    """
    with suppress(psycopg.OperationalError, psycopg.InterfaceError):
        release(conn, lock)
