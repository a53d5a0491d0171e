"""Quotas: how much an agency lets itself be asked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What an agency's headers say: so many requests in a window of so many seconds, so many left."""

    limit: int
    remaining: int
    window_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One agency's quota as it stands. The budget is None where the agency tells none."""

    source: str
    wait_seconds: float
    request_limit: int | None
    remaining: int | None
    resets_at: datetime | None
