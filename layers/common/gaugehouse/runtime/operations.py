"""The operator's verbs: one table, whether the command runs beside the database or goes through AWS."""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection
from pydantic import ValidationError

from gaugehouse.domain.errors import DocumentInvalid, OperationRefused
from gaugehouse.domain.import_jobs import OPERATOR_PRIORITY, ImportRequest, Kind
from gaugehouse.domain.import_subjects import check_subject
from gaugehouse.domain.locks import slot_lock
from gaugehouse.domain.pauses import IMPORTS, source_pause, task_pause
from gaugehouse.runtime import (
    document_operations,
    key_operations,
    range_operations,
    record_operations,
    stream_operations,
)
from gaugehouse.runtime.invocation import ScheduledEvent
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import (
    Arguments,
    Backfill,
    History,
    ImportsFilter,
    Limit,
    NamedSites,
    OfferedDocument,
    PauseArguments,
    PauseName,
    Preview,
    Reparse,
    Subject,
    Subjects,
    Targets,
)
from gaugehouse.runtime.validation import faults_of
from gaugehouse.store import (
    import_jobs,
    job_runs,
    locks,
    pauses,
    quotas,
    rain_coverage,
    rejected_records,
    reports,
)
from gaugehouse.store.connection import database_time
from gaugehouse.store.system_state import get_system_state


def operate(name: str | None, arguments: Mapping[str, object], *, conn: Connection) -> Answer:
    """Carry out one operation.

    Raises: OperationRefused for an unknown operation or a wrong argument.
    """
    operation = OPERATIONS.get(name or "")
    if operation is None:
        raise OperationRefused(
            f"operate: unknown operation {name!r}; there are {', '.join(sorted(OPERATIONS))}"
        )
    try:
        parsed = operation.arguments.model_validate(arguments)
    except ValidationError as error:
        raise OperationRefused(f"operate {name}: {faults_of(error, root='arguments')}") from error
    return operation.run(conn, parsed)


def _status(conn: Connection, _: Arguments) -> Answer:
    return Answer(
        answer={
            "state": plain(get_system_state(conn)),
            **_jobs(conn),
            "quotas": plain(quotas.all_quotas(conn)),
            "failures": plain(reports.ledger(conn, status="failed", limit=500)),
            "gauges_by_water_year": rain_coverage.gauges_by_water_year(conn),
        }
    )


def _jobs_list(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=_jobs(conn))


def _jobs(conn: Connection) -> dict[str, Any]:
    """Return what is to be known of all jobs: newest runs, turning points, and what is paused."""
    return {
        "runs": plain(job_runs.latest(conn)),
        "milestones": plain(job_runs.milestones(conn)),
        "pauses": plain(pauses.active(conn)),
    }


def _preview(conn: Connection, arguments: Preview) -> Answer:
    """Say what a run would meet, without running it. A run for no certain time has a slot of its own."""
    time = arguments.reference_time
    slot = ScheduledEvent(reference_time=time).slot("") or None
    pause = pauses.find(conn, task_pause(arguments.task)) if arguments.in_slot else None
    looked_up = slot if arguments.in_slot else None
    done = looked_up is not None and job_runs.is_done(conn, arguments.task, looked_up)
    holder = locks.find_holder(conn, slot_lock(arguments.task, looked_up)) if looked_up else None
    in_future = time is not None and time > database_time(conn)
    reasons = {
        "its time is still to come": in_future,
        f"paused: {pause.reason if pause else ''}": pause is not None,
        "its slot was done before": done and not arguments.force,
        "another run holds its slot": holder is not None,
    }
    return Answer(
        answer={
            "task": arguments.task,
            "slot": slot,
            "in_future": in_future,
            "done": done,
            "pause": plain(pause),
            "lock": plain(holder),
            "would_run": not any(reasons.values()),
            "why_not": next((reason for reason, applies in reasons.items() if applies), None),
        }
    )


def _jobs_history(conn: Connection, arguments: History) -> Answer:
    return Answer(answer=plain(job_runs.history(conn, arguments.job_name, limit=arguments.limit)))


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
    for subject in arguments.subjects:
        _refuse_odd(arguments.kind, subject)
    states = {
        subject: import_jobs.request(
            conn,
            ImportRequest(kind=arguments.kind, subject=subject),
            source="operator",
            priority=OPERATOR_PRIORITY,
        ).value
        for subject in arguments.subjects
    }
    return Answer(answer=states, changed=len(states))


def _refuse_odd(kind: Kind, subject: str) -> None:
    try:
        check_subject(kind, subject)
    except DocumentInvalid as error:
        raise OperationRefused(f"operate: {error}") from error


def _imports_retry_failed(conn: Connection, _: Arguments) -> Answer:
    reopened = import_jobs.reopen_failed(conn, priority=OPERATOR_PRIORITY)
    return Answer(answer={"reopened": reopened}, changed=reopened)


def _pause(conn: Connection, arguments: PauseArguments) -> Answer:
    if arguments.resumes_at is not None and arguments.resumes_at <= database_time(conn):
        raise OperationRefused(f"operate pause: {arguments.resumes_at} has passed")
    known = _pausable()
    if arguments.name not in known:
        raise OperationRefused(
            f"operate pause: nothing is called {arguments.name!r}; there are {', '.join(known)}"
        )
    pauses.pause(conn, arguments.name, reason=arguments.reason, resumes_at=arguments.resumes_at)
    return Answer(answer=plain(pauses.active(conn)), changed=1)


def _pausable() -> list[str]:
    """Everything that a pause stops. A pause of anything else would look like one and stop nothing."""
    from gaugehouse.runtime.polls import SOURCES
    from gaugehouse.runtime.tasks import TASKS

    tasks = [task_pause(task.name) for task in TASKS.values() if task.in_slot]
    return [IMPORTS, *map(source_pause, sorted(SOURCES)), *sorted(tasks)]


def _resume(conn: Connection, arguments: PauseName) -> Answer:
    if not pauses.resume(conn, arguments.name):
        raise OperationRefused(f"operate resume: {arguments.name!r} is not paused")
    return Answer(answer=plain(pauses.active(conn)), changed=1)


def _pauses(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(pauses.active(conn)))


def _quota(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(quotas.all_quotas(conn)))


def _rejects_list(conn: Connection, arguments: Limit) -> Answer:
    return Answer(answer=plain(rejected_records.newest(conn, limit=arguments.limit)))


def _documents_offer(conn: Connection, arguments: OfferedDocument) -> Answer:
    _refuse_odd(arguments.kind, arguments.subject)
    state = document_operations.offer_document(conn, arguments)
    return Answer(answer={arguments.subject: state}, changed=1)


def _reparse(conn: Connection, arguments: Reparse) -> Answer:
    summary = document_operations.reparse(conn, arguments)
    return Answer(answer=plain(summary), changed=summary.reopened)


def _targets_list(conn: Connection, arguments: Arguments) -> Answer:
    return Answer(answer=plain(stream_operations.list_targets(conn, arguments)))


def _targets_add(conn: Connection, arguments: NamedSites) -> Answer:
    added = stream_operations.add_targets(conn, arguments)
    return Answer(answer={"added": added}, changed=added)


def _targets_remove(conn: Connection, arguments: Targets) -> Answer:
    removed = stream_operations.remove_targets(conn, arguments)
    return Answer(answer={"removed": removed}, changed=removed)


def _backfill_request(conn: Connection, arguments: Backfill) -> Answer:
    states = stream_operations.request_backfill(conn, arguments)
    return Answer(answer=states, changed=len(states))


OPERATIONS = {
    "status": Operation(Arguments, _status),
    "jobs_list": Operation(Arguments, _jobs_list),
    "preview": Operation(Preview, _preview),
    "jobs_history": Operation(History, _jobs_history),
    "imports_list": Operation(ImportsFilter, _imports_list),
    "imports_show": Operation(Subject, _imports_show),
    "imports_standing": Operation(Subjects, _imports_standing),
    "imports_request": Operation(Subjects, _imports_request),
    "imports_retry_failed": Operation(Arguments, _imports_retry_failed),
    "documents_offer": Operation(OfferedDocument, _documents_offer),
    "reparse": Operation(Reparse, _reparse),
    "pause": Operation(PauseArguments, _pause),
    "resume": Operation(PauseName, _resume),
    "pauses": Operation(Arguments, _pauses),
    "quota": Operation(Arguments, _quota),
    "rejects_list": Operation(Limit, _rejects_list),
    "targets_list": Operation(Arguments, _targets_list),
    "targets_add": Operation(NamedSites, _targets_add),
    "targets_remove": Operation(Targets, _targets_remove),
    "backfill_request": Operation(Backfill, _backfill_request),
    **key_operations.OPERATIONS,
    **range_operations.OPERATIONS,
    **record_operations.OPERATIONS,
}
