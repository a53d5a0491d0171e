"""Documents of agencies: what was downloaded, what was read from it, and what was dropped."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from gaugehouse.domain.gauges import GaugeMetadata, GaugeSummary
from gaugehouse.domain.quotas import Budget
from gaugehouse.domain.rainfall import RainRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRecord:
    """Something that was dropped instead of stored, kept so that a person can see what and why.

    `reason` is a short snake_case word (`duplicate_station_id`); `detail` names file, sheet, row and
    field and says what was wrong; `raw` is the text as it came, bounded by `MAX_RAW_LENGTH`.
    """

    MAX_RAW_LENGTH: ClassVar[int] = 1000

    source: str
    reason: str
    raw: str
    detail: str

    @property
    def fingerprint(self) -> str:
        """Identify the record by its place and fault, so that seeing it again counts up.

        Without the raw text: a row that cannot be read has other rainfall in it every hour.
        """
        return hashlib.sha256(self.detail.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The bytes of one document, and what the server said of them. Times are aware.

    `fetched_at` is when the bytes came, on the database's clock; whoever stores them sets it.
    """

    url: str
    content: bytes
    etag: str | None
    last_modified: datetime | None
    budget: Budget | None = None  # what the agency's headers say of our quota, where they say anything
    fetched_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """Return the hex digest under which the document is kept."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeList:
    """An agency's list of gauges. `entries` has every row, in order, also rows that share an id."""

    observed_at: datetime  # aware, UTC
    entries: tuple[GaugeSummary, ...]
    rejects: tuple[RejectedRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleSheet:
    """A year sheet whose dates belong to another year: left out, and reported."""

    sheet: str
    first_date: str
    last_date: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FullRecord:
    """A gauge's full period of record as one document tells it."""

    metadata: GaugeMetadata
    record: RainRecord
    stale_sheets: tuple[StaleSheet, ...] = ()
    rejects: tuple[RejectedRecord, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def document_date(self) -> date:
        """Return the date that the document states."""
        return self.record.document_date

    def not_after(self, newest: date) -> "FullRecord":
        """Take a document that dates itself into the future (2199) for as old as its newest day.

        Else it would be the newest truth for ever, and its own correction would come too late.
        """
        if self.document_date <= newest:
            return self
        last_day = self.record.days[-1].reading_date if self.record.days else newest
        return replace(
            self,
            record=replace(self.record, document_date=last_day),
            warnings=(
                *self.warnings,
                f"the document states the date {self.document_date}; taken for {last_day}",
            ),
        )
