import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from gaugehouse.domain.errors import LockLost, SlotBusy
from gaugehouse.domain.locks import Lock
from gaugehouse.store import locks
from tests.conftest import Connect
from tests.integration.store.ledger import let_lock_expire


def acquired(conn: psycopg.Connection, worker_id: str = "a") -> Lock:
    lock = locks.acquire(conn, "import:fopr:1", worker_id=worker_id, ttl_seconds=60)
    assert lock is not None
    return lock


def test_of_many_at_once_exactly_one_gets_the_lock(open_connection: Connect) -> None:
    connections = [open_connection() for _ in range(8)]
    start = threading.Barrier(len(connections))

    def race(conn: psycopg.Connection) -> Lock | None:
        start.wait()
        return locks.acquire(conn, "poll:x:1", worker_id=str(id(conn)), ttl_seconds=60)

    with ThreadPoolExecutor(len(connections)) as pool:
        winners = [lock for lock in pool.map(race, connections) if lock is not None]

    assert len(winners) == 1


def test_an_unexpired_lock_is_not_taken_over_and_an_expired_one_is(conn: psycopg.Connection) -> None:
    first = acquired(conn, "a")
    assert locks.acquire(conn, first.id, worker_id="b", ttl_seconds=60) is None

    let_lock_expire(conn, first.id)
    second = locks.acquire(conn, first.id, worker_id="b", ttl_seconds=60)

    assert second is not None
    assert second.fencing_token > first.fencing_token
    holder = conn.execute("SELECT worker_id FROM job_locks").fetchone()
    assert holder == ("b",)


def test_release_frees_only_ones_own_lock(conn: psycopg.Connection) -> None:
    stale = acquired(conn, "a")
    let_lock_expire(conn, stale.id)
    current = acquired(conn, "b")

    assert locks.release(conn, stale) is False
    assert locks.acquire(conn, current.id, worker_id="c", ttl_seconds=60) is None
    assert locks.release(conn, current) is True
    assert locks.acquire(conn, current.id, worker_id="c", ttl_seconds=60) is not None


def test_tokens_grow_although_the_row_is_deleted_on_release(conn: psycopg.Connection) -> None:
    first = acquired(conn)
    locks.release(conn, first)
    second = acquired(conn)

    assert second.fencing_token > first.fencing_token


def test_renew_prolongs_and_refuses_when_lost(conn: psycopg.Connection) -> None:
    lock = acquired(conn)
    locks.renew(conn, lock, ttl_seconds=3600)
    left = conn.execute("SELECT expires_at > now() + interval '59 min' FROM job_locks").fetchone()
    assert left == (True,)

    let_lock_expire(conn, lock.id)
    with pytest.raises(LockLost):
        locks.renew(conn, lock, ttl_seconds=60)


def test_assert_held_refuses_an_expired_and_a_taken_lock(conn: psycopg.Connection) -> None:
    lock = acquired(conn, "a")
    locks.assert_held(conn, lock)

    let_lock_expire(conn, lock.id)
    with pytest.raises(LockLost, match="nothing was written"):
        locks.assert_held(conn, lock)
    acquired(conn, "b")
    with pytest.raises(LockLost):
        locks.assert_held(conn, lock)


def test_between_assert_held_and_commit_nobody_takes_over(open_connection: Connect) -> None:
    """A plain SELECT let a stale writer commit beside the new holder; FOR UPDATE makes the other wait."""
    writer, other = open_connection(), open_connection()
    lock = locks.acquire(writer, "import:fopr:1", worker_id="a", ttl_seconds=0.4)
    assert lock is not None
    taken_after: list[float] = []

    def take_over() -> None:
        other.execute("SET lock_timeout = 0")
        while locks.acquire(other, lock.id, worker_id="b", ttl_seconds=60) is None:
            time.sleep(0.01)
        taken_after.append(time.monotonic())

    with writer.transaction():
        locks.assert_held(writer, lock)
        thread = threading.Thread(target=take_over)
        thread.start()
        time.sleep(0.8)  # the lock's time runs out while the transaction is open
        assert taken_after == []
        committed_at = time.monotonic()
    thread.join(10)

    assert len(taken_after) == 1
    assert taken_after[0] >= committed_at


def test_the_clock_is_the_databases(conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose clock is a day wrong takes and loses locks like any other."""
    monkeypatch.setattr(time, "time", lambda: 0.0)
    lock = acquired(conn)

    spans = conn.execute(
        "SELECT locked_at <= clock_timestamp(), expires_at - locked_at < interval '61 s' FROM job_locks"
    )
    assert spans.fetchone() == (True, True)
    locks.assert_held(conn, lock)


def test_hold_releases_afterwards_and_refuses_a_second(conn: psycopg.Connection) -> None:
    with (
        locks.hold(conn, "requeue_imports:1", worker_id="a", ttl_seconds=60),
        pytest.raises(SlotBusy),
        locks.hold(conn, "requeue_imports:1", worker_id="b", ttl_seconds=60),
    ):
        pass
    assert conn.execute("SELECT count(*) FROM job_locks").fetchone() == (0,)


def test_hold_releases_after_an_error(conn: psycopg.Connection) -> None:
    with pytest.raises(ZeroDivisionError), locks.hold(conn, "x", worker_id="a", ttl_seconds=60):
        raise ZeroDivisionError
    assert conn.execute("SELECT count(*) FROM job_locks").fetchone() == (0,)


def test_a_session_gives_up_by_itself(conn: psycopg.Connection) -> None:
    """A dead sandbox must not hold a row for ever."""
    settings = {
        name: conn.execute(f"SHOW {name}").fetchone()
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone")
    }
    assert settings == {
        "statement_timeout": ("1min",),
        "lock_timeout": ("10s",),
        "idle_in_transaction_session_timeout": ("1min",),
        "timezone": ("UTC",),
    }
