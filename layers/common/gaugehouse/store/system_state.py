"""Read the one row that counts everything."""

from psycopg import Connection

from gaugehouse.domain.system_state import SystemState
from gaugehouse.store.connection import only_row

SELECT = "SELECT * FROM system_state"


def get_system_state(conn: Connection) -> SystemState:
    """Return the system's state. One statement; there is no other counting path."""
    with conn.cursor() as cursor:
        row = only_row(cursor.execute(SELECT))
        names = [column.name for column in cursor.description or ()]
    return SystemState(**dict(zip(names, row, strict=True)))
