"""What the simulator's server asks of an agency: documents by path."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Document:
    """One document as an agency has it now. `last_modified` is aware."""

    content: bytes
    content_type: str
    last_modified: datetime

    @property
    def etag(self) -> str:
        """Return a validator that changes with the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


class Agency(Protocol):
    """Anything that has documents: a climate, or a folder of real files."""

    def document(self, path: str) -> Document | None:
        """Return the document at a decoded URL path (no query), or None where there is none."""
        ...


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT_TYPE = "text/plain"
