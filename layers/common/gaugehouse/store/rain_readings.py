"""Daily rainfall: merge what a document says into what is stored, writing only what differs."""

from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.store.connection import only_row

# An anti-join finds what differs before anything is written: 10 times as fast as DO UPDATE on every
# row, and a re-import leaves no dead rows (benchmarks/test_loading.py). The upsert repeats the rule of
# precedence, because another document may have written the day in between.
# Precedence: the newer document wins; on a tie the full record does, and a source may revise itself.
MERGE = """
WITH said AS (
    SELECT days.reading_date, days.inches::numeric(8, 5) AS rainfall_inches, days.quality,
           CASE WHEN days.note IS NOT NULL THEN jsonb_build_object('note', days.note) END AS import_metadata
    FROM unnest(%(dates)b::date[], %(inches)b::float8[], %(qualities)b::text[], %(notes)b::text[])
        AS days (reading_date, inches, quality, note)
), differing AS (
    SELECT said.*
    FROM said LEFT JOIN rain_readings AS stored
        ON stored.station_id = %(station_id)s AND stored.reading_date = said.reading_date
    WHERE stored.station_id IS NULL
        OR ((stored.rainfall_inches, stored.quality, stored.import_metadata)
                IS DISTINCT FROM (said.rainfall_inches, said.quality, said.import_metadata)
            AND (stored.document_date < %(document_date)s
                OR (stored.document_date = %(document_date)s
                    AND (stored.data_source = %(data_source)s OR %(data_source)s = 'fopr'))))
), written AS (
    INSERT INTO rain_readings AS stored
        (station_id, reading_date, rainfall_inches, quality, data_source, document_date, import_metadata)
    SELECT %(station_id)s, reading_date, rainfall_inches, quality, %(data_source)s, %(document_date)s,
           import_metadata
    FROM differing
    ON CONFLICT (station_id, reading_date) DO UPDATE
        SET rainfall_inches = excluded.rainfall_inches, quality = excluded.quality,
            data_source = excluded.data_source, document_date = excluded.document_date,
            import_metadata = excluded.import_metadata
        WHERE stored.document_date < excluded.document_date
            OR (stored.document_date = excluded.document_date
                AND (stored.data_source = excluded.data_source OR excluded.data_source = 'fopr'))
    RETURNING (xmax = 0) AS inserted  -- a fresh row has no deleting transaction
)
SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM written
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
