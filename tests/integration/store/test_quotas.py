from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import psycopg
import pytest

from gaugehouse.domain.errors import SourceBusy
from gaugehouse.store import quotas
from tests.conftest import Connect


def consume(conn: psycopg.Connection, interval: float = 2.0, longest: float = 10.0) -> float:
    return quotas.consume(conn, "mcfcd", interval_seconds=interval, longest_wait_seconds=longest)


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
