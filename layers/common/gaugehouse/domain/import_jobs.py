"""Import jobs: one row of the ledger, what asking for one means, and when it is tried again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from gaugehouse.domain.gauges import GaugeSummary


class Kind(StrEnum):
    """The kinds of documents that can be imported. What the subject of each is stands beside it."""

    FOPR = "fopr"  # a station id: a gauge's full period of record
    WATER_YEAR = "water_year"  # a water year, `2023`: every gauge's days of it, as a workbook
    MONTHLY_PDF = "monthly_pdf"  # a month, `2019-11`: every gauge's days of it, rounded to two decimals
    USGS_DAILY = "usgs_daily"  # a station id and a decade of water years, `05568500:1940-1949`
    USGS_CONTINUOUS = "usgs_continuous"  # a station id and a water year, `05568500:2024`


FOPR = Kind.FOPR
KINDS = tuple(Kind)

AUTOMATIC_PRIORITY = 0
REPARSE_PRIORITY = 1  # no download: done soon, and what it corrects is wrong until then
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
    """A wish for one document: what a queue message carries and the ledger keeps.

    `redelivered` says that the queue delivers this message not for the first time.
    """

    kind: Kind
    subject: str
    gauge_summary: GaugeSummary | None = None
    redelivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """A job as its worker claimed it. `attempt` is 1 for the first try.

    `document_id` names a kept document that is to be read instead of a download.
    """

    id: int
    kind: Kind
    subject: str
    attempt: int
    gauge_summary: GaugeSummary | None
    import_stats: Mapping[str, Any] | None
    document_id: int | None = None


def summary_to_json(summary: GaugeSummary | None) -> dict[str, Any] | None:
    """Return the summary as the ledger and the queue keep it: plain JSON, times in ISO 8601."""
    if summary is None:
        return None
    observed_at = summary.observed_at and summary.observed_at.isoformat()
    return {**asdict(summary), "observed_at": observed_at}


def summary_from_json(stored: object) -> GaugeSummary | None:
    """Read a stored summary, whichever release wrote it: unknown fields are left out, absent ones default.

    None for what is no summary. It is a convenience, and an operator's row must not stop the ledger.
    """
    if not isinstance(stored, Mapping):
        return None
    known = {field.name for field in fields(GaugeSummary)}
    values = {name: value for name, value in stored.items() if name in known and value is not None}
    try:
        if "observed_at" in values:
            values["observed_at"] = datetime.fromisoformat(values["observed_at"])
        summary = GaugeSummary(**values)
    except (TypeError, ValueError):
        return None
    return summary if _is_sound(summary) else None


def _is_sound(summary: GaugeSummary) -> bool:
    """Say whether every field has its type; a dataclass alone takes anything."""
    texts = (summary.city_town, summary.msp_forecast_zone, summary.general_location)
    numbers = (summary.elevation_ft, summary.rainfall_past_6h_inches, summary.rainfall_past_24h_inches)
    return (
        isinstance(summary.station_id, str)
        and isinstance(summary.gauge_name, str)
        and all(text is None or isinstance(text, str) for text in texts)
        and all(number is None or isinstance(number, int | float) for number in numbers)
        and (summary.observed_at is None or summary.observed_at.tzinfo is not None)
    )


def retry_delay_seconds(attempt: int, delays: tuple[float, ...]) -> float | None:
    """Return how long to wait after failed attempt number `attempt`; None when it was the last one.

    `delays` are the waits before each retry in order, by default 5, 15 and 45 minutes.
    """
    return delays[attempt - 1] if attempt <= len(delays) else None
