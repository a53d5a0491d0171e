"""What the simulator's server asks of an agency: an answer to one request."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qsl

from gaugehouse_local.simulator.faults import Answer


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as an agency sees it.

    `path` is decoded and without the query; `query` is as it was sent, without the question mark.
    `headers` have lower-case names. `base_url` is how the client reached the server, without a slash.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str]
    body: bytes = b""
    base_url: str

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the query, or of the form where it was sent by POST; the last one wins."""
        form = self.body.decode("utf-8", "replace") if self.method == "POST" else ""
        pairs = parse_qsl(self.query, keep_blank_values=True) + parse_qsl(form, keep_blank_values=True)
        return dict(pairs)


class Agency(Protocol):
    """Anything that answers: a climate, a network of stream gauges, or a folder of real files."""

    def answer(self, request: Request) -> Document | Answer | None:
        """Answer one request. None means that the agency has nothing at such a path.

        A `Document` gets validators and can be answered by 304; an `Answer` is sent as it is.
        """
        ...


class Together:
    """Several agencies on one server: the first one that has something at a path answers."""

    def __init__(self, *agencies: Agency) -> None:
        self._agencies = agencies

    def answer(self, request: Request) -> Document | Answer | None:
        """Return the first answer, or None where none of the agencies has one."""
        answers = (agency.answer(request) for agency in self._agencies)
        return next((answer for answer in answers if answer is not None), None)


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF_TYPE = "application/pdf"
TEXT_TYPE = "text/plain"
HTML_TYPE = "text/html"
