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

SELECT_STATIONS = """
SELECT DISTINCT station_id FROM gauge_documents WHERE data_source = %(data_source)s
"""
# What a document had told under an id before anybody knew that it is a former one.
WITHDRAW_DOCUMENT = """
WITH readings AS (
    DELETE FROM rain_readings WHERE station_id = ANY (%(station_ids)s) AND data_source = %(data_source)s
), gaps AS (
    DELETE FROM data_gaps WHERE station_id = ANY (%(station_ids)s) AND source = %(data_source)s
)
DELETE FROM gauge_documents WHERE station_id = ANY (%(station_ids)s) AND data_source = %(data_source)s
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


def has_former_ids(conn: Connection, data_source: str) -> bool:
    """Say whether something of that source is stored under an id that is known as a former one by now.

    A gauge that the source tells of under today's id too is not meant: its former id is kept apart.
    """
    rows = conn.execute(SELECT_STATIONS, {"data_source": data_source})
    stations = {station_id for (station_id,) in rows}
    return not stations.issuperset(current_ids_of(conn, sorted(stations)).values())


def withdraw_document(conn: Connection, station_ids: Sequence[str], data_source: str) -> None:
    """Take away what a source told of these ids: it is told of the gauges' ids of today instead."""
    conn.execute(WITHDRAW_DOCUMENT, {"station_ids": list(station_ids), "data_source": data_source})
