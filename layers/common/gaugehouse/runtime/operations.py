"""The operator's verbs: one table, whether the command runs beside the database or goes through AWS."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from psycopg import Connection
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from gaugehouse.domain.errors import EventInvalid
from gaugehouse.domain.import_jobs import FOPR, OPERATOR_PRIORITY, ImportRequest
from gaugehouse.runtime.validation import faults_of
from gaugehouse.store import import_jobs, job_runs, pauses, quotas, rejected_records, reports
from gaugehouse.store.system_state import get_system_state

StationId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$")]


class Arguments(BaseModel):
    """Arguments of an operation. Unknown ones are a mistake and are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class History(Arguments):
    """Which job's runs, and how many."""

    job_name: str
    limit: int = Field(default=20, ge=1, le=500)


class ImportsFilter(Arguments):
    """Which import jobs."""

    status: Literal["pending", "in_progress", "completed", "waiting", "failed"] | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class Subject(Arguments):
    """One import job."""

    subject: StationId
    kind: Literal["fopr"] = "fopr"


class Stations(Arguments):
    """Gauges whose full record is wanted."""

    station_ids: list[StationId] = Field(min_length=1, max_length=1000)


class PauseArguments(Arguments):
    """What to pause, why, and until when."""

    name: str = Field(pattern=r"^((source|task):[a-z_]+|imports)$")
    reason: str = Field(min_length=1, max_length=500)
    resumes_at: AwareDatetime | None = None


class PauseName(Arguments):
    """What to resume."""

    name: str


class Limit(Arguments):
    """How many."""

    limit: int = Field(default=50, ge=1, le=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an operation answers: plain data. `rows_affected` counts what it changed."""

    answer: Any
    changed: int = 0

    @property
    def rows_affected(self) -> int:
        """Rows that the operation changed."""
        return self.changed


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb: its arguments and what it does."""

    arguments: type[Arguments]
    run: Callable[[Connection, Any], Answer]


def operate(name: str | None, arguments: Mapping[str, object], *, conn: Connection) -> Answer:
    """Carry out one operation.

    Raises: EventInvalid for an unknown operation or a wrong argument.
    """
    operation = OPERATIONS.get(name or "")
    if operation is None:
        raise EventInvalid(f"operate: unknown operation {name!r}; there are {', '.join(sorted(OPERATIONS))}")
    try:
        parsed = operation.arguments.model_validate(arguments)
    except ValidationError as error:
        raise EventInvalid(f"operate {name}: {faults_of(error, root='arguments')}") from error
    return operation.run(conn, parsed)


def _status(conn: Connection, _: Arguments) -> Answer:
    return Answer(
        answer={
            "state": plain(get_system_state(conn)),
            "runs": plain(job_runs.latest(conn)),
            "pauses": plain(pauses.active(conn)),
            "quotas": plain(quotas.all_quotas(conn)),
            "failures": plain(reports.ledger(conn, status="failed", limit=10)),
        }
    )


def _jobs_list(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(job_runs.latest(conn)))


def _jobs_history(conn: Connection, arguments: History) -> Answer:
    return Answer(answer=plain(job_runs.history(conn, arguments.job_name, limit=arguments.limit)))


def _imports_list(conn: Connection, arguments: ImportsFilter) -> Answer:
    return Answer(answer=plain(reports.ledger(conn, status=arguments.status, limit=arguments.limit)))


def _imports_show(conn: Connection, arguments: Subject) -> Answer:
    job = reports.import_job(conn, kind=arguments.kind, subject=arguments.subject)
    if job is None:
        raise EventInvalid(f"operate imports_show: no {arguments.kind} import of {arguments.subject}")
    return Answer(answer=plain(job))


def _imports_request(conn: Connection, arguments: Stations) -> Answer:
    """Ask for full records, before everything automatic. Asking again is how a job is retried."""
    states = {
        station_id: import_jobs.request(
            conn,
            ImportRequest(kind=FOPR, subject=station_id),
            source="operator",
            priority=OPERATOR_PRIORITY,
        ).value
        for station_id in arguments.station_ids
    }
    return Answer(answer=states, changed=len(states))


def _imports_retry_failed(conn: Connection, _: Arguments) -> Answer:
    reopened = import_jobs.reopen_failed(conn, priority=OPERATOR_PRIORITY)
    return Answer(answer={"reopened": reopened}, changed=reopened)


def _pause(conn: Connection, arguments: PauseArguments) -> Answer:
    pauses.pause(conn, arguments.name, reason=arguments.reason, resumes_at=arguments.resumes_at)
    return Answer(answer=plain(pauses.active(conn)), changed=1)


def _resume(conn: Connection, arguments: PauseName) -> Answer:
    if not pauses.resume(conn, arguments.name):
        raise EventInvalid(f"operate resume: {arguments.name!r} is not paused")
    return Answer(answer=plain(pauses.active(conn)), changed=1)


def _pauses(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(pauses.active(conn)))


def _quota(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(quotas.all_quotas(conn)))


def _rejects_list(conn: Connection, arguments: Limit) -> Answer:
    return Answer(answer=plain(rejected_records.newest(conn, limit=arguments.limit)))


def plain(value: Any) -> Any:
    """Return JSON-ready data: dataclasses become objects, times ISO 8601 text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "__dataclass_fields__"):
        return plain(asdict(value))
    return value


OPERATIONS = {
    "status": Operation(Arguments, _status),
    "jobs_list": Operation(Arguments, _jobs_list),
    "jobs_history": Operation(History, _jobs_history),
    "imports_list": Operation(ImportsFilter, _imports_list),
    "imports_show": Operation(Subject, _imports_show),
    "imports_request": Operation(Stations, _imports_request),
    "imports_retry_failed": Operation(Arguments, _imports_retry_failed),
    "pause": Operation(PauseArguments, _pause),
    "resume": Operation(PauseName, _resume),
    "pauses": Operation(Arguments, _pauses),
    "quota": Operation(Arguments, _quota),
    "rejects_list": Operation(Limit, _rejects_list),
}
