"""Gauges of which nothing is known but their id, from a document about many; and ids of former times."""

from collections.abc import Sequence

from psycopg import Connection

from gaugehouse.domain.import_jobs import Kind

INSERT_MINIMAL = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
SELECT found.station_id, %(network)s, found.station_id, %(time_zone)s, %(metadata_source)s
FROM unnest(%(station_ids)s::text[]) AS found (station_id)
ORDER BY found.station_id
ON CONFLICT (station_id) DO NOTHING
RETURNING station_id
"""
# The former id of exactly one gauge, unless a gauge of its own bears it.
SELECT_CURRENT_IDS = """
SELECT former.station_id, min(gauge.station_id)
FROM unnest(%(station_ids)s::text[]) AS former (station_id)
JOIN gauges AS gauge ON former.station_id = ANY (gauge.previous_ids)
    AND gauge.station_id <> former.station_id
WHERE NOT EXISTS (
    SELECT FROM gauges AS own
    WHERE own.station_id = former.station_id AND own.metadata_source NOT IN ('water_year', 'monthly_pdf'))
GROUP BY former.station_id
HAVING count(*) = 1
"""


def insert(
    conn: Connection, station_ids: Sequence[str], *, network: str, time_zone: str, metadata_source: Kind
) -> list[str]:
    """Add a row with nothing but its id for each gauge not known yet. Return the ids that were added.

    The gauge list or the gauge's own full record fills the row in.
    """
    rows = conn.execute(
        INSERT_MINIMAL,
        {
            "station_ids": list(station_ids),
            "network": network,
            "time_zone": time_zone,
            "metadata_source": metadata_source,
        },
    )
    return [station_id for (station_id,) in rows]


def current_ids_of(conn: Connection, station_ids: Sequence[str]) -> dict[str, str]:
    """Return today's id for each of these that is the former id of exactly one gauge, and no gauge's own."""
    return dict(conn.execute(SELECT_CURRENT_IDS, {"station_ids": list(station_ids)}).fetchall())
