"""What acts: some of the operator's verbs. Maintenance does them, for the API itself writes nothing."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from gaugehouse.domain.errors import MaintenanceFailed, MaintenanceUnavailable, OperationRefused
from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.pauses import Pause
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.pages import Page
from gaugehouse.runtime.api.parameters import ImportKind, ImportSubject
from gaugehouse.runtime.api.problems import STORE_RETRY_SECONDS, RequestRefused
from gaugehouse.runtime.api.request import caller_of, connection_of, new_router, wiring_of
from gaugehouse.runtime.operation_arguments import PAUSE_NAME, PauseArguments, Subject
from gaugehouse.runtime.telemetry import logger
from gaugehouse.store import reports, security_events

router = new_router()

PauseName = Annotated[
    str,
    Path(description="source:NAME, task:NAME or imports", pattern=PAUSE_NAME, examples=["source:usgs"]),
]
# What maintenance puts before a refusal, for the operator's command and its log.
OPERATION = re.compile(r"^operate(?: \w+)?: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedImport:
    """What became of the wish: `pending` begins in seconds; one `in_progress` is done again afterwards."""

    kind: Kind
    subject: str
    status: str


def _accepted(model: Any, description: str) -> dict[int, Any]:
    return described(model, description, status=HTTPStatus.ACCEPTED)


@router.post(
    "/admin/imports",
    tags=["admin"],
    responses=_accepted(AskedImport, "Asked for"),
)
def ask_for_import(wanted: Annotated[Subject, Body()]) -> Response[str]:
    """Import a document now, before everything automatic, also one that the ledger does not hold yet."""
    return _ask(wanted.kind, wanted.subject)


@router.post(
    "/admin/imports/<kind>/<subject>/retry",
    tags=["admin"],
    responses=_accepted(AskedImport, "Asked for again"),
)
def retry_import(kind: ImportKind, subject: ImportSubject) -> Response[str]:
    """Import a document of the ledger again, now, whatever became of it."""
    if not reports.standings(connection_of(router), kind=kind, subjects=[subject]):
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            f"The ledger has no {kind.value} import of {subject}; POST /admin/imports asks for a new one.",
        )
    return _ask(kind, subject)


@router.post("/admin/pauses", tags=["admin"], responses=_accepted(Page[Pause], "Paused"))
def pause(wanted: Annotated[PauseArguments, Body()]) -> Response[str]:
    """Pause a source, a task or all imports; again: with the new reason and end."""
    return _pauses(_operate("pause", wanted.model_dump(mode="json")))


@router.delete(
    "/admin/pauses/<name>",
    tags=["admin"],
    responses=_accepted(Page[Pause], "Resumed"),
)
def resume(name: PauseName) -> Response[str]:
    """End a pause."""
    return _pauses(_operate("resume", {"name": name}, refused=HTTPStatus.NOT_FOUND))


def _ask(kind: Kind, subject: str) -> Response[str]:
    states = _operate("imports_request", {"kind": kind.value, "subjects": [subject]})
    try:
        wiring_of(router).maintenance.begin("requeue_imports")
    except (MaintenanceUnavailable, MaintenanceFailed):
        logger.exception("the sweep publishes within five minutes what was asked for")
    asked = AskedImport(kind=kind, subject=subject, status=states[subject])
    return json_answer(asked, status=HTTPStatus.ACCEPTED)


def _pauses(pauses: object) -> Response[str]:
    in_force = Page(items=msgspec.convert(pauses, list[Pause]), next_cursor=None)
    return json_answer(in_force, status=HTTPStatus.ACCEPTED)


def _operate(
    operation: str,
    arguments: dict[str, Any],
    *,
    refused: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Any:
    """Have it done, and remember before who asked for it. Raises: RequestRefused."""
    caller = caller_of(router)
    told = ", ".join(f"{name} {value}" for name, value in arguments.items() if value is not None)
    what = f"{operation}: {told}"
    logger.info("acts", key_prefix=caller.prefix, key_name=caller.name, what=what)
    security_events.note_action(connection_of(router), caller.prefix, address=caller.address, what=what)
    try:
        return wiring_of(router).maintenance.operate(operation, **arguments)
    except OperationRefused as error:
        raise RequestRefused(refused, f"{OPERATION.sub('', str(error))}.") from error
    except MaintenanceUnavailable as error:
        logger.exception("maintenance cannot be reached")
        raise RequestRefused(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "What acts cannot be reached just now, and nothing was done; ask again in some seconds.",
            headers={"Retry-After": str(STORE_RETRY_SECONDS)},
        ) from error
    except MaintenanceFailed as error:
        logger.exception("maintenance failed")
        raise RequestRefused(
            HTTPStatus.BAD_GATEWAY, f"What acts failed: {error}. Look whether it was done."
        ) from error
