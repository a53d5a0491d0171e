"""Import one agency document: the main job of Gaugehouse."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection

from gaugehouse.domain.errors import DocumentNotFound, GaugehouseError, ImportBroken, LockLost, SourceBusy
from gaugehouse.domain.import_jobs import ImportJob, ImportRequest, JobStatus
from gaugehouse.domain.locks import Lock, import_lock
from gaugehouse.domain.pauses import IMPORTS
from gaugehouse.services.document_kinds import DocumentArchive, DocumentKind
from gaugehouse.services.fail_import import fail_dead_workers, fail_import
from gaugehouse.services.import_outcome import ImportOutcome, ImportSummary
from gaugehouse.services.load_document import load_document
from gaugehouse.services.wait_for_turn import LONGEST_WAIT_SECONDS
from gaugehouse.store import claimed_imports, import_jobs, locks, pauses, publication, quotas


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who imports, and by which rules. `lock_ttl_seconds` exceeds what is left of the invocation."""

    id: str
    lock_ttl_seconds: float
    retry_delays: tuple[float, ...]


def import_document(
    request: ImportRequest,
    *,
    conn: Connection,
    kind: DocumentKind[Any],
    archive: DocumentArchive,
    worker: Worker,
) -> ImportSummary:
    """Download one document, keep it, and store everything it says in one transaction.

    A failure that was foreseen is recorded in the ledger and returned. Raises: LockLost (nothing was
    written), psycopg.Error, and whatever nobody foresaw, after recording it as a failed attempt; then
    ImportBroken when that attempt's message comes again.
    """
    if pauses.find(conn, IMPORTS):
        import_jobs.create_missing(conn, [request], source="message")  # its wish outlives its message
        publication.remind(conn, request, after_seconds=0)  # nothing is sent while the pause lasts
        return ImportSummary(outcome=ImportOutcome.PAUSED)
    name = import_lock(request.kind, request.subject)
    lock = locks.acquire(conn, name, worker_id=worker.id, ttl_seconds=worker.lock_ttl_seconds)
    if lock is None:
        publication.remind(conn, request, after_seconds=worker.lock_ttl_seconds)
        return ImportSummary(outcome=ImportOutcome.LOCK_HELD)
    try:
        job = _claim(request, lock, conn=conn, worker=worker)
        if isinstance(job, ImportOutcome):
            return ImportSummary(outcome=job)
        return _attempt(job, lock, conn=conn, kind=kind, archive=archive, worker=worker)
    finally:
        locks.release_quietly(conn, lock)


def _claim(
    request: ImportRequest, lock: Lock, *, conn: Connection, worker: Worker
) -> ImportJob | ImportOutcome:
    """Take the job, or say why there is nothing to do."""
    # We hold the lock, so a job still in progress is one whose worker died.
    if fail_dead_workers(conn=conn, retry_delays=worker.retry_delays, only=request):
        return ImportOutcome.WORKER_DIED
    job = claimed_imports.claim(conn, request, lock)
    if job is None and import_jobs.create_missing(conn, [request], source="message"):
        job = claimed_imports.claim(conn, request, lock)
    if job is not None:
        return job
    standing = import_jobs.standing_of(conn, request)
    if standing and standing.unforeseen and request.redelivered:
        raise ImportBroken(f"import {request.kind} {request.subject}: {standing.error}")
    done = standing is not None and standing.status is JobStatus.COMPLETED
    return ImportOutcome.ALREADY_DONE if done else ImportOutcome.NOT_DUE


def _attempt(
    job: ImportJob,
    lock: Lock,
    *,
    conn: Connection,
    kind: DocumentKind[Any],
    archive: DocumentArchive,
    worker: Worker,
) -> ImportSummary:
    """Import, and record whatever goes wrong."""
    try:
        return load_document(job, lock, conn=conn, kind=kind, archive=archive)
    except SourceBusy as busy:
        delay = busy.retry_after_seconds or LONGEST_WAIT_SECONDS
        claimed_imports.defer(conn, job, lock, reason=str(busy), delay_seconds=delay)
        return ImportSummary(outcome=ImportOutcome.DEFERRED, error=str(busy))
    except LockLost:
        raise
    except GaugehouseError as error:
        if isinstance(error, DocumentNotFound) and kind.note_availability is not None:
            kind.note_availability(conn, job.subject, False)  # noqa: FBT003 - a callable of the table
        if error.retry_after_seconds is not None:
            quotas.hold(conn, kind.quota, seconds=error.retry_after_seconds)
        if not fail_import(error, job, lock, conn=conn, retry_delays=worker.retry_delays):
            raise LockLost(
                f"import {job.kind} {job.subject} was taken over while it failed: {error}"
            ) from error
        return ImportSummary(outcome=ImportOutcome.FAILED, error=str(error))
    except Exception as error:
        with suppress(psycopg.Error):  # the database itself may be what failed
            fail_import(error, job, lock, conn=conn, retry_delays=worker.retry_delays)
        raise
