"""Which settings were last put into the database: others now are put in at once."""

from psycopg import Connection

SELECT = "SELECT settings FROM applied_settings WHERE source = %(source)s"
KEEP = """
INSERT INTO applied_settings (source, settings) VALUES (%(source)s, %(settings)s)
ON CONFLICT (source) DO UPDATE SET settings = excluded.settings, applied_at = clock_timestamp()
"""


def find(conn: Connection, source: str) -> str | None:
    """Return the settings of a source as they were applied last, None where they never were."""
    row = conn.execute(SELECT, {"source": source}).fetchone()
    return None if row is None else row[0]


def keep(conn: Connection, source: str, settings: str) -> None:
    """Keep that these settings of a source are applied."""
    conn.execute(KEEP, {"source": source, "settings": settings})
