"""Downloaded documents: which there are, and what became of each."""

from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.store.connection import only_row

SELECT_NEWEST_IMPORTED = """
SELECT sha256, etag, document_date, parser_version FROM source_documents
WHERE source = %(source)s AND subject = %(subject)s AND outcome = 'imported'
ORDER BY imported_at DESC
LIMIT 1
"""
UPSERT = """
INSERT INTO source_documents AS known (source, subject, sha256, s3_key, url, etag, last_modified, size_bytes,
    document_date, parser_version, outcome, fetched_at, imported_at)
VALUES (%(source)s, %(subject)s, %(sha256)s, %(s3_key)s, %(url)s, %(etag)s, %(last_modified)s, %(size_bytes)s,
    %(document_date)s, %(parser_version)s, %(outcome)s, coalesce(%(fetched_at)s, now()),
    CASE WHEN %(outcome)s = 'imported' THEN now() END)
ON CONFLICT (source, subject, sha256) DO UPDATE
    SET s3_key = excluded.s3_key, url = excluded.url, etag = excluded.etag,
        last_modified = excluded.last_modified, document_date = excluded.document_date,
        fetched_at = excluded.fetched_at,
        parser_version = excluded.parser_version, outcome = excluded.outcome,
        imported_at = coalesce(excluded.imported_at, known.imported_at)
"""
# A document that was read before keeps its outcome.
OFFER = """
INSERT INTO source_documents AS known
    (source, subject, sha256, s3_key, url, last_modified, size_bytes, outcome)
VALUES (%(source)s, %(subject)s, %(sha256)s, %(s3_key)s, %(url)s, %(last_modified)s, %(size_bytes)s,
    'offered')
ON CONFLICT (source, subject, sha256) DO UPDATE
    SET s3_key = excluded.s3_key, last_modified = coalesce(known.last_modified, excluded.last_modified)
RETURNING id
"""
SELECT_KEPT = """
SELECT s3_key, url, etag, last_modified, fetched_at, sha256 FROM source_documents WHERE id = %(id)s
"""
TOUCH = """
UPDATE source_documents SET fetched_at = now(), etag = coalesce(%(etag)s, etag)
WHERE source = %(source)s AND subject = %(subject)s AND sha256 = %(sha256)s
"""

# A day's grace: the agency may be ahead of UTC in nothing but its typing.
SELECT_TOMORROW = "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date + 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDocument:
    """The document whose content the database holds."""

    sha256: str
    etag: str | None
    document_date: date
    parser_version: int


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document that can be read again without a download. Times are aware."""

    s3_key: str
    url: str
    etag: str | None
    last_modified: datetime | None
    fetched_at: datetime
    sha256: str


def newest_imported(conn: Connection, *, source: str, subject: str) -> ImportedDocument | None:
    """Return the document that was imported last; None before the first import."""
    row = conn.execute(SELECT_NEWEST_IMPORTED, {"source": source, "subject": subject}).fetchone()
    if row is None:
        return None
    return ImportedDocument(sha256=row[0], etag=row[1], document_date=row[2], parser_version=row[3])


def newest_possible_date(conn: Connection) -> date:
    """Return the newest date that a document can honestly have: tomorrow, on the database's clock."""
    newest: date = only_row(conn.execute(SELECT_TOMORROW))[0]
    return newest


def record(
    conn: Connection,
    download: Download,
    *,
    source: str,
    subject: str,
    s3_key: str,
    parser_version: int,
    outcome: str,
    document_date: date | None,
) -> None:
    """Record a downloaded document and its outcome: imported, superseded or invalid."""
    conn.execute(
        UPSERT,
        {
            "source": source,
            "subject": subject,
            "sha256": download.sha256,
            "s3_key": s3_key,
            "url": download.url,
            "etag": download.etag,
            "last_modified": download.last_modified,
            "size_bytes": len(download.content),
            "document_date": document_date,
            "parser_version": parser_version,
            "outcome": outcome,
            "fetched_at": download.fetched_at,
        },
    )


def offer(
    conn: Connection,
    *,
    source: str,
    subject: str,
    sha256: str,
    s3_key: str,
    url: str,
    size_bytes: int,
    last_modified: datetime | None,
) -> int:
    """Record a document that an operator has put into the archive. Return its number."""
    row = only_row(
        conn.execute(
            OFFER,
            {
                "source": source,
                "subject": subject,
                "sha256": sha256,
                "s3_key": s3_key,
                "url": url,
                "size_bytes": size_bytes,
                "last_modified": last_modified,
            },
        )
    )
    number: int = row[0]
    return number


def find_kept(conn: Connection, document_id: int) -> KeptDocument:
    """Return where a document is kept and what was said of it when it came.

    Raises: DocumentInvalid when there is none of that number: an operator has deleted it.
    """
    row = conn.execute(SELECT_KEPT, {"id": document_id}).fetchone()
    if row is None:
        raise DocumentInvalid(f"no document {document_id} is kept; import again without a file")
    return KeptDocument(*row)


def touch(conn: Connection, *, source: str, subject: str, sha256: str, etag: str | None) -> None:
    """Record that the same bytes were offered again."""
    conn.execute(TOUCH, {"source": source, "subject": subject, "sha256": sha256, "etag": etag})
