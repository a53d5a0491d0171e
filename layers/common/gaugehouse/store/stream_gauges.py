"""Stream gauges as their agency describes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psycopg import Connection

from gaugehouse.domain.series import USGS, StreamGauge

SELECT_RENAMED = """
SELECT known.station_id, known.name, said.name
FROM unnest(%(station_ids)s::text[], %(names)s::text[]) AS said (station_id, name)
JOIN gauges AS known ON known.station_id = said.station_id AND known.network = %(network)s
WHERE known.name <> said.name
ORDER BY known.station_id
"""
# What the agency leaves blank does not erase what is known; a row that would not change is not written. The
# name is the one that we know the gauge by: another one can mean that the id is another river's.
UPSERT = """
WITH said AS (
    SELECT * FROM unnest(
        %(station_ids)s::text[], %(names)s::text[], %(agency_codes)s::text[], %(gauge_types)s::text[],
        %(latitudes)s::float8[], %(longitudes)s::float8[], %(elevations_ft)s::float8[], %(states)s::text[],
        %(counties)s::text[], %(time_zones)s::text[])
    AS said (station_id, name, agency_code, gauge_type, latitude, longitude, elevation_ft, state, county,
             time_zone)
)
INSERT INTO gauges AS known (station_id, network, name, agency_code, gauge_type, latitude, longitude,
    elevation_ft, state, county, time_zone, metadata_source)
SELECT station_id, %(network)s, name, agency_code, gauge_type, latitude, longitude, elevation_ft, state,
       county, time_zone, 'usgs_monitoring_location'
FROM said
ORDER BY station_id
ON CONFLICT (station_id) DO UPDATE
    SET (agency_code, gauge_type, latitude, longitude, elevation_ft, state, county, time_zone,
         metadata_source, updated_at)
      = (excluded.agency_code, coalesce(excluded.gauge_type, known.gauge_type),
         coalesce(excluded.latitude, known.latitude), coalesce(excluded.longitude, known.longitude),
         coalesce(excluded.elevation_ft, known.elevation_ft), coalesce(excluded.state, known.state),
         coalesce(excluded.county, known.county), excluded.time_zone, excluded.metadata_source, now())
    WHERE known.network = %(network)s
        AND (known.agency_code, known.gauge_type, known.latitude, known.longitude, known.elevation_ft,
             known.state, known.county, known.time_zone, known.metadata_source)
          IS DISTINCT FROM
            (excluded.agency_code, coalesce(excluded.gauge_type, known.gauge_type),
             coalesce(excluded.latitude, known.latitude), coalesce(excluded.longitude, known.longitude),
             coalesce(excluded.elevation_ft, known.elevation_ft), coalesce(excluded.state, known.state),
             coalesce(excluded.county, known.county), excluded.time_zone, excluded.metadata_source)
RETURNING old.station_id IS NULL
"""
SELECT_FOREIGN = """
SELECT station_id FROM gauges
WHERE station_id = ANY (%(station_ids)s) AND network <> %(network)s
ORDER BY station_id
"""


class Renamed(NamedTuple):
    """A gauge whose agency now gives another name than the one that we keep."""

    station_id: str
    our_name: str
    their_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGaugeCounts:
    """What an upsert did. `foreign` are ids that belong to another network's gauge, which stays as it is."""

    inserted: int
    revised: int
    unchanged: int
    renamed: tuple[Renamed, ...]
    foreign: tuple[str, ...]


def upsert(conn: Connection, gauges: Sequence[StreamGauge]) -> StreamGaugeCounts:
    """Store what the agency says of its gauges. A name that we have already stays, and is reported.

    Where a gauge comes twice, the last one counts.
    """
    said = list({gauge.station_id: gauge for gauge in gauges}.values())
    parameters = {
        "network": USGS,
        "station_ids": [gauge.station_id for gauge in said],
        "names": [gauge.name for gauge in said],
        "agency_codes": [gauge.agency_code for gauge in said],
        "gauge_types": [gauge.gauge_type for gauge in said],
        "latitudes": [gauge.latitude for gauge in said],
        "longitudes": [gauge.longitude for gauge in said],
        "elevations_ft": [gauge.elevation_ft for gauge in said],
        "states": [gauge.state for gauge in said],
        "counties": [gauge.county for gauge in said],
        "time_zones": [gauge.time_zone for gauge in said],
    }
    with conn.transaction():
        others = renamed(conn, {gauge.station_id: gauge.name for gauge in said})
        written = [is_new for (is_new,) in conn.execute(UPSERT, parameters)]
        foreign = tuple(station_id for (station_id,) in conn.execute(SELECT_FOREIGN, parameters))
    return StreamGaugeCounts(
        inserted=sum(written),
        revised=len(written) - sum(written),
        unchanged=len(said) - len(written) - len(foreign),
        renamed=others,
        foreign=foreign,
    )


def renamed(conn: Connection, names: Mapping[str, str]) -> tuple[Renamed, ...]:
    """Return the gauges to which their agency now gives another name, of the names by station id."""
    said = {"station_ids": list(names), "names": list(names.values()), "network": USGS}
    return tuple(Renamed(*row) for row in conn.execute(SELECT_RENAMED, said))
