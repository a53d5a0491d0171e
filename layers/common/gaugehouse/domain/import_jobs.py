"""Import jobs: one row of the ledger, what asking for one means, and when it is tried again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from gaugehouse.domain.gauges import GaugeSummary

FOPR = "fopr"  # a gauge's full period of record

AUTOMATIC_PRIORITY = 0
OPERATOR_PRIORITY = 10
REFRESH_PRIORITY = -10


class JobStatus(StrEnum):
    """States of a job. The drawing of who moves it where is in docs/architecture.md."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """A wish for one document: what a queue message carries and the ledger keeps."""

    kind: str
    subject: str
    gauge_summary: GaugeSummary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """A job as its worker claimed it. `attempt` is 1 for the first try."""

    id: int
    kind: str
    subject: str
    attempt: int
    gauge_summary: GaugeSummary | None
    import_stats: Mapping[str, Any] | None


def summary_to_json(summary: GaugeSummary | None) -> dict[str, Any] | None:
    """Return the summary as the ledger and the queue keep it: plain JSON, times in ISO 8601."""
    if summary is None:
        return None
    observed_at = summary.observed_at and summary.observed_at.isoformat()
    return {**asdict(summary), "observed_at": observed_at}


def summary_from_json(stored: Mapping[str, Any] | None) -> GaugeSummary | None:
    """Read a stored summary, whichever release wrote it: unknown fields are left out, absent ones default."""
    if stored is None:
        return None
    known = {field.name for field in fields(GaugeSummary)}
    values = {name: value for name, value in stored.items() if name in known}
    if values.get("observed_at"):
        values["observed_at"] = datetime.fromisoformat(values["observed_at"])
    return GaugeSummary(**values)


def retry_delay_seconds(attempt: int, delays: tuple[float, ...]) -> float | None:
    """Return how long to wait after failed attempt number `attempt`; None when it was the last one.

    `delays` are the waits before each retry in order, by default 5, 15 and 45 minutes.
    """
    return delays[attempt - 1] if attempt <= len(delays) else None
