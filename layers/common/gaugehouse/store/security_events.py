"""What happened to keys of the HTTP API, and what was done with them. Kept for a week."""

from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from gaugehouse.store.connection import only_row

NOTE_REFUSAL = "SELECT api_note_refusal(%(prefix)s, %(address)s::inet, %(why)s)"
NOTE_ACTION = "SELECT api_note_action(%(prefix)s, %(address)s::inet, %(what)s)"
INSERT = """
INSERT INTO security_events (kind, key_prefix, detail) VALUES (%(kind)s, %(prefix)s, %(detail)s)
"""
SELECT_NEWEST = """
SELECT at, kind, key_prefix, abbrev(address) AS address, detail
FROM security_events ORDER BY id DESC LIMIT %(limit)s
"""
DELETE_OLD = """
DELETE FROM security_events WHERE at < clock_timestamp() - make_interval(days => %(days)s)
"""
LONGEST_DETAIL = 500  # characters, as the table has it


def note_refusal(conn: Connection, prefix: str | None, *, address: str, why: str) -> float:
    """Count a refused key. Return for how many seconds its caller was locked out already, 0 if it was not.

    Safe with any number of callers at once: each sees those before it. For the API; outside of a transaction.
    """
    seconds: float = only_row(conn.execute(NOTE_REFUSAL, {"prefix": prefix, "address": address, "why": why}))[
        0
    ]
    return seconds


def note_action(conn: Connection, prefix: str, *, address: str, what: str) -> None:
    """Remember what is done with a key. For the API."""
    conn.execute(NOTE_ACTION, {"prefix": prefix, "address": address, "what": what[:LONGEST_DETAIL]})


def record(conn: Connection, kind: str, *, prefix: str, detail: str) -> None:
    """Remember what an operator did to a key."""
    conn.execute(INSERT, {"kind": kind, "prefix": prefix, "detail": detail[:LONGEST_DETAIL]})


def newest(conn: Connection, *, limit: int) -> list[dict[str, Any]]:
    """Return the newest events, the newest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(SELECT_NEWEST, {"limit": limit}).fetchall()


def delete_old(conn: Connection, *, days: int) -> int:
    """Delete what is older than so many days, on the database's clock. Return how many events."""
    return conn.execute(DELETE_OLD, {"days": days}).rowcount
