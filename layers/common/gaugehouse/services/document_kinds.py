"""What an importer must know of a kind of document: how to get one, how to read it, how to store it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from psycopg import Connection

from gaugehouse.domain.documents import Download
from gaugehouse.domain.import_jobs import ImportJob


class Document(Protocol):
    """A document that was read. Its date decides which of two documents is the newer truth."""

    @property
    def document_date(self) -> date:
        """Return the date of the document itself."""


Parsed = TypeVar("Parsed", bound=Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind(Generic[Parsed]):
    """One kind of document. `runtime/kinds.py` has the table of all kinds.

    `fetch(subject, etag, take_turn)` downloads, and calls `take_turn` before every request; None means that
    the document still has that ETag. `parse(download, subject, newest)` is pure: no document is newer than
    `newest`. `prepare(document, conn)` makes, where there is anything to make, the tables that it belongs to;
    `store(document, job, conn)` writes all of it in the caller's transaction and returns the statistics;
    `stands(job, conn)` says whether what the last import stored is still there.
    `note_availability(conn, subject, available)` keeps that the agency has the document, or has not, where
    anybody wants to know.

    `parser_version` grows when it would read the same bytes otherwise. `quota` is the row of
    `upstream_quotas` that its downloads share, `interval_seconds` the distance between two of them.
    """

    name: str
    quota: str
    interval_seconds: float
    parser_version: int
    suffix: str
    fetch: Callable[[str, str | None, Callable[[], None]], Download | None]
    parse: Callable[[Download, str, date], Parsed]
    prepare: Callable[[Parsed, Connection], None] | None = None
    store: Callable[[Parsed, ImportJob, Connection], dict[str, Any]]
    stands: Callable[[ImportJob, Connection], bool]
    note_availability: Callable[[Connection, str, bool], None] | None = None


class DocumentArchive(Protocol):
    """Where downloads are kept for good. `runtime/document_archive.py` is the one that talks to S3."""

    def keep(self, download: Download, *, kind: str, subject: str, suffix: str) -> str:
        """Keep the bytes under their hash; return the key. Keeping them again changes nothing.

        Raises: SourceUnavailable when the archive does not take them.
        """

    def read(self, key: str) -> bytes:
        """Return the bytes that are kept under a key.

        Raises: SourceUnavailable when the archive does not answer; DocumentInvalid when it has nothing there.
        """
