"""Daily rainfall: merge what documents say into what is stored, writing only what differs.

Here alone is decided who wins where several documents speak of one day of one gauge. Official documents
come before the live one; among official ones the newer date wins, and on a tie the full record, then another
workbook, then a PDF. A PDF, whose numbers have two decimals, never replaces a workbook's number that rounds
to its own, whatever the dates. Where the winner says that the day is missing, there is no row.

The table holds only the winners; which days the other documents spoke of is in `gauge_documents`. Together
they make the outcome the same whatever order documents come in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from psycopg import Connection

from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.store import gauge_documents, rain_disagreements, staged_rainfall
from gaugehouse.store.connection import only_row
from gaugehouse.store.rain_disagreements import Disagreement

# One writer of a gauge's days at a time, and always in this order: what the merge found is still so when
# it writes, and nobody waits in a circle. It does not block foreign keys, and describing a gauge takes the
# same lock.
LOCK_GAUGES = """
SELECT FROM gauges WHERE station_id = ANY (%(stations)s) ORDER BY station_id FOR NO KEY UPDATE
"""
# A year of all gauges is joined in memory. The setting lasts until the end of the transaction.
ENOUGH_MEMORY = "SET LOCAL work_mem = '32MB'"
CREATE_DIFFERING = """
CREATE TEMPORARY TABLE IF NOT EXISTS differing_days (
    document        integer NOT NULL,
    station_id      text    NOT NULL,
    reading_date    date    NOT NULL,
    said            numeric(8, 5),
    quality         text,
    import_metadata jsonb,
    stored          numeric(8, 5) NOT NULL,
    stored_source   text    NOT NULL,
    verdict         text    NOT NULL
) ON COMMIT DELETE ROWS
"""
EMPTY_DIFFERING = "TRUNCATE differing_days"
# An anti-join finds what differs before anything is written: 10 times as fast as DO UPDATE on every row, and
# a re-import leaves no dead rows (benchmarks/test_reimporting.py). The verdicts:
#   keep       a PDF rounds the number of a workbook
#   overruled  a document that wins speaks of the day
#   return     a newer PDF had agreed with an older workbook, which kept its number; this workbook wins
#              against that one, but not against the PDF
#   revise, withdraw  this document wins
FIND_DIFFERING = """
INSERT INTO differing_days
SELECT document, station_id, reading_date, said, quality, import_metadata, stored, stored_source,
       CASE WHEN standing = 1 AND NOT starts_with(stored_source, 'pdf_') AND stored_source <> 'live_scrape'
                AND abs(said - stored) <= 0.005 THEN 'keep'
            WHEN overruled @> reading_date THEN 'overruled'
            WHEN standing = 0 AND stored_source = 'live_scrape' AND stored_date > document_date
                THEN 'overruled'
            WHEN rounded @> reading_date AND (said IS NULL OR abs(said - round(stored, 2)) > 0.005)
                THEN CASE WHEN starts_with(stored_source, 'pdf_') THEN 'overruled' ELSE 'return' END
            WHEN said IS NULL THEN 'withdraw'
            ELSE 'revise' END
FROM (
    SELECT arriving.*, said.reading_date, said.inches AS said, manner.quality,
           manner.import_metadata, reading.rainfall_inches AS stored, reading.data_source AS stored_source,
           reading.document_date AS stored_date
    FROM said_days AS said
    JOIN arriving_documents AS arriving USING (document)
    CROSS JOIN LATERAL (
        SELECT * FROM rain_readings AS stored
        WHERE stored.station_id = arriving.station_id AND stored.reading_date = said.reading_date
        OFFSET 0
    ) AS reading
    CROSS JOIN LATERAL (
        SELECT (%(qualities)s::text[])[said.manner] AS quality,
               CASE WHEN (%(notes)s::text[])[said.manner] IS NOT NULL
                    THEN jsonb_build_object('note', (%(notes)s::text[])[said.manner]) END AS import_metadata
    ) AS manner
    WHERE arriving.meets_stored
        AND (reading.rainfall_inches, reading.quality, reading.import_metadata)
            IS DISTINCT FROM (said.inches, manner.quality, manner.import_metadata)
    UNION ALL
    SELECT arriving.*, reading.reading_date, NULL, NULL, NULL, reading.rainfall_inches, reading.data_source,
           reading.document_date
    FROM arriving_documents AS arriving
    CROSS JOIN LATERAL unnest(arriving.missing) AS absence
    CROSS JOIN LATERAL (
        SELECT * FROM rain_readings AS stored
        WHERE stored.station_id = arriving.station_id
            AND stored.reading_date >= lower(absence) AND stored.reading_date < upper(absence)
        OFFSET 0
    ) AS reading
) AS differing
"""
REVISE = """
UPDATE rain_readings AS reading
SET rainfall_inches = differing.said, quality = differing.quality,
    import_metadata = differing.import_metadata, data_source = arriving.data_source,
    document_date = arriving.document_date
FROM differing_days AS differing JOIN arriving_documents AS arriving USING (document)
WHERE differing.verdict = 'revise' AND reading.station_id = differing.station_id
    AND reading.reading_date = differing.reading_date
"""
RETURN = """
UPDATE rain_readings AS reading
SET rainfall_inches = round(reading.rainfall_inches, 2), quality = 'measured', import_metadata = NULL,
    data_source = pdf.data_source, document_date = pdf.document_date
FROM differing_days AS differing JOIN gauge_documents AS pdf
    ON pdf.station_id = differing.station_id AND pdf.standing = 1 AND pdf.told @> differing.reading_date
WHERE differing.verdict = 'return' AND reading.station_id = differing.station_id
    AND reading.reading_date = differing.reading_date
"""
WITHDRAW = """
DELETE FROM rain_readings AS reading
USING differing_days AS differing
WHERE differing.verdict = 'withdraw' AND reading.station_id = differing.station_id
    AND reading.reading_date = differing.reading_date
"""
# A plain INSERT: ON CONFLICT writes each row twice to be safe from others, and the lock makes us that.
INSERT_NEW = """
INSERT INTO rain_readings
    (station_id, reading_date, rainfall_inches, quality, data_source, document_date, import_metadata)
SELECT arriving.station_id, said.reading_date, said.inches,
       (%(qualities)s::text[])[said.manner], arriving.data_source, arriving.document_date,
       CASE WHEN (%(notes)s::text[])[said.manner] IS NOT NULL
            THEN jsonb_build_object('note', (%(notes)s::text[])[said.manner]) END
FROM said_days AS said
JOIN arriving_documents AS arriving USING (document)
WHERE NOT arriving.overruled @> said.reading_date
    AND (NOT arriving.meets_stored OR NOT EXISTS (
        SELECT FROM rain_readings AS stored
        WHERE stored.station_id = arriving.station_id AND stored.reading_date = said.reading_date))
"""
COUNT_VERDICTS = """
SELECT count(*) FILTER (WHERE verdict = 'revise'), count(*) FILTER (WHERE verdict = 'return'),
       count(*) FILTER (WHERE verdict = 'withdraw'),
       count(*) FILTER (WHERE verdict IN ('overruled', 'return') AND said IS NOT NULL),
       count(*) FILTER (WHERE verdict IN ('overruled', 'return') AND said IS NULL),
       EXISTS (SELECT FROM arriving_documents WHERE NOT isempty(overruled))
FROM differing_days
"""
# Numbers for days that a winning document calls missing.
COUNT_OVERRULED_NUMBERS = """
SELECT count(*)
FROM said_days AS said
JOIN arriving_documents AS arriving USING (document)
WHERE arriving.overruled @> said.reading_date AND NOT EXISTS (
    SELECT FROM rain_readings AS stored
    WHERE stored.station_id = arriving.station_id AND stored.reading_date = said.reading_date)
"""
SELECT_OVERRULED_MONTHS = """
SELECT station_id, date_trunc('month', reading_date)::date
FROM differing_days
WHERE verdict IN ('overruled', 'return') AND said IS DISTINCT FROM stored
UNION
SELECT arriving.station_id, date_trunc('month', said.reading_date)::date
FROM said_days AS said
JOIN arriving_documents AS arriving USING (document)
WHERE arriving.overruled @> said.reading_date AND NOT EXISTS (
    SELECT FROM rain_readings AS stored
    WHERE stored.station_id = arriving.station_id AND stored.reading_date = said.reading_date)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCounts:
    """What a merge did.

    Inserted, revised, unchanged and overruled days are all for which the documents have numbers. Unchanged
    is what was stored already, and a PDF's number that rounds a workbook's. `withdrawn` rows are of days that
    are missing now; `overruled_missing` days are missing here, but a document that wins has a number.
    """

    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    overruled: int = 0
    overruled_missing: int = 0


class Verdicts(NamedTuple):
    """How many of the differing days have which verdict."""

    revise: int
    hand_back: int
    withdraw: int
    overruled: int
    overruled_missing: int
    any_overruled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge did and found. `disagreements` are the first of `disagreeing_days`.

    `overruled_months` are gauges and the first days of months of which a winning document says something else
    than these documents: their totals cannot be expected to hold.
    """

    counts: MergeCounts
    disagreements: tuple[Disagreement, ...] = ()
    disagreeing_days: int = 0
    overruled_months: frozenset[tuple[str, date]] = frozenset()


def merge(conn: Connection, records: Sequence[RainRecord]) -> Merged:
    """Make the stored days agree with the documents, where these win. At most one of each gauge.

    Every gauge must be known. The gauges stay locked until the caller's transaction ends.

    Raises: ValueError when two records are of one gauge; psycopg.errors.CheckViolation or
    NumericValueOutOfRange for a negative number, or one of 1000 in and more.
    """
    stations = [record.station_id for record in records]
    if len(set(stations)) < len(stations):
        raise ValueError("two records of one gauge in one merge")
    with conn.transaction():
        conn.execute(ENOUGH_MEMORY)
        conn.execute(LOCK_GAUGES, {"stations": stations})
        manners = staged_rainfall.stage(conn, records).manners
        conn.execute(CREATE_DIFFERING)
        conn.execute(EMPTY_DIFFERING)
        conn.execute(FIND_DIFFERING, manners)
        disagreements, disagreeing_days = rain_disagreements.find_staged(conn)
        found = Verdicts(*only_row(conn.execute(COUNT_VERDICTS)))
        for statement, days in (
            (REVISE, found.revise),
            (RETURN, found.hand_back),
            (WITHDRAW, found.withdraw),
        ):
            if days:
                conn.execute(statement)
        inserted = conn.execute(INSERT_NEW, manners).rowcount
        counts = _count(conn, found, inserted, days=sum(len(record.days) for record in records))
        months = conn.execute(SELECT_OVERRULED_MONTHS).fetchall() if counts.overruled else []
        gauge_documents.remember_staged(conn)
    return Merged(
        counts=counts,
        disagreements=disagreements,
        disagreeing_days=disagreeing_days,
        overruled_months=frozenset((station_id, month) for station_id, month in months),
    )


def _count(conn: Connection, found: Verdicts, inserted: int, *, days: int) -> MergeCounts:
    overruled = found.overruled
    if found.any_overruled:
        overruled += only_row(conn.execute(COUNT_OVERRULED_NUMBERS))[0]
    return MergeCounts(
        inserted=inserted,
        revised=found.revise,
        unchanged=days - inserted - found.revise - overruled,
        withdrawn=found.withdraw,
        overruled=overruled,
        overruled_missing=found.overruled_missing,
    )
