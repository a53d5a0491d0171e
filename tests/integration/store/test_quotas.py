from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest

from gaugehouse.domain.errors import SourceBusy
from gaugehouse.domain.quotas import Budget
from gaugehouse.store import quotas
from gaugehouse.store.connection import database_time
from tests.conftest import Connect


def consume(
    conn: psycopg.Connection, interval: float = 2.0, longest: float = 10.0, spare: float = 0.0
) -> float:
    return quotas.consume(conn, "mcfcd", interval_seconds=interval, longest_wait_seconds=longest, spare=spare)


def test_the_first_request_goes_at_once_and_the_next_waits(conn: psycopg.Connection) -> None:
    assert consume(conn) == pytest.approx(0.0, abs=0.2)
    assert consume(conn) == pytest.approx(2.0, abs=0.5)
    assert consume(conn) == pytest.approx(4.0, abs=0.5)


def test_it_is_kept_in_the_database_and_not_in_the_process(open_connection: Connect) -> None:
    consume(open_connection())

    assert consume(open_connection()) > 1.0


def test_many_at_once_get_moments_two_seconds_apart(open_connection: Connect) -> None:
    connections = [open_connection() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        waits = sorted(pool.map(lambda conn: consume(conn, longest=100.0), connections))

    gaps = [later - earlier for earlier, later in pairwise(waits)]
    assert all(gap == pytest.approx(2.0, abs=0.5) for gap in gaps), waits
    assert connections[0].execute("SELECT count(*) FROM upstream_quotas").fetchone() == (1,)


def test_a_wait_too_long_takes_nothing_and_says_how_long(conn: psycopg.Connection) -> None:
    quotas.hold(conn, "mcfcd", seconds=120)

    with pytest.raises(SourceBusy) as busy:
        consume(conn)

    assert busy.value.retry_after_seconds == pytest.approx(120, abs=2)
    left = conn.execute("SELECT next_request_at - now() < interval '121 s' FROM upstream_quotas").fetchone()
    assert left == (True,)


def test_a_hold_never_shortens_a_longer_one(conn: psycopg.Connection) -> None:
    quotas.hold(conn, "mcfcd", seconds=120)
    quotas.hold(conn, "mcfcd", seconds=5)

    with pytest.raises(SourceBusy):
        consume(conn)


def test_sources_do_not_share(conn: psycopg.Connection) -> None:
    quotas.hold(conn, "usgs", seconds=120)

    assert consume(conn) == pytest.approx(0.0, abs=0.2)


def test_an_interval_of_zero_never_waits(conn: psycopg.Connection) -> None:
    assert [consume(conn, interval=0.0) for _ in range(5)] == [pytest.approx(0.0, abs=0.05)] * 5


def budget(remaining: int, *, limit: int = 3, window_seconds: float = 3600) -> Budget:
    return Budget(limit=limit, remaining=remaining, window_seconds=window_seconds)


def left(conn: psycopg.Connection) -> int | None:
    [quota] = quotas.all_quotas(conn)
    return quota.remaining


def let_window_end(conn: psycopg.Connection) -> None:
    conn.execute("UPDATE upstream_quotas SET resets_at = now() - interval '1 s'")


def test_an_agency_that_tells_no_budget_has_none(conn: psycopg.Connection) -> None:
    consume(conn)

    [quota] = quotas.all_quotas(conn)
    assert (quota.source, quota.request_limit, quota.remaining, quota.resets_at) == (
        "mcfcd",
        None,
        None,
        None,
    )
    assert quota.wait_seconds == pytest.approx(2.0, abs=0.5)


def test_a_budget_that_is_used_up_says_when_it_is_whole_again(conn: psycopg.Connection) -> None:
    quotas.adopt(conn, "mcfcd", budget(2))
    consume(conn, interval=0)
    consume(conn, interval=0)

    with pytest.raises(SourceBusy) as busy:
        consume(conn, interval=0)

    assert busy.value.retry_after_seconds == pytest.approx(3600, abs=5)
    assert left(conn) == 0, "a request that was not sent takes nothing"


def test_after_its_window_the_budget_is_whole_once(conn: psycopg.Connection) -> None:
    quotas.adopt(conn, "mcfcd", budget(0))
    let_window_end(conn)

    for expected in (2, 1, 0):
        consume(conn, interval=0)
        assert left(conn) == expected
    with pytest.raises(SourceBusy):
        consume(conn, interval=0)
    [quota] = quotas.all_quotas(conn)
    assert quota.resets_at is not None and quota.resets_at > database_time(conn) + timedelta(minutes=59)


def test_who_spares_a_share_of_the_budget_leaves_it_to_others(conn: psycopg.Connection) -> None:
    quotas.adopt(conn, "mcfcd", budget(12, limit=50))
    consume(conn, interval=0, spare=0.2)
    consume(conn, interval=0, spare=0.2)

    with pytest.raises(SourceBusy) as busy:
        consume(conn, interval=0, spare=0.2)

    assert busy.value.retry_after_seconds == pytest.approx(3600, abs=5)
    assert left(conn) == 10
    consume(conn, interval=0)
    assert left(conn) == 9


def test_within_a_window_only_less_is_believed(conn: psycopg.Connection) -> None:
    """Answers overtake each other: an older one must not give back what a newer one has taken."""
    quotas.adopt(conn, "mcfcd", budget(2))
    quotas.adopt(conn, "mcfcd", budget(3))
    assert left(conn) == 2
    quotas.adopt(conn, "mcfcd", budget(1))
    assert left(conn) == 1

    let_window_end(conn)
    quotas.adopt(conn, "mcfcd", budget(9, limit=10))
    assert left(conn) == 9


def test_a_budget_can_come_after_a_hold_and_keeps_it(conn: psycopg.Connection) -> None:
    quotas.hold(conn, "mcfcd", seconds=120)
    quotas.adopt(conn, "mcfcd", budget(3))

    with pytest.raises(SourceBusy) as busy:
        consume(conn)
    assert busy.value.retry_after_seconds == pytest.approx(120, abs=2)
    assert left(conn) == 3


def test_a_new_sandbox_starts_with_what_the_last_one_left(open_connection: Connect) -> None:
    first, second = open_connection(), open_connection()
    quotas.adopt(first, "mcfcd", budget(3))
    consume(first, interval=0)

    assert quotas.all_quotas(second) == quotas.all_quotas(first)
    consume(second, interval=0)
    assert left(first) == 1


@pytest.mark.parametrize("fresh_window", [False, True])
def test_many_at_once_share_one_budget(fresh_window: bool, open_connection: Connect) -> None:
    connections = [open_connection() for _ in range(6)]
    quotas.adopt(connections[0], "mcfcd", budget(3))
    if fresh_window:
        connections[0].execute("UPDATE upstream_quotas SET remaining = 0")
        let_window_end(connections[0])

    def attempt(conn: psycopg.Connection) -> bool:
        try:
            consume(conn, interval=0)
        except SourceBusy:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, connections)) == 3


def test_many_that_adopt_at_once_leave_one_row_with_the_least(open_connection: Connect) -> None:
    connections = [open_connection() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda pair: quotas.adopt(pair[1], "mcfcd", budget(pair[0], limit=10)),
                enumerate(connections, start=4),
            )
        )
    assert connections[0].execute("SELECT count(*) FROM upstream_quotas").fetchone() == (1,)
    assert left(connections[0]) == 4
