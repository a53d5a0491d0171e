"""What an operator has paused. A pause with an end is over by itself, on the database's clock."""

from datetime import datetime

from psycopg import Connection
from psycopg.rows import class_row

from gaugehouse.domain.pauses import Pause

UPSERT = """
INSERT INTO pauses AS known (name, reason, resumes_at) VALUES (%(name)s, %(reason)s, %(resumes_at)s)
ON CONFLICT (name) DO UPDATE
    SET reason = excluded.reason, paused_at = now(), resumes_at = excluded.resumes_at
"""
DELETE = "DELETE FROM pauses WHERE name = %(name)s"
SELECT_ACTIVE = """
SELECT name, reason, paused_at, resumes_at FROM pauses
WHERE resumes_at IS NULL OR resumes_at > clock_timestamp()
ORDER BY name
"""
SELECT_ONE = """
SELECT name, reason, paused_at, resumes_at FROM pauses
WHERE name = %(name)s AND (resumes_at IS NULL OR resumes_at > clock_timestamp())
"""


def pause(conn: Connection, name: str, *, reason: str, resumes_at: datetime | None) -> None:
    """Pause a source, a task or all imports; again: with the new reason and end."""
    conn.execute(UPSERT, {"name": name, "reason": reason, "resumes_at": resumes_at})


def resume(conn: Connection, name: str) -> bool:
    """End a pause. False when there was none."""
    return conn.execute(DELETE, {"name": name}).rowcount == 1


def active(conn: Connection) -> list[Pause]:
    """Return the pauses that are in force, by name."""
    with conn.cursor(row_factory=class_row(Pause)) as cursor:
        return cursor.execute(SELECT_ACTIVE).fetchall()


def find(conn: Connection, name: str) -> Pause | None:
    """Return the pause of that name, if it is in force."""
    with conn.cursor(row_factory=class_row(Pause)) as cursor:
        return cursor.execute(SELECT_ONE, {"name": name}).fetchone()
