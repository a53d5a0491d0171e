"""Keys of the HTTP API as the API verifies them: in its own role, which cannot read or write their table."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from gaugehouse.domain.api_keys import Caller, Scope, make_key
from gaugehouse.domain.errors import GaugehouseError, KeyLockedOut, KeyRefused, ScopeMissing
from gaugehouse.services.create_api_key import create_api_key
from gaugehouse.services.revoke_api_key import revoke_api_key
from gaugehouse.services.verify_api_key import verify_api_key
from gaugehouse.store.connection import connect

HOME = "203.0.113.5"
ELSEWHERE = "198.51.100.7"
QUARTER_PASSES = "UPDATE security_events SET at = at - interval '15 minutes'"
REFUSED = "SELECT count(*) FROM security_events WHERE kind = 'key_refused'"


@pytest.fixture
def api(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection of the API."""
    with connect(as_the_api(database_url), application_name="test") as conn:
        yield conn


@pytest.fixture
def key(conn: psycopg.Connection) -> str:
    text, _ = create_api_key("Ada's notebook", Scope.READ, days=90, conn=conn)
    return text


def as_the_api(database_url: str) -> str:
    return make_conninfo(database_url, options="-c role=gaugehouse_api")


def wrong(key: str, number: int = 0) -> str:
    """The key's prefix with another secret."""
    return f"{key[:12]}{number:043}"


def unknown(number: int) -> str:
    """A key that nobody has made."""
    return make_key(number.to_bytes(5), bytes(32))[0]


def outcome(api: psycopg.Connection, text: str, address: str = HOME) -> type[GaugehouseError] | None:
    """How it ends for a caller: None lets it in."""
    try:
        verify_api_key(text, address=address, needed=Scope.READ, conn=api)
    except GaugehouseError as error:
        return type(error)
    return None


def count(conn: psycopg.Connection, query: str = REFUSED) -> int:
    [(number,)] = conn.execute(query.encode()).fetchall()
    return int(number)


def test_the_right_key_lets_its_holder_in(api: psycopg.Connection, key: str) -> None:
    caller = verify_api_key(key, address=HOME, needed=Scope.READ, conn=api)

    assert caller == Caller(prefix=key[3:11], name="Ada's notebook", address=HOME)


def test_its_use_is_remembered_to_the_minute(
    api: psycopg.Connection, conn: psycopg.Connection, key: str
) -> None:
    last_used = "SELECT last_used_at FROM api_keys"
    outcome(api, key)
    first = conn.execute(last_used).fetchone()
    assert first is not None and first[0] is not None

    outcome(api, key)
    assert conn.execute(last_used).fetchone() == first
    conn.execute("UPDATE api_keys SET last_used_at = last_used_at - interval '61 s'")
    outcome(api, key)
    assert conn.execute(last_used).fetchone() > first  # type: ignore[operator]


def test_a_key_for_reading_may_not_act_and_one_for_acting_may_read(
    api: psycopg.Connection, conn: psycopg.Connection, key: str
) -> None:
    with pytest.raises(ScopeMissing, match="may not operate"):
        verify_api_key(key, address=HOME, needed=Scope.OPERATE, conn=api)

    acting, _ = create_api_key("Ops", Scope.OPERATE, days=1, conn=conn)
    for scope in Scope:
        verify_api_key(acting, address=HOME, needed=scope, conn=api)
    assert count(conn) == 0, "a scope that is missing is no guess"


def test_who_has_the_secret_of_a_key_that_is_over_hears_why(
    api: psycopg.Connection, conn: psycopg.Connection, key: str
) -> None:
    conn.execute("UPDATE api_keys SET created_at = now() - interval '9 days', expires_at = now()")
    with pytest.raises(KeyRefused, match="has expired"):
        verify_api_key(key, address=HOME, needed=Scope.READ, conn=api)

    revoke_api_key(key[3:11], conn=conn)
    with pytest.raises(KeyRefused, match="was revoked"):
        verify_api_key(key, address=HOME, needed=Scope.READ, conn=api)


def test_who_has_not_hears_the_same_whatever_is_wrong(
    api: psycopg.Connection, conn: psycopg.Connection, key: str
) -> None:
    conn.execute("UPDATE api_keys SET created_at = now() - interval '9 days', expires_at = now()")
    told = set()
    for text in (wrong(key), unknown(1), "nonsense", "", "\0", "é" * 5000):
        with pytest.raises(KeyRefused) as refused:
            verify_api_key(text, address=HOME, needed=Scope.READ, conn=api)
        told.add(str(refused.value))

    assert len(told) == 1
    events = conn.execute(
        "SELECT detail, key_prefix FROM security_events WHERE kind = 'key_refused' ORDER BY id"
    )
    assert events.fetchall() == [
        ("wrong_secret", key[3:11]), ("unknown", unknown(1)[3:11]), *[("malformed", None)] * 4,
    ]  # fmt: skip


def test_after_five_failures_of_a_prefix_the_right_key_does_not_let_in_either(
    api: psycopg.Connection, conn: psycopg.Connection, key: str
) -> None:
    assert [outcome(api, wrong(key, n), f"203.0.113.{n}") for n in range(4)] == [KeyRefused] * 4
    assert outcome(api, key) is None, "four are no reason"
    assert outcome(api, wrong(key)) is KeyRefused

    for text in (key, wrong(key)):
        with pytest.raises(KeyLockedOut, match="try again in 9") as locked_out:
            verify_api_key(text, address=ELSEWHERE, needed=Scope.READ, conn=api)
        assert 890 < (locked_out.value.retry_after_seconds or 0) <= 900
    assert count(conn) == 5, "whoever is locked out writes nothing"
    assert count(conn, "SELECT count(*) FROM security_events WHERE kind = 'locked_out'") == 1

    other, _ = create_api_key("Bob", Scope.READ, days=1, conn=conn)
    assert outcome(api, other) is None, "another key of the same address is none of those"

    conn.execute(QUARTER_PASSES)
    assert outcome(api, key) is None


def test_the_window_slides(api: psycopg.Connection, conn: psycopg.Connection, key: str) -> None:
    outcome(api, wrong(key))
    conn.execute("UPDATE security_events SET at = at - interval '10 minutes'")
    for _ in range(4):
        outcome(api, wrong(key))
    assert outcome(api, key) is KeyLockedOut

    conn.execute("UPDATE security_events SET at = at - interval '5 minutes'")
    assert outcome(api, key) is None, "the first failure is a quarter of an hour old, and four are left"
    assert [outcome(api, wrong(key)), outcome(api, key)] == [KeyRefused, KeyLockedOut]


def test_after_a_hundred_failures_of_an_address_nobody_gets_in_from_there(
    api: psycopg.Connection, conn: psycopg.Connection, key: str
) -> None:
    texts = [unknown(n) if n % 2 else "nonsense" for n in range(100)]
    assert {outcome(api, text) for text in texts[:99]} == {KeyRefused}
    assert outcome(api, key) is None
    assert outcome(api, texts[99]) is KeyRefused

    assert [outcome(api, text) for text in (key, wrong(key), unknown(7), "nonsense")] == [KeyLockedOut] * 4
    assert outcome(api, key, ELSEWHERE) is None
    assert count(conn) == 100

    conn.execute(QUARTER_PASSES)
    assert outcome(api, key) is None


def test_an_ipv6_caller_cannot_step_aside_within_its_network(api: psycopg.Connection, key: str) -> None:
    for number in range(100):
        outcome(api, "nonsense", f"2001:db8::{number:x}")

    assert outcome(api, key, "2001:db8::ffff:ffff") is KeyLockedOut
    assert outcome(api, key, "2001:db8:0:1::1") is None


def test_at_once_too_five_failures_are_five(database_url: str, conn: psycopg.Connection, key: str) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(12) as pool:
        connections = [
            stack.enter_context(connect(as_the_api(database_url), application_name="test")) for _ in range(12)
        ]
        outcomes = list(pool.map(lambda each: outcome(each, wrong(key)), connections))

    assert sorted(outcomes, key=str) == [KeyLockedOut] * 7 + [KeyRefused] * 5
    assert count(conn) == 5


def test_nobody_fills_the_table_with_keys_that_do_not_exist(
    api: psycopg.Connection, conn: psycopg.Connection, key: str
) -> None:
    conn.execute(
        "INSERT INTO security_events (kind, address, detail) "
        "SELECT 'key_refused', '10.0.0.0'::inet + n, 'malformed' FROM generate_series(1, 1000) AS n"
    )

    assert {outcome(api, text) for text in (unknown(1), "nonsense")} == {KeyRefused}
    assert count(conn) == 1000
    assert [outcome(api, wrong(key)) for _ in range(6)] == [KeyRefused] * 5 + [KeyLockedOut]
    assert count(conn) == 1005, "what is tried of a key that exists counts all the same"


def test_a_good_key_costs_one_round_trip(api: psycopg.Connection, key: str) -> None:
    class Counted(psycopg.Cursor[Any]):
        executed = 0

        def execute(self, *arguments: Any, **options: Any) -> Any:
            Counted.executed += 1
            return super().execute(*arguments, **options)

    api.cursor_factory = Counted
    assert outcome(api, key) is None
    assert Counted.executed == 2, "once a minute its use is noted"
    assert outcome(api, key) is None
    assert Counted.executed == 3
