"""The ledger of imports, and what was dropped on the way."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.quotas import Quota
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.cursors import read_cursor, write_cursor
from gaugehouse.runtime.api.parameters import Cursor, Limit
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.store import quotas, rejected_records, reports
from gaugehouse.store.rejected_records import Reject
from gaugehouse.store.reports import LedgerEntry, LedgerPage

router = new_router()

ImportStatus = Annotated[
    Literal["pending", "in_progress", "completed", "waiting", "failed"] | None,
    Query(description="Only those in this state: `waiting` failed and is tried again, `failed` is not"),
]
ImportKind = Annotated[Kind | None, Query(description="Only documents of this kind")]
PathKind = Annotated[Kind, Path(description="What kind of document")]
Subject = Annotated[
    str,
    Path(
        description="Which one: a station id, a water year, a month, or a site and a window",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """Import jobs, by kind and subject. One that waits for its retry has `next_retry_at`."""

    items: list[LedgerEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaList:
    """What each agency lets itself be asked. The budget is null where the agency tells none."""

    items: list[Quota]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectList:
    """What was dropped last, newest first."""

    items: list[Reject]
    next_cursor: str | None = None


@router.get("/imports", tags=["operations"], responses=described(ImportPage, "The ledger"))
def list_imports(
    status: ImportStatus = None, kind: ImportKind = None, limit: Limit = 100, cursor: Cursor = None
) -> Response[str]:
    """List the ledger of imports: one item for each document that is or was wanted."""
    after = read_cursor(cursor, str, str)
    entries = reports.ledger(connection_of(router), status=status, kind=kind, after=after, limit=limit + 1)
    last = entries[limit - 1] if len(entries) > limit else None
    next_cursor = None if last is None else write_cursor(last.kind, last.subject)
    return json_answer(ImportPage(items=entries[:limit], next_cursor=next_cursor))


@router.get(
    "/imports/<kind>/<subject>",
    tags=["operations"],
    responses=described(LedgerPage, "Everything that the ledger holds of it"),
)
def get_import(kind: PathKind, subject: Subject) -> Response[str]:
    """Show one import: each failure, what the last success stored, and whether its proof held."""
    job = reports.import_job(connection_of(router), kind=kind, subject=subject)
    if job is None:
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            f"The ledger has no {kind} import of {subject}; /api/v1/imports lists what it has.",
        )
    return json_answer(job)


@router.get("/quota", tags=["operations"], responses=described(QuotaList, "One item for each agency"))
def list_quotas() -> Response[str]:
    """List when each agency may be asked again, and what is left of its budget."""
    return json_answer(QuotaList(items=quotas.all_quotas(connection_of(router))))


@router.get("/rejects", tags=["operations"], responses=described(RejectList, "What was dropped"))
def list_rejects(limit: Limit = 100) -> Response[str]:
    """List what was dropped instead of stored, with the reason and the text as it came."""
    return json_answer(RejectList(items=rejected_records.newest(connection_of(router), limit=limit)))
