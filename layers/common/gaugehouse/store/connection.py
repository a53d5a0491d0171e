"""How this project connects to PostgreSQL: always the same session settings, always autocommit."""

from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo

# A dead sandbox must not hold a row for ever, nor a slow statement an invocation. Times are in UTC.
STATEMENT_SECONDS = 60
SESSION_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
        "timezone": "UTC",
    }.items()
)


def connect(
    conninfo: str, *, application_name: str, statement_seconds: int = STATEMENT_SECONDS
) -> Connection:
    """Open a connection in autocommit mode: a transaction is always an explicit `conn.transaction()`.

    A statement that takes longer than `statement_seconds` is cancelled.

    So no transaction is ever open across an HTTP request by accident. The session's settings come after the
    `options` that the conninfo may have, such as a role to take on.

    Raises: psycopg.OperationalError when the database cannot be reached within 10 s.
    """
    given = conninfo_to_dict(conninfo).get("options") or ""
    return psycopg.connect(
        make_conninfo(
            conninfo,
            application_name=application_name,
            connect_timeout=10,
            options=f"{given} {SESSION_OPTIONS} -c statement_timeout={statement_seconds}s".strip(),
            keepalives=1,
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
            tcp_user_timeout=20_000,  # ms; keepalives do not cover a statement that is never acknowledged
        ),
        autocommit=True,
    )


def is_alive(conn: Connection) -> bool:
    """Say whether the session still answers: one round trip, since a dead peer looks open until asked."""
    if conn.closed:
        return False
    try:
        conn.execute("SELECT 1")
    except psycopg.OperationalError:
        conn.close()
        return False
    return True


def database_time(conn: Connection) -> datetime:
    """Return the time on the one clock that all workers share. Aware, UTC."""
    now: datetime = only_row(conn.execute("SELECT clock_timestamp()"))[0]
    return now


def only_row(cursor: Cursor[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return the one row of a statement that cannot return none, such as an aggregate.

    Raises: psycopg.DataError when it did all the same.
    """
    row = cursor.fetchone()
    if row is None:
        raise psycopg.DataError("a statement that always returns a row returned none")
    return row
