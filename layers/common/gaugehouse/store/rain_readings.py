"""Daily rainfall: merge what a document says into what is stored, writing only what differs."""

from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.store.connection import only_row

# One writer of a gauge's days at a time, so that what MERGE found is still so when it writes. It does not
# block foreign keys, and describing the gauge takes the same lock.
LOCK_GAUGE = "SELECT FROM gauges WHERE station_id = %(station_id)s FOR NO KEY UPDATE"
# An anti-join finds what differs before anything is written: 10 times as fast as DO UPDATE on every
# row, and a re-import leaves no dead rows (benchmarks/test_reimporting.py). New days go in with a plain
# INSERT: ON CONFLICT writes each row twice to be safe from others, and the lock makes us that already.
# Precedence: the newer document wins; on a tie the full record does, and a source may revise itself.
MERGE = """
WITH said AS (
    SELECT days.reading_date, days.inches::numeric(8, 5) AS rainfall_inches, days.quality,
           CASE WHEN days.note IS NOT NULL THEN jsonb_build_object('note', days.note) END AS import_metadata
    FROM unnest(%(dates)b::date[], %(inches)b::float8[], %(qualities)b::text[], %(notes)b::text[])
        AS days (reading_date, inches, quality, note)
), differing AS (
    SELECT said.*, stored.station_id IS NULL AS is_new
    FROM said LEFT JOIN rain_readings AS stored
        ON stored.station_id = %(station_id)s AND stored.reading_date = said.reading_date
    WHERE stored.station_id IS NULL
        OR ((stored.rainfall_inches, stored.quality, stored.import_metadata)
                IS DISTINCT FROM (said.rainfall_inches, said.quality, said.import_metadata)
            AND (stored.document_date < %(document_date)s
                OR (stored.document_date = %(document_date)s
                    AND (stored.data_source = %(data_source)s OR %(data_source)s = 'fopr'))))
), inserted AS (
    INSERT INTO rain_readings
        (station_id, reading_date, rainfall_inches, quality, data_source, document_date, import_metadata)
    SELECT %(station_id)s, reading_date, rainfall_inches, quality, %(data_source)s, %(document_date)s,
           import_metadata
    FROM differing
    WHERE is_new
    RETURNING 1
), revised AS (
    UPDATE rain_readings AS stored
    SET rainfall_inches = differing.rainfall_inches, quality = differing.quality,
        data_source = %(data_source)s, document_date = %(document_date)s,
        import_metadata = differing.import_metadata
    FROM differing
    WHERE NOT is_new AND stored.station_id = %(station_id)s
        AND stored.reading_date = differing.reading_date
    RETURNING 1
)
SELECT (SELECT count(*) FROM inserted), (SELECT count(*) FROM revised)
"""
# A number that the newer document marks as missing must not keep its row.
WITHDRAW = """
DELETE FROM rain_readings
WHERE station_id = %(station_id)s AND reading_date = ANY (%(missing)s)
    AND (document_date < %(document_date)s
        OR (document_date = %(document_date)s
            AND (data_source = %(data_source)s OR %(data_source)s = 'fopr')))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCounts:
    """What a merge did to the rows of one gauge; together with `unchanged`, every day of the document."""

    inserted: int
    revised: int
    unchanged: int
    withdrawn: int


def merge(conn: Connection, record: RainRecord) -> MergeCounts:
    """Make the stored days agree with the document, where it is the newer truth.

    `unchanged` counts days that are stored as the document says, or by a newer document.
    """
    whose = {
        "station_id": record.station_id,
        "data_source": record.data_source,
        "document_date": record.document_date,
    }
    with conn.transaction():
        conn.execute(LOCK_GAUGE, whose)
        withdrawn = conn.execute(WITHDRAW, {**whose, "missing": list(record.missing)}).rowcount
        cursor = conn.execute(
            MERGE,
            {
                **whose,
                "dates": [day.reading_date for day in record.days],
                "inches": [float(day.rainfall_inches) for day in record.days],
                "qualities": [day.quality.value for day in record.days],
                "notes": [day.note for day in record.days],
            },
        )
        inserted, revised = only_row(cursor)
    return MergeCounts(
        inserted=inserted,
        revised=revised,
        unchanged=len(record.days) - inserted - revised,
        withdrawn=withdrawn,
    )
