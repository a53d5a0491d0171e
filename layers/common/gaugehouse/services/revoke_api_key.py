"""Revoke a key of the HTTP API: the next request with it is refused."""

from psycopg import Connection

from gaugehouse.store import api_keys, security_events


def revoke_api_key(prefix: str, *, conn: Connection) -> bool:
    """Have a key refused from now on, and remember it. False when there is no such key that still holds."""
    with conn.transaction():
        revoked = api_keys.revoke(conn, prefix)
        if revoked:
            security_events.record(conn, "key_revoked", prefix=prefix, detail="by an operator")
    return revoked
