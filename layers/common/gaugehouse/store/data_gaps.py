"""Gaps: what each source says of its own absence. A newer document replaces its source's gaps."""

from psycopg import Connection

from gaugehouse.domain.rainfall import RAINFALL, Gap, RainRecord

DELETE_GONE = """
DELETE FROM data_gaps AS stored
WHERE station_id = %(station_id)s AND parameter_code = %(parameter_code)s AND source = %(source)s
    AND NOT gap_start = ANY (%(starts)s::timestamptz[])
"""
UPSERT_DIFFERING = """
INSERT INTO data_gaps AS stored (station_id, parameter_code, source, gap_start, gap_end, cause,
    missing_days, notes, quality_code, outage_start, outage_end)
SELECT %(station_id)s, %(parameter_code)s, %(source)s, told.*
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(causes)s::text[], %(missing_days)s::int[],
            %(notes)s::text[], %(quality_codes)s::int2[], %(outage_starts)s::timestamptz[],
            %(outage_ends)s::timestamptz[]) AS told
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


def replace(conn: Connection, record: RainRecord) -> int:
    """Make the source's gaps of this gauge those of the document. Return how many rows were touched."""
    whose = {"station_id": record.station_id, "parameter_code": RAINFALL, "source": record.data_source}
    told = {
        "starts": [gap.gap_start for gap in record.gaps],
        "ends": [gap.gap_end for gap in record.gaps],
        "causes": [gap.cause for gap in record.gaps],
        "missing_days": [gap.missing_days for gap in record.gaps],
        "notes": [gap.notes for gap in record.gaps],
        "quality_codes": [gap.quality_code for gap in record.gaps],
        "outage_starts": [gap.outage_start for gap in record.gaps],
        "outage_ends": [gap.outage_end for gap in record.gaps],
    }
    gone = conn.execute(DELETE_GONE, {**whose, "starts": told["starts"]}).rowcount
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
