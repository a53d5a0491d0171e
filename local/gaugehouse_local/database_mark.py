"""Whose gauges a database holds, so that simulated rain never gets among real records.

The mark is a setting of the database itself (`gaugehouse.upstream`); nothing in the schema knows of it.
"""

import psycopg
from psycopg import sql

from gaugehouse_local.errors import LocalStackError

SELECT_MARK = "SELECT current_setting('gaugehouse.upstream', true), current_database()"
SELECT_HAS_GAUGES = "SELECT EXISTS (SELECT FROM gauges)"
SET_MARK = sql.SQL("ALTER DATABASE {database} SET gaugehouse.upstream = {upstream}")


def claim_database(conn: psycopg.Connection, upstream: str) -> None:
    """Mark the database as this upstream's. Raises: LocalStackError when it holds another's gauges."""
    row = conn.execute(SELECT_MARK).fetchone()
    mark, database = row if row is not None else (None, "")
    if mark == upstream:
        return
    has_gauges = conn.execute(SELECT_HAS_GAUGES).fetchone() == (True,)
    if has_gauges and (mark or upstream != "live"):
        raise LocalStackError(
            f"database {database} holds the gauges of {mark or 'another system'}, and this command would add "
            f"those of {upstream}: give it a database of its own"
        )
    conn.execute(SET_MARK.format(database=sql.Identifier(database), upstream=sql.Literal(upstream)))
