"""The ledger of imports, and what was dropped or failed for good on the way."""

from dataclasses import fields
from http import HTTPStatus
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.quotas import Quota
from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.cursors import read_cursor, read_moment, write_cursor
from gaugehouse.runtime.api.lists import answer_list
from gaugehouse.runtime.api.negotiation import CSV
from gaugehouse.runtime.api.pages import Page, page_of
from gaugehouse.runtime.api.parameters import Cursor, ImportKind, ImportSubject, Limit
from gaugehouse.runtime.api.problems import RequestRefused
from gaugehouse.runtime.api.request import connection_of, new_router, wiring_of
from gaugehouse.runtime.dead_letter_queues import DeadLetters
from gaugehouse.store import quotas, rejected_records, reports
from gaugehouse.store.rejected_records import Reject, RejectKey
from gaugehouse.store.reports import LedgerEntry, LedgerPage

router = new_router()

IMPORT_COLUMNS, QUOTA_COLUMNS, REJECT_COLUMNS, DEAD_LETTER_COLUMNS = (
    tuple(field.name for field in fields(kind)) for kind in (LedgerEntry, Quota, Reject, DeadLetters)
)

InState = Annotated[
    Literal["pending", "in_progress", "completed", "waiting", "failed"] | None,
    Query(description="Only those in this state: `waiting` failed and is tried again, `failed` is not"),
]
OfKind = Annotated[Kind | None, Query(description="Only documents of this kind")]


@router.get(
    "/imports", tags=["operations"], responses=described(Page[LedgerEntry], "The ledger", other=(CSV,))
)
def list_imports(
    status: InState = None, kind: OfKind = None, limit: Limit = 100, cursor: Cursor = None
) -> Response[str]:
    """List the ledger of imports: one item for each document that is or was wanted."""
    after = read_cursor(cursor, str, str)
    entries = reports.ledger(connection_of(router), status=status, kind=kind, after=after, limit=limit + 1)
    page = page_of(entries, limit, lambda entry: write_cursor(entry.kind, entry.subject))
    return answer_list(router, page, IMPORT_COLUMNS)


@router.get(
    "/imports/<kind>/<subject>",
    tags=["operations"],
    responses=described(LedgerPage, "Everything that the ledger holds of it"),
)
def get_import(kind: ImportKind, subject: ImportSubject) -> Response[str]:
    """Show one import: each failure, what the last success stored, and whether its proof held."""
    job = reports.import_job(connection_of(router), kind=kind, subject=subject)
    if job is None:
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            f"The ledger has no {kind.value} import of {subject}; /api/v1/imports lists what it has.",
        )
    return json_answer(job)


@router.get(
    "/quota", tags=["operations"], responses=described(Page[Quota], "One item for each agency", other=(CSV,))
)
def list_quotas() -> Response[str]:
    """List when each agency may be asked again, and what is left of its budget."""
    page = Page(items=quotas.all_quotas(connection_of(router)), next_cursor=None)
    return answer_list(router, page, QUOTA_COLUMNS)


@router.get(
    "/rejects", tags=["operations"], responses=described(Page[Reject], "What was dropped", other=(CSV,))
)
def list_rejects(limit: Limit = 100, cursor: Cursor = None) -> Response[str]:
    """List what was dropped instead of stored, newest first, with the reason and the text as it came.

    One that is seen again meanwhile is the newest then.
    """
    found = rejected_records.newest(connection_of(router), after=_reject_of(cursor), limit=limit + 1)
    page = page_of(found, limit, lambda reject: _reject_cursor(rejected_records.key_of(reject)))
    return answer_list(router, page, REJECT_COLUMNS)


def _reject_cursor(key: RejectKey) -> str:
    return write_cursor(key.last_seen_at.isoformat(), *key[1:])


def _reject_of(cursor: str | None) -> RejectKey | None:
    """Read which record the page before ended with. Raises: RequestRefused."""
    key = read_cursor(cursor, str, str, str, str)
    return None if key is None else RejectKey(read_moment(key[0]), *key[1:])


@router.get(
    "/dead-letters",
    tags=["operations"],
    responses=described(Page[DeadLetters], "One item for each queue", other=(CSV,)),
)
def list_dead_letters() -> Response[str]:
    """Count what failed at every try: messages to the importer, and events of polls and tasks."""
    page = Page(items=wiring_of(router).dead_letters.count(), next_cursor=None)
    return answer_list(router, page, DEAD_LETTER_COLUMNS)
