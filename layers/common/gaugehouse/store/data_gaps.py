"""Gaps: what each source says of its own absence. A newer document replaces its source's gaps."""

from collections.abc import Sequence

from psycopg import Connection

from gaugehouse.domain.rainfall import RAINFALL, Gap, RainRecord

DELETE_GONE = """
DELETE FROM data_gaps AS stored
USING unnest(%(stations)s::text[], %(sources)s::text[]) AS record (station_id, source)
WHERE stored.station_id = record.station_id AND stored.source = record.source
    AND stored.parameter_code = %(parameter_code)s
    AND NOT EXISTS (
        SELECT FROM unnest(%(gap_stations)s::text[], %(starts)s::timestamptz[])
            AS told (station_id, gap_start)
        WHERE told.station_id = stored.station_id AND told.gap_start = stored.gap_start)
"""
UPSERT_DIFFERING = """
INSERT INTO data_gaps AS stored (parameter_code, station_id, source, gap_start, gap_end, cause,
    missing_days, notes, quality_code, outage_start, outage_end)
SELECT %(parameter_code)s, told.*
FROM unnest(%(gap_stations)s::text[], %(gap_sources)s::text[], %(starts)s::timestamptz[],
            %(ends)s::timestamptz[], %(causes)s::text[], %(missing_days)s::int[], %(notes)s::text[],
            %(quality_codes)s::int2[], %(outage_starts)s::timestamptz[], %(outage_ends)s::timestamptz[])
    AS told
ON CONFLICT (station_id, parameter_code, source, gap_start) DO UPDATE
    SET gap_end = excluded.gap_end, cause = excluded.cause, missing_days = excluded.missing_days,
        notes = excluded.notes, quality_code = excluded.quality_code,
        outage_start = excluded.outage_start, outage_end = excluded.outage_end
    WHERE (stored.gap_end, stored.cause, stored.missing_days, stored.notes, stored.quality_code,
           stored.outage_start, stored.outage_end)
        IS DISTINCT FROM (excluded.gap_end, excluded.cause, excluded.missing_days, excluded.notes,
                          excluded.quality_code, excluded.outage_start, excluded.outage_end)
"""
ADD = """
INSERT INTO data_gaps (station_id, parameter_code, source, gap_start, gap_end, cause, missing_days, notes)
VALUES (%(station_id)s, %(parameter_code)s, %(source)s, %(gap_start)s, %(gap_end)s, %(cause)s,
    %(missing_days)s, %(notes)s)
ON CONFLICT (station_id, parameter_code, source, gap_start) DO NOTHING
"""


def replace(conn: Connection, records: Sequence[RainRecord]) -> int:
    """Make each source's gaps of its gauge those of the document; at most one record of each gauge.

    Return how many rows were touched.
    """
    gaps = [(record, gap) for record in records for gap in record.gaps]
    whose = {
        "parameter_code": RAINFALL,
        "gap_stations": [record.station_id for record, _ in gaps],
        "starts": [gap.gap_start for _, gap in gaps],
    }
    documents = {
        "stations": [record.station_id for record in records],
        "sources": [record.data_source for record in records],
    }
    told = {
        "gap_sources": [record.data_source for record, _ in gaps],
        "ends": [gap.gap_end for _, gap in gaps],
        "causes": [gap.cause for _, gap in gaps],
        "missing_days": [gap.missing_days for _, gap in gaps],
        "notes": [gap.notes for _, gap in gaps],
        "quality_codes": [gap.quality_code for _, gap in gaps],
        "outage_starts": [gap.outage_start for _, gap in gaps],
        "outage_ends": [gap.outage_end for _, gap in gaps],
    }
    gone = conn.execute(DELETE_GONE, {**whose, **documents}).rowcount
    return gone + conn.execute(UPSERT_DIFFERING, {**whose, **told}).rowcount


def add(conn: Connection, station_id: str, gap: Gap, *, source: str) -> None:
    """Keep one more gap of a source that tells of its gaps one by one."""
    conn.execute(
        ADD,
        {
            "station_id": station_id,
            "parameter_code": RAINFALL,
            "source": source,
            "gap_start": gap.gap_start,
            "gap_end": gap.gap_end,
            "cause": gap.cause,
            "missing_days": gap.missing_days,
            "notes": gap.notes,
        },
    )
