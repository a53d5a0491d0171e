"""The operator's verbs for the ledger of imports: look at it, ask for documents, retry what failed."""

from collections.abc import Sequence

from psycopg import Connection

from gaugehouse.domain.errors import DocumentInvalid, OperationRefused
from gaugehouse.domain.freshness import is_fresh
from gaugehouse.domain.import_jobs import OPERATOR_PRIORITY, ImportRequest, JobStatus, Kind
from gaugehouse.domain.import_subjects import check_subject
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import Arguments, ImportsFilter, Subject, Subjects
from gaugehouse.store import import_jobs, reports
from gaugehouse.store.connection import database_time


class MissingSubjects(Subjects):
    """Import jobs of one kind; without `again` only those that are not fresh."""

    again: bool = False


def _imports_list(conn: Connection, arguments: ImportsFilter) -> Answer:
    return Answer(answer=plain(reports.ledger(conn, status=arguments.status, limit=arguments.limit)))


def _imports_show(conn: Connection, arguments: Subject) -> Answer:
    job = reports.import_job(conn, kind=arguments.kind, subject=arguments.subject)
    if job is None:
        raise OperationRefused(f"operate imports_show: no {arguments.kind} import of {arguments.subject}")
    return Answer(answer=plain(job))


def _imports_standing(conn: Connection, arguments: Subjects) -> Answer:
    return Answer(answer=plain(reports.standings(conn, kind=arguments.kind, subjects=arguments.subjects)))


def _imports_request(conn: Connection, arguments: Subjects) -> Answer:
    """Ask for documents, before everything automatic. Asking again is how a job is retried."""
    refuse_odd("imports_request", arguments.kind, arguments.subjects)
    states = {
        subject: _request(conn, ImportRequest(kind=arguments.kind, subject=subject))
        for subject in arguments.subjects
    }
    return Answer(answer=states, changed=len(states))


def _imports_request_missing(conn: Connection, arguments: MissingSubjects) -> Answer:
    """Ask for what is not fresh; return the state of each, `fresh` for those that were not asked for.

    What is pending is asked for all the same, since an operator's wish comes first; what a worker has now is
    not asked for once more.
    """
    refuse_odd("imports_request_missing", arguments.kind, arguments.subjects)
    states = {
        subject: _request_missing(
            conn, ImportRequest(kind=arguments.kind, subject=subject), again=arguments.again
        )
        for subject in arguments.subjects
    }
    return Answer(answer=states, changed=sum(state != "fresh" for state in states.values()))


def _request_missing(conn: Connection, wish: ImportRequest, *, again: bool) -> str:
    standing = import_jobs.standing_of(conn, wish)
    if standing is not None and not again:
        if standing.status is JobStatus.IN_PROGRESS:
            return standing.status.value
        if standing.status is JobStatus.COMPLETED and _is_fresh(conn, wish, standing):
            return "fresh"
    return _request(conn, wish)


def _is_fresh(conn: Connection, wish: ImportRequest, standing: import_jobs.JobStanding) -> bool:
    return standing.last_completed_at is not None and is_fresh(
        wish.kind, wish.subject, imported_at=standing.last_completed_at, now=database_time(conn)
    )


def _request(conn: Connection, wish: ImportRequest) -> str:
    return import_jobs.request(conn, wish, source="operator", priority=OPERATOR_PRIORITY).value


def _imports_retry_failed(conn: Connection, _: Arguments) -> Answer:
    reopened = import_jobs.reopen_failed(conn, priority=OPERATOR_PRIORITY)
    return Answer(answer={"reopened": reopened}, changed=reopened)


def refuse_odd(operation: str, kind: Kind, subjects: Sequence[str]) -> None:
    """Refuse a subject that no document of this kind has. Raises: OperationRefused."""
    try:
        for subject in subjects:
            check_subject(kind, subject)
    except DocumentInvalid as error:
        raise OperationRefused(f"operate {operation}: {error}") from error


OPERATIONS = {
    "imports_list": Operation(ImportsFilter, _imports_list),
    "imports_show": Operation(Subject, _imports_show),
    "imports_standing": Operation(Subjects, _imports_standing),
    "imports_request": Operation(Subjects, _imports_request),
    "imports_request_missing": Operation(MissingSubjects, _imports_request_missing),
    "imports_retry_failed": Operation(Arguments, _imports_retry_failed),
}
