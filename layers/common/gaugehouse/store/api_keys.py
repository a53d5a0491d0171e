"""Keys of the HTTP API. The API itself gets at them by functions of the database (migration 0020)."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.api_keys import ApiKey, FoundKey, KeyDigest

INSERT = """
INSERT INTO api_keys (prefix, name, secret_sha256, scopes, expires_at)
VALUES (%(prefix)s, %(name)s, %(secret_sha256)s, %(scopes)s,
        clock_timestamp() + make_interval(days => %(days)s))
RETURNING prefix, name, scopes, created_at, expires_at, last_used_at, revoked_at, false AS is_expired
"""
SELECT = """
SELECT prefix, name, scopes, created_at, expires_at, last_used_at, revoked_at,
       expires_at <= clock_timestamp() AS is_expired
FROM api_keys ORDER BY created_at DESC
"""
REVOKE = """
UPDATE api_keys SET revoked_at = clock_timestamp() WHERE prefix = %(prefix)s AND revoked_at IS NULL
"""
FIND = "SELECT * FROM api_find_key(%(prefix)s, %(address)s::inet)"
NOTE_USE = "SELECT api_note_use(%(prefix)s)"


def insert(conn: Connection, key: KeyDigest, *, name: str, scopes: Sequence[str], days: int) -> ApiKey:
    """Add a key that expires in so many days, on the database's clock."""
    values = {
        "prefix": key.prefix,
        "name": name,
        "secret_sha256": key.secret_sha256,
        "scopes": list(scopes),
        "days": days,
    }
    with conn.cursor(row_factory=class_row(ApiKey)) as cursor:
        [made] = cursor.execute(INSERT, values).fetchall()
    return made


def all_keys(conn: Connection) -> list[ApiKey]:
    """Return every key that there ever was, the newest first."""
    with conn.cursor(row_factory=class_row(ApiKey)) as cursor:
        return cursor.execute(SELECT).fetchall()


def revoke(conn: Connection, prefix: str) -> bool:
    """Have a key refused from now on. False when there is none that was not."""
    return conn.execute(REVOKE, {"prefix": prefix}).rowcount == 1


def find(conn: Connection, prefix: str, *, address: str) -> FoundKey:
    """Return what is known of a prefix, and for how long it or that address is locked out. For the API."""
    with conn.cursor(row_factory=class_row(FoundKey)) as cursor:
        [found] = cursor.execute(FIND, {"prefix": prefix, "address": address}).fetchall()
    return found


def note_use(conn: Connection, prefix: str) -> None:
    """Remember that a key was accepted, at most once a minute. For the API."""
    conn.execute(NOTE_USE, {"prefix": prefix})
