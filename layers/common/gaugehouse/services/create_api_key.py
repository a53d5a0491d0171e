"""Create a key of the HTTP API: its text is told once, and only a digest of its secret is kept."""

import secrets

from psycopg import Connection

from gaugehouse.domain.api_keys import PREFIX_BYTES, SECRET_BYTES, ApiKey, Scope, make_key
from gaugehouse.store import api_keys, security_events


def create_api_key(name: str, scope: Scope, *, days: int, conn: Connection) -> tuple[str, ApiKey]:
    """Make a key for somebody that expires in so many days. Return its text, which nothing else knows.

    Raises: psycopg.errors.UniqueViolation where chance makes a prefix again, once in 2**40.
    """
    text, digest = make_key(secrets.token_bytes(PREFIX_BYTES), secrets.token_bytes(SECRET_BYTES))
    with conn.transaction():
        made = api_keys.insert(conn, digest, name=name, scopes=scope.granted, days=days)
        told = f"{name}: {scope.value}, {days} days"
        security_events.record(conn, "key_created", prefix=made.prefix, detail=told)
    return text, made
