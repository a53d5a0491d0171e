"""Gauges and their newest list entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from gaugehouse.domain.gauges import GaugeMetadata, GaugeSummary

SELECT_LISTED_NAMES = """
SELECT station_id, gauge_name FROM gauge_summaries WHERE station_id = ANY (%(station_ids)s)
"""
# A minimal row has its id for a name.
SELECT_NAMES = """
SELECT nullif(gauge.name, gauge.station_id), summary.gauge_name
FROM gauges AS gauge LEFT JOIN gauge_summaries AS summary USING (station_id)
WHERE gauge.station_id = %(station_id)s
"""
SELECT_OF_NETWORK = "SELECT station_id FROM gauges WHERE network = %(network)s ORDER BY station_id"
INSERT_LISTED = """
INSERT INTO gauges (station_id, network, name, elevation_ft, city, location, time_zone, metadata_source)
SELECT listed.station_id, %(network)s, listed.name, listed.elevation_ft, listed.city, listed.location,
       %(time_zone)s, %(metadata_source)s
FROM unnest(%(station_ids)s::text[], %(names)s::text[], %(elevations_ft)s::float8[], %(cities)s::text[],
            %(locations)s::text[]) AS listed (station_id, name, elevation_ft, city, location)
ORDER BY listed.station_id  -- as everybody does who adds or locks gauges, so that nobody waits in a circle
ON CONFLICT (station_id) DO NOTHING
RETURNING station_id
"""
# A gauge of which there was only a column in a document about many gets its name from the list.
DESCRIBE_MINIMAL = """
WITH minimal AS (
    SELECT station_id FROM gauges
    WHERE station_id = ANY (%(station_ids)s)
        AND metadata_source IN ('water_year', 'monthly_pdf', 'interval_report', 'tips')
    ORDER BY station_id
    FOR NO KEY UPDATE
)
UPDATE gauges AS known
SET name = listed.name, elevation_ft = listed.elevation_ft, city = listed.city, location = listed.location,
    metadata_source = 'gauge_list', updated_at = now()
FROM minimal JOIN unnest(%(station_ids)s::text[], %(names)s::text[], %(elevations_ft)s::float8[],
                         %(cities)s::text[], %(locations)s::text[])
    AS listed (station_id, name, elevation_ft, city, location) USING (station_id)
WHERE known.station_id = minimal.station_id
"""
# What a document leaves blank does not erase what is known; a row that would not change is not written.
UPSERT_DESCRIBED = """
INSERT INTO gauges AS known (station_id, network, name, previous_ids, gauge_type, latitude, longitude,
    elevation_ft, city, county, location, data_begins, time_zone, metadata_source, remarks, fopr_metadata)
VALUES (%(station_id)s, %(network)s, %(name)s, %(previous_ids)s, %(gauge_type)s, %(latitude)s, %(longitude)s,
    %(elevation_ft)s, %(city)s, %(county)s, %(location)s, %(data_begins)s, %(time_zone)s, 'fopr',
    %(remarks)s, %(details)s)
ON CONFLICT (station_id) DO UPDATE
    SET (name, previous_ids, gauge_type, latitude, longitude, elevation_ft, city, county, location,
         data_begins, metadata_source, remarks, fopr_metadata, updated_at)
      = (excluded.name, coalesce(nullif(excluded.previous_ids, '{}'), known.previous_ids),
         coalesce(excluded.gauge_type, known.gauge_type),
         coalesce(excluded.latitude, known.latitude), coalesce(excluded.longitude, known.longitude),
         coalesce(excluded.elevation_ft, known.elevation_ft), coalesce(excluded.city, known.city),
         coalesce(excluded.county, known.county), coalesce(excluded.location, known.location),
         coalesce(excluded.data_begins, known.data_begins), excluded.metadata_source,
         coalesce(excluded.remarks, known.remarks), excluded.fopr_metadata, now())
    WHERE (known.name, known.previous_ids, known.gauge_type, known.latitude, known.longitude,
           known.elevation_ft, known.city, known.county, known.location, known.data_begins,
           known.metadata_source, known.remarks, known.fopr_metadata)
      IS DISTINCT FROM
          (excluded.name, coalesce(nullif(excluded.previous_ids, '{}'), known.previous_ids),
         coalesce(excluded.gauge_type, known.gauge_type),
           coalesce(excluded.latitude, known.latitude), coalesce(excluded.longitude, known.longitude),
           coalesce(excluded.elevation_ft, known.elevation_ft), coalesce(excluded.city, known.city),
           coalesce(excluded.county, known.county), coalesce(excluded.location, known.location),
           coalesce(excluded.data_begins, known.data_begins), excluded.metadata_source,
           coalesce(excluded.remarks, known.remarks), excluded.fopr_metadata)
"""
UPSERT_SUMMARIES = """
INSERT INTO gauge_summaries AS known
    (station_id, gauge_name, rainfall_past_6h_inches, rainfall_past_24h_inches, forecast_zone, observed_at)
SELECT listed.*
FROM unnest(%(station_ids)s::text[], %(names)s::text[], %(past_6h)s::float8[], %(past_24h)s::float8[],
            %(zones)s::text[], %(observed_at)s::timestamptz[])
    AS listed (station_id, gauge_name, past_6h, past_24h, zone, observed_at)
WHERE listed.observed_at < clock_timestamp() + interval '1 day'  -- else it would be the newest for ever
ON CONFLICT (station_id) DO UPDATE
    SET gauge_name = excluded.gauge_name,
        rainfall_past_6h_inches = excluded.rainfall_past_6h_inches,
        rainfall_past_24h_inches = excluded.rainfall_past_24h_inches,
        forecast_zone = excluded.forecast_zone,
        observed_at = excluded.observed_at,
        received_at = now()
    WHERE known.observed_at < excluded.observed_at
"""

MARK_STALE = """
UPDATE gauge_summaries SET is_stale = observed_at < %(seen_before)s
WHERE is_stale IS DISTINCT FROM (observed_at < %(seen_before)s)
RETURNING is_stale
"""
NOTE_WORKBOOK = """
UPDATE gauges SET workbook_available = %(available)s, workbook_checked_at = clock_timestamp()
WHERE station_id = %(station_id)s
"""


def listed_names_of(conn: Connection, station_ids: Sequence[str]) -> dict[str, str]:
    """Return the names under which those of the given gauges that are known were last listed."""
    return dict(conn.execute(SELECT_LISTED_NAMES, {"station_ids": list(station_ids)}).fetchall())


def names_of(conn: Connection, station_id: str) -> frozenset[str]:
    """Return the names by which a gauge is known: its own, and that on the list. Empty where none is."""
    rows = conn.execute(SELECT_NAMES, {"station_id": station_id}).fetchall()
    return frozenset(name for row in rows for name in row if name is not None)


def of_network(conn: Connection, network: str) -> list[str]:
    """Return the station ids of a network's gauges, in order."""
    return [station_id for (station_id,) in conn.execute(SELECT_OF_NETWORK, {"network": network})]


def insert_listed(
    conn: Connection, entries: Sequence[GaugeSummary], *, network: str, time_zone: str, metadata_source: str
) -> frozenset[str]:
    """Add a row for each gauge not known yet, from its list entry. Return the ids that were added."""
    whose = {"network": network, "time_zone": time_zone, "metadata_source": metadata_source}
    rows = conn.execute(INSERT_LISTED, {**whose, **_columns(entries)})
    return frozenset(station_id for (station_id,) in rows)


def describe_minimal(conn: Connection, entries: Sequence[GaugeSummary]) -> None:
    """Describe by their entries on the gauge list those gauges of which only lesser documents had told."""
    conn.execute(DESCRIBE_MINIMAL, _columns(entries))


def upsert_described(conn: Connection, gauge: GaugeMetadata, *, network: str, time_zone: str) -> bool:
    """Store what a full-record document says of its gauge. False when nothing changed."""
    parameters = {
        "station_id": gauge.station_id,
        "network": network,
        "name": gauge.name,
        "previous_ids": list(gauge.previous_ids),
        "gauge_type": gauge.gauge_type,
        "latitude": gauge.latitude,
        "longitude": gauge.longitude,
        "elevation_ft": gauge.elevation_ft,
        "city": gauge.city,
        "county": gauge.county,
        "location": gauge.location,
        "data_begins": gauge.data_begins,
        "time_zone": time_zone,
        "remarks": gauge.remarks,
        "details": Jsonb({**gauge.details, "warnings": list(gauge.warnings)}),
    }
    return conn.execute(UPSERT_DESCRIBED, parameters).rowcount == 1


def upsert_summaries(conn: Connection, summaries: Sequence[GaugeSummary]) -> int:
    """Keep each gauge's newest list entry; older ones and ones without a time change nothing.

    Return how many were written. Every gauge must be known.
    """
    timed = [summary for summary in summaries if summary.observed_at is not None]
    return conn.execute(
        UPSERT_SUMMARIES,
        {
            "station_ids": [summary.station_id for summary in timed],
            "names": [summary.gauge_name for summary in timed],
            "past_6h": [summary.rainfall_past_6h_inches for summary in timed],
            "past_24h": [summary.rainfall_past_24h_inches for summary in timed],
            "zones": [summary.msp_forecast_zone for summary in timed],
            "observed_at": [summary.observed_at for summary in timed],
        },
    ).rowcount


def mark_stale_summaries(conn: Connection, *, seen_before: datetime) -> tuple[int, int]:
    """Mark summaries observed before that time as stale and the others as fresh, where that changes.

    Return how many turned stale and how many turned fresh.
    """
    turned = [is_stale for (is_stale,) in conn.execute(MARK_STALE, {"seen_before": seen_before})]
    return sum(turned), len(turned) - sum(turned)


def note_workbook(conn: Connection, station_id: str, *, available: bool) -> None:
    """Keep whether the agency has a full-record workbook of this gauge, and that we asked now."""
    conn.execute(NOTE_WORKBOOK, {"station_id": station_id, "available": available})


def _columns(entries: Sequence[GaugeSummary]) -> dict[str, list[Any]]:
    return {
        "station_ids": [entry.station_id for entry in entries],
        "names": [entry.gauge_name for entry in entries],
        "elevations_ft": [entry.elevation_ft for entry in entries],
        "cities": [entry.city_town for entry in entries],
        "locations": [entry.general_location for entry in entries],
    }
