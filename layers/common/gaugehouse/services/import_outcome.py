"""How an import can end."""

from dataclasses import dataclass
from enum import StrEnum


class ImportOutcome(StrEnum):
    """How an import request ended. Every one of these acknowledges the message."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"  # the very document that was imported last, and its record stands
    SUPERSEDED = "superseded"  # a document with a newer date had been imported before
    ALREADY_DONE = "already_done"
    NOT_DUE = "not_due"
    LOCK_HELD = "lock_held"
    WORKER_DIED = "worker_died"  # an earlier worker's death was recorded as a failed attempt
    PAUSED = "paused"  # by an operator; the job is due again when the pause ends
    DEFERRED = "deferred"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What one request led to; `error` says why, where it failed or was deferred."""

    outcome: ImportOutcome
    inserted: int = 0
    revised: int = 0
    withdrawn: int = 0
    rejected: int = 0
    mismatches: int = 0
    error: str | None = None
