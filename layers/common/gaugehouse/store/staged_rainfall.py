"""The way of daily rainfall into the database: documents and days in temporary tables, ready to be merged.

Days travel as a binary COPY, which is several times as fast as handing over row by row. What many days have
in common is written once: their document, their quality with its note (`said_days.manner` counts from 1 into
`Staged.manners`), and their number, for a gauge that tips has few different ones.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from psycopg import Connection

from gaugehouse.domain.precedence import spans_of, standing_of
from gaugehouse.domain.rainfall import Quality, RainRecord

CREATE_DAYS = """
CREATE TEMPORARY TABLE IF NOT EXISTS said_days (
    document     integer       NOT NULL,
    reading_date date          NOT NULL,
    manner       integer       NOT NULL,
    inches       numeric(8, 5) NOT NULL
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
    meets_stored  boolean        NOT NULL,
    overruled     datemultirange NOT NULL,
    rounded       datemultirange NOT NULL
) ON COMMIT DELETE ROWS
"""
EMPTY = "TRUNCATE said_days, arriving_documents"
COPY = "COPY said_days FROM STDIN (FORMAT binary)"
# `overruled` are the days of which a document that wins against this one speaks; but where this one is a
# workbook and that one a PDF with a number, it depends on the numbers who wins: those days are `rounded`.
# A first import meets nothing that is stored, and need not look for each day.
INSERT_DOCUMENTS = """
INSERT INTO arriving_documents
SELECT arriving.*,
       EXISTS (
           SELECT FROM rain_readings AS stored
           WHERE stored.station_id = arriving.station_id
               AND stored.reading_date >= lower(arriving.told + arriving.missing)
               AND stored.reading_date < upper(arriving.told + arriving.missing)),
       coalesce(above.overruled, '{}'),
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
ROW = struct.Struct(">h" + "ii" + "ii" + "ii")  # four columns, each behind its length; then the number
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
    numbers: dict[float, bytes] = {}
    with conn.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(HEADER)
        for document, record in enumerate(records):
            copy.write(b"".join(_fields(document, record, manners, numbers)))
        copy.write(TRAILER)
    return Staged(
        qualities=[quality.value for quality, _ in manners],
        notes=[note for _, note in manners],
    )


def _fields(
    document: int,
    record: RainRecord,
    manners: dict[tuple[Quality, str | None], int],
    numbers: dict[float, bytes],
) -> Iterator[bytes]:
    """Write the days of one document; what is new among manners and numbers is added to these."""
    for day, inches, quality, note in record.days:
        manner = manners.setdefault((quality, note), len(manners) + 1)
        yield ROW.pack(4, 4, document, 4, day.toordinal() - POSTGRES_EPOCH, 4, manner)
        if inches not in numbers:
            numbers[inches] = _number(inches)
        yield numbers[inches]


def _number(value: float) -> bytes:
    """Write a number as PostgreSQL takes it in binary: behind its length, in digits to the base of 10,000."""
    text = f"{Decimal(repr(float(value))):f}"
    whole, _, fraction = text.removeprefix("-").partition(".")
    places = -(-len(whole) // 4)
    padded = whole.rjust(places * 4, "0") + fraction.ljust(-(-len(fraction) // 4) * 4, "0")
    digits = [int(padded[start : start + 4]) for start in range(0, len(padded), 4)]
    sign = 0x4000 if text.startswith("-") else 0
    content = struct.pack(f">hhHH{len(digits)}h", len(digits), places - 1, sign, len(fraction), *digits)
    return struct.pack(">i", len(content)) + content


def _multirange(days: Sequence[date]) -> str:
    """Write days as PostgreSQL writes a multirange of dates."""
    return "{" + ",".join(f"[{first},{after})" for first, after in spans_of(days)) + "}"
