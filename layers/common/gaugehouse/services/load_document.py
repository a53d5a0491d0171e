"""Load one document for a claimed job: fetch it, keep it, parse it, store all of it or nothing."""

from dataclasses import replace
from functools import partial

from psycopg import Connection

from gaugehouse.domain.documents import Download, FullRecord
from gaugehouse.domain.errors import GaugehouseError, SourceUnavailable
from gaugehouse.domain.import_jobs import ImportJob
from gaugehouse.domain.locks import Lock
from gaugehouse.services.document_kinds import DocumentArchive, DocumentKind
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from gaugehouse.services.store_record import store_record
from gaugehouse.store import gauges, import_jobs, locks, quotas, record_totals, source_documents
from gaugehouse.store.source_documents import ImportedDocument


def load_document(
    job: ImportJob, lock: Lock, *, conn: Connection, kind: DocumentKind, archive: DocumentArchive
) -> ImportSummary:
    """Bring the database to what the agency's document says now, and complete the job with it.

    Everything is written in one transaction whose last statement proves that the lock is still held.

    Raises: SourceUnavailable, DocumentNotFound (retryable), DocumentInvalid (permanent), LockLost.
    """
    held = source_documents.newest_imported(conn, source=job.kind, subject=job.subject)
    standing = held if held and _stands(held, job, conn=conn, kind=kind) else None
    download = kind.fetch(job.subject, standing.etag if standing else None)
    if download is not None and download.budget is not None:
        quotas.adopt(conn, kind.quota, download.budget)
    if standing and (download is None or download.sha256 == standing.sha256):
        return _complete_unchanged(job, lock, standing, download, conn=conn)
    if download is None:
        raise SourceUnavailable(f"{job.kind} {job.subject}: 'not modified' where no ETag had been sent")
    s3_key = archive.keep(download, kind=job.kind, subject=job.subject)
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
        document = _not_from_the_future(kind.parse(download.content, job.subject), conn=conn)
    except GaugehouseError:  # recorded as such, for whoever looks into it
        keep_record(outcome="invalid", document_date=None)
        raise
    superseded = held is not None and held.document_date > document.record.document_date
    outcome = ImportOutcome.SUPERSEDED if superseded else ImportOutcome.IMPORTED
    with conn.transaction():
        if superseded:
            stats = {**(job.import_stats or {}), "superseded_document": str(document.record.document_date)}
        else:
            stats = store_record(document, job.gauge_summary, conn=conn)
        keep_record(outcome=outcome.value, document_date=document.record.document_date)
        gauges.note_workbook(conn, job.subject, available=True)
        import_jobs.complete(conn, job, lock, import_stats=stats)
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


def _stands(held: ImportedDocument, job: ImportJob, *, conn: Connection, kind: DocumentKind) -> bool:
    """Say whether that document need not be read again: same parser, and its rows are still there.

    Rows can be gone: an operator repairs by hand, or restores a backup.
    """
    stats = job.import_stats or {}
    extent = record_totals.extent_of(conn, job.subject)
    return held.parser_version == kind.parser_version and (
        (extent.rows, round(extent.total_inches, 5)) == (stats.get("total_rows"), stats.get("total_inches"))
    )


def _not_from_the_future(document: FullRecord, *, conn: Connection) -> FullRecord:
    """Take a document that dates itself into the future (2199) for as old as its newest day.

    Else it would be the newest truth for ever, and its own correction would come too late.
    """
    stated = document.record.document_date
    if stated <= source_documents.newest_possible_date(conn):
        return document
    days = document.record.days
    newest = days[-1].reading_date if days else source_documents.newest_possible_date(conn)
    return replace(
        document,
        record=replace(document.record, document_date=newest),
        warnings=(*document.warnings, f"the document states the date {stated}; taken for {newest}"),
    )


def _complete_unchanged(
    job: ImportJob,
    lock: Lock,
    held: ImportedDocument,
    download: Download | None,
    *,
    conn: Connection,
) -> ImportSummary:
    """Finish without parsing: these bytes are what the database holds."""
    stats = {**(job.import_stats or {}), "rows_imported": 0, "inserted": 0, "revised": 0, "withdrawn": 0}
    stats["unchanged"] = stats.get("total_rows", 0)
    with conn.transaction():
        source_documents.touch(
            conn,
            source=job.kind,
            subject=job.subject,
            sha256=held.sha256,
            etag=download.etag if download else None,
        )
        gauges.note_workbook(conn, job.subject, available=True)
        import_jobs.complete(conn, job, lock, import_stats=stats)
        locks.assert_held(conn, lock)
    return ImportSummary(outcome=ImportOutcome.UNCHANGED)
