"""Load one document for a claimed job: fetch it, keep it, parse it, store all of it or nothing."""

from dataclasses import replace
from functools import partial
from typing import Any

from psycopg import Connection

from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceUnavailable
from gaugehouse.domain.import_jobs import ImportJob
from gaugehouse.domain.locks import Lock
from gaugehouse.services.document_kinds import DocumentArchive, DocumentKind
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from gaugehouse.services.wait_for_turn import wait_for_turn
from gaugehouse.store import claimed_imports, locks, quotas, source_documents
from gaugehouse.store.connection import database_time
from gaugehouse.store.source_documents import ImportedDocument


def load_document(
    job: ImportJob, lock: Lock, *, conn: Connection, kind: DocumentKind[Any], archive: DocumentArchive
) -> ImportSummary:
    """Bring the database to what the agency's document says now, and complete the job with it.

    Everything is written in one transaction whose last statement proves that the lock is still held.

    Raises: SourceUnavailable, DocumentNotFound (retryable), DocumentInvalid (permanent), LockLost.
    """
    held = source_documents.newest_imported(conn, source=job.kind, subject=job.subject)
    current = held is not None and held.parser_version == kind.parser_version
    standing = held if current and kind.stands(job, conn) else None
    if job.document_id is not None:
        download: Download | None = _read_kept(job.document_id, conn=conn, archive=archive)
    else:
        download = _fetch(job, standing, conn=conn, kind=kind)
    if standing and (download is None or download.sha256 == standing.sha256):
        return _complete_unchanged(job, lock, standing, download, conn=conn, kind=kind)
    if download is None:
        raise SourceUnavailable(f"{job.kind} {job.subject}: 'not modified' where no ETag had been sent")
    s3_key = archive.keep(download, kind=job.kind, subject=job.subject, suffix=kind.suffix)
    keep_record = partial(
        source_documents.record,
        conn,
        download,
        source=job.kind,
        subject=job.subject,
        s3_key=s3_key,
        parser_version=kind.parser_version,
    )
    try:
        document = kind.parse(download, job.subject, source_documents.newest_possible_date(conn))
    except GaugehouseError:  # recorded as such, for whoever looks into it
        keep_record(outcome="invalid", document_date=None)
        raise
    superseded = held is not None and held.document_date > document.document_date
    outcome = ImportOutcome.SUPERSEDED if superseded else ImportOutcome.IMPORTED
    if kind.prepare is not None and not superseded:
        kind.prepare(document, conn)
    with conn.transaction():
        if superseded:
            stats = {**(job.import_stats or {}), "superseded_document": str(document.document_date)}
        else:
            stats = kind.store(document, job, conn)
        keep_record(outcome=outcome.value, document_date=document.document_date)
        _note_available(job, conn=conn, kind=kind)
        claimed_imports.complete(conn, job, lock, import_stats=stats)
        locks.assert_held(conn, lock)
    if superseded:
        return ImportSummary(outcome=outcome)
    return ImportSummary(
        outcome=outcome,
        inserted=stats["inserted"],
        revised=stats["revised"],
        withdrawn=stats["withdrawn"],
        rejected=stats["rejected"],
        mismatches=len(stats["mismatches"]),
    )


def _fetch(
    job: ImportJob, standing: ImportedDocument | None, *, conn: Connection, kind: DocumentKind[Any]
) -> Download | None:
    """Download the agency's document; None when it still is the one whose content we hold."""
    take_turn = partial(wait_for_turn, conn, kind.quota, interval_seconds=kind.interval_seconds)
    download = kind.fetch(job.subject, standing.etag if standing else None, take_turn)
    if download is None:
        return None
    if download.budget is not None:
        quotas.adopt(conn, kind.quota, download.budget)
    return replace(download, fetched_at=database_time(conn))


def _read_kept(document_id: int, *, conn: Connection, archive: DocumentArchive) -> Download:
    """Take a document from the archive, as it came at its time."""
    kept = source_documents.find_kept(conn, document_id)
    download = Download(
        url=kept.url,
        content=archive.read(kept.s3_key),
        etag=kept.etag,
        last_modified=kept.last_modified,
        fetched_at=kept.fetched_at,
    )
    if download.sha256 != kept.sha256:
        raise DocumentInvalid(f"{kept.s3_key} in the document archive is not what was put there")
    return download


def _complete_unchanged(
    job: ImportJob,
    lock: Lock,
    held: ImportedDocument,
    download: Download | None,
    *,
    conn: Connection,
    kind: DocumentKind[Any],
) -> ImportSummary:
    """Finish without parsing: these bytes are what the database holds."""
    stats = {**(job.import_stats or {}), "rows_imported": 0, "inserted": 0, "revised": 0, "withdrawn": 0}
    stats["unchanged"] = stats.get("total_rows", 0)
    with conn.transaction():
        if job.document_id is None:
            source_documents.touch(
                conn,
                source=job.kind,
                subject=job.subject,
                sha256=held.sha256,
                etag=download.etag if download else None,
            )
        _note_available(job, conn=conn, kind=kind)
        claimed_imports.complete(conn, job, lock, import_stats=stats)
        locks.assert_held(conn, lock)
    return ImportSummary(outcome=ImportOutcome.UNCHANGED)


def _note_available(job: ImportJob, *, conn: Connection, kind: DocumentKind[Any]) -> None:
    if kind.note_availability is not None and job.document_id is None:
        kind.note_availability(conn, job.subject, True)  # noqa: FBT003 - a callable of the table
