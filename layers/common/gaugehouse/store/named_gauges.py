"""Which gauge an id means: the one that has it, else those that once had it."""

from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

# A gauge that has the id spares the look through all former ones.
SELECT_NAMED = """
SELECT station_id, time_zone FROM gauges WHERE station_id = %(station_id)s
UNION ALL
(
    SELECT station_id, time_zone FROM gauges
    WHERE %(station_id)s = ANY (previous_ids)
        AND NOT EXISTS (SELECT FROM gauges WHERE station_id = %(station_id)s)
    ORDER BY station_id
)
"""


class NamedGauge(NamedTuple):
    """A gauge that is meant by an id, and the IANA zone in which its days begin and end."""

    station_id: str
    time_zone: str


def gauges_named(conn: Connection, station_id: str) -> list[NamedGauge]:
    """Return the gauge that has this id, else those that once had it, by id."""
    with conn.cursor(row_factory=args_row(NamedGauge)) as cursor:
        return cursor.execute(SELECT_NAMED, {"station_id": station_id}).fetchall()
