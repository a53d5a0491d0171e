"""The operator's verb for many imports at once: ask for what is not there yet, and say what is."""

from psycopg import Connection

from gaugehouse.domain.errors import DocumentInvalid, OperationRefused
from gaugehouse.domain.freshness import is_fresh
from gaugehouse.domain.import_jobs import OPERATOR_PRIORITY, ImportRequest, JobStatus
from gaugehouse.domain.import_subjects import check_subject
from gaugehouse.runtime.operation import Answer, Operation
from gaugehouse.runtime.operation_arguments import Subjects
from gaugehouse.store import import_jobs
from gaugehouse.store.connection import database_time


class MissingSubjects(Subjects):
    """Import jobs of one kind; without `again` only those that are not fresh."""

    again: bool = False


def _imports_request_missing(conn: Connection, arguments: MissingSubjects) -> Answer:
    """Ask for what is not fresh; return the state of each, `fresh` for those that were not asked for.

    What is pending is asked for all the same, since an operator's wish comes first; what a worker has now is
    not asked for once more.
    """
    states = {
        subject: _request(conn, ImportRequest(kind=arguments.kind, subject=subject), again=arguments.again)
        for subject in arguments.subjects
    }
    return Answer(answer=states, changed=sum(state != "fresh" for state in states.values()))


def _request(conn: Connection, wish: ImportRequest, *, again: bool) -> str:
    try:
        check_subject(wish.kind, wish.subject)
    except DocumentInvalid as error:
        raise OperationRefused(f"operate imports_request_missing: {error}") from error
    standing = import_jobs.standing_of(conn, wish)
    if standing is not None and not again:
        if standing.status is JobStatus.IN_PROGRESS:
            return standing.status.value
        if standing.status is JobStatus.COMPLETED and _is_fresh(conn, wish, standing):
            return "fresh"
    return import_jobs.request(conn, wish, source="operator", priority=OPERATOR_PRIORITY).value


def _is_fresh(conn: Connection, wish: ImportRequest, standing: import_jobs.JobStanding) -> bool:
    return standing.last_completed_at is not None and is_fresh(
        wish.kind, wish.subject, imported_at=standing.last_completed_at, now=database_time(conn)
    )


OPERATIONS = {"imports_request_missing": Operation(MissingSubjects, _imports_request_missing)}
