"""Read stored documents again that an older parser has read: what it got wrong is mended."""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import Connection

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.import_jobs import REPARSE_PRIORITY, Kind
from gaugehouse.store import outdated_documents


@dataclass(frozen=True, slots=True, kw_only=True)
class ReparseSummary:
    """How many documents will be read again."""

    reopened: int
    by_kind: dict[Kind, int]

    @property
    def rows_affected(self) -> int:
        """Jobs that were opened again."""
        return self.reopened


def reparse_documents(
    *,
    conn: Connection,
    parser_versions: Mapping[Kind, int],
    kind: Kind | None = None,
    older_than: int | None = None,
) -> ReparseSummary:
    """Open the jobs whose newest imported document was read by an older parser than today's.

    `parser_versions` are today's, of every kind whose documents are whole. With `kind` only that kind, with
    `older_than` only documents read by a parser older than that version.

    Raises: OperationRefused for a kind whose documents cannot be read again, and for a version that does not
    exist yet.
    """
    if kind is not None and kind not in parser_versions:
        raise OperationRefused(
            f"reparse: a document of {kind} holds only what had changed when it was asked for, and cannot "
            "stand for the whole; ask the agency again with `gaugehouse backfill`"
        )
    wanted = parser_versions if kind is None else {kind: parser_versions[kind]}
    if older_than is not None:
        if older_than > max(wanted.values()):
            raise OperationRefused(
                f"reparse: the newest parser is version {max(wanted.values())}, older than {older_than}"
            )
        wanted = {each: min(version, older_than) for each, version in wanted.items()}
    by_kind = outdated_documents.reopen(conn, wanted, priority=REPARSE_PRIORITY)
    return ReparseSummary(reopened=sum(by_kind.values()), by_kind=by_kind)
