"""What an importer must know of a kind of document: how to get one and how to read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gaugehouse.domain.documents import Download, FullRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """One kind of document. `runtime/wiring.py` has the table of all kinds.

    `fetch(subject, etag)` downloads; None means that the document still has that ETag.
    `parse(content, subject)` is pure. `parser_version` grows when it would read the same bytes otherwise.
    `quota` is the row of `upstream_quotas` that its downloads share.
    """

    name: str
    quota: str
    parser_version: int
    fetch: Callable[[str, str | None], Download | None]
    parse: Callable[[bytes, str], FullRecord]


class DocumentArchive(Protocol):
    """Where downloads are kept for good. `runtime/document_archive.py` is the one that talks to S3."""

    def keep(self, download: Download, *, kind: str, subject: str) -> str:
        """Keep the bytes under their hash; return the key. Keeping them again changes nothing.

        Raises: SourceUnavailable when the archive does not take them.
        """
