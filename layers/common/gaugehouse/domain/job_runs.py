"""Job runs: what ran, for which slot, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Trigger(StrEnum):
    """Who made a job run."""

    SCHEDULE = "schedule"
    MANUAL = "manual"
    OPERATOR = "operator"


class RunStatus(StrEnum):
    """How a run stands. Only `succeeded` makes its slot done."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # it raised
    CRASHED = "crashed"  # it never ended: killed, timed out, out of memory
    SKIPPED = "skipped"  # its slot was done before, or it is paused


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run as the history keeps it. Times are aware, UTC."""

    id: int
    job_name: str
    slot: str
    reference_time: datetime | None
    trigger: Trigger
    status: RunStatus
    started_at: datetime
    completed_at: datetime | None
    rows_affected: int
    error_text: str | None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """The turning points of one job's history. `last_scheduled_slot` is a minute, as slots are written."""

    job_name: str
    last_succeeded_at: datetime | None
    last_failed_at: datetime | None
    last_scheduled_slot: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What is known of a run before it begins."""

    job_name: str
    slot: str
    reference_time: datetime | None
    trigger: Trigger
    forced: bool
    request_id: str


def is_failing(*, last_succeeded_at: datetime | None, last_failed_at: datetime | None) -> bool:
    """Say whether the newest end of a job was a failure."""
    if last_failed_at is None:
        return False
    return last_succeeded_at is None or last_failed_at > last_succeeded_at
