"""The way of daily rainfall into the database: documents and days in temporary tables, ready to be merged.

Days travel as a binary COPY of fixed-size rows, which is several times as fast as handing over row by row.
What many days have in common travels once, and the rows point at it: their document, and their quality with
its note. `said_days.manner` counts from 1 into `Staged.manners`.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat

from psycopg import Connection

from gaugehouse.domain.precedence import spans_of, standing_of
from gaugehouse.domain.rainfall import Quality, RainRecord

CREATE_DAYS = """
CREATE TEMPORARY TABLE IF NOT EXISTS said_days (
    document     integer          NOT NULL,
    reading_date date             NOT NULL,
    inches       double precision NOT NULL,
    manner       integer          NOT NULL
) ON COMMIT DELETE ROWS
"""
CREATE_DOCUMENTS = """
CREATE TEMPORARY TABLE IF NOT EXISTS arriving_documents (
    document      integer        NOT NULL,
    station_id    text           NOT NULL,
    data_source   text           NOT NULL,
    document_date date           NOT NULL,
    standing      smallint       NOT NULL,
    told          datemultirange NOT NULL,
    missing       datemultirange NOT NULL,
    overruled     datemultirange NOT NULL,
    rounded       datemultirange NOT NULL
) ON COMMIT DELETE ROWS
"""
EMPTY = "TRUNCATE said_days, arriving_documents"
COPY = "COPY said_days FROM STDIN (FORMAT binary)"
# `overruled` are the days of which a document that wins against this one speaks; but where this one is a
# workbook and that one a PDF with a number, it depends on the numbers who wins: those days are `rounded`.
INSERT_DOCUMENTS = """
INSERT INTO arriving_documents
SELECT arriving.*, coalesce(above.overruled, '{}'),
       coalesce(above.rounded, '{}') - coalesce(above.overruled, '{}')
FROM unnest(%(documents)s::int[], %(stations)s::text[], %(sources)s::text[], %(dates)s::date[],
            %(standings)s::int2[], %(told)s::text[]::datemultirange[], %(missing)s::text[]::datemultirange[])
    AS arriving (document, station_id, data_source, document_date, standing, told, missing)
LEFT JOIN LATERAL (
    SELECT range_agg(CASE WHEN known.standing = 1 AND arriving.standing > 1 THEN known.missing
                          ELSE known.told + known.missing END) AS overruled,
           range_agg(known.told) FILTER (WHERE known.standing = 1 AND arriving.standing > 1) AS rounded
    FROM gauge_documents AS known
    WHERE known.station_id = arriving.station_id
        AND (arriving.standing = 0
            OR (known.document_date, known.standing) > (arriving.document_date, arriving.standing))
) AS above ON true
"""

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
ROW = struct.Struct(">h" + "ii" + "ii" + "id" + "ii")  # four columns, each behind its length
TRAILER = struct.pack(">h", -1)
POSTGRES_EPOCH = date(2000, 1, 1).toordinal()  # dates travel as days since then


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What the temporary tables do not hold: the qualities and notes that their rows point at."""

    qualities: list[str]
    notes: list[str | None]

    @property
    def manners(self) -> dict[str, object]:
        """Return the parameters of a statement that reads `said_days`."""
        return {"qualities": self.qualities, "notes": self.notes}


def stage(conn: Connection, records: Sequence[RainRecord]) -> Staged:
    """Put what documents say into the temporary tables. Call it in the transaction that merges it.

    The gauges must be locked: what `overruled` says must still be so when the merge writes.
    """
    conn.execute(CREATE_DAYS)
    conn.execute(CREATE_DOCUMENTS)
    conn.execute(EMPTY)
    conn.execute(
        INSERT_DOCUMENTS,
        {
            "documents": list(range(len(records))),
            "stations": [record.station_id for record in records],
            "sources": [record.data_source for record in records],
            "dates": [record.document_date for record in records],
            "standings": [standing_of(record.data_source) for record in records],
            "told": [_multirange([day.reading_date for day in record.days]) for record in records],
            "missing": [_multirange(record.missing) for record in records],
        },
    )
    manners: dict[tuple[Quality, str | None], int] = {}
    with conn.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(HEADER)
        for document, record in enumerate(records):
            copy.write(b"".join(_rows(document, record, manners)))
        copy.write(TRAILER)
    return Staged(
        qualities=[quality.value for quality, _ in manners],
        notes=[note for _, note in manners],
    )


def _rows(
    document: int, record: RainRecord, manners: dict[tuple[Quality, str | None], int]
) -> Iterator[bytes]:
    """Pack the days of one document; note each quality with its note at its place in `manners`."""
    dates, inches, qualities, notes = zip(*record.days, strict=True) if record.days else ((), (), (), ())
    places = [manners.setdefault(manner, len(manners) + 1) for manner in zip(qualities, notes, strict=True)]
    ordinals = [day.toordinal() - POSTGRES_EPOCH for day in dates]
    columns = ((4, repeat(document)), (4, ordinals), (8, inches), (4, places))
    parts = [part for length, column in columns for part in (repeat(length), column)]
    return map(ROW.pack, repeat(len(columns), len(dates)), *parts)


def _multirange(days: Sequence[date]) -> str:
    """Write days as PostgreSQL writes a multirange of dates."""
    return "{" + ",".join(f"[{first},{after})" for first, after in spans_of(days)) + "}"
