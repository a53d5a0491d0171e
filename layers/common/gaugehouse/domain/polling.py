"""Polling: which span of time is asked for, and what one poll did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

LIVE_WINDOW = timedelta(hours=2)
MOST_AHEAD = timedelta(minutes=15)  # gauges' clocks are off a little; a reading further ahead is an error
# What one answer about a busy site can hold; a longer past is fetched by water years (domain/backfill.py).
LONGEST_BACKFILL_HOURS = 500 * 24


class Window(NamedTuple):
    """A span of time, both ends included. Aware, UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look for late and revised values: how often, and how far back; `daily_span` for daily values."""

    name: str
    every: timedelta
    span: timedelta
    daily_span: timedelta | None = None


# Readings arrive up to eight hours late and are revised for days, daily values for weeks.
RECENT = Look(name="recent", every=timedelta(hours=1), span=timedelta(hours=12))
DEEP = Look(name="deep", every=timedelta(days=1), span=timedelta(days=7), daily_span=timedelta(days=45))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCounts:
    """What storing a response did. `skipped` are values of series that we do not keep: not the primary one.

    `missing` are moments that the response names without a measurement.
    """

    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    skipped: int = 0
    unknown_series: int = 0
    missing: int = 0
    duplicates: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)

    def as_fields(self) -> dict[str, Any]:
        """Return the counts by name, for a summary that has them among others."""
        return {field.name: getattr(self, field.name) for field in fields(StoredCounts)}

    def __add__(self, other: "StoredCounts") -> "StoredCounts":
        """Add the counts of two responses."""
        return StoredCounts(
            inserted=self.inserted + other.inserted,
            revised=self.revised + other.revised,
            unchanged=self.unchanged + other.unchanged,
            skipped=self.skipped + other.skipped,
            unknown_series=self.unknown_series + other.unknown_series,
            missing=self.missing + other.missing,
            duplicates=self.duplicates + other.duplicates,
            rejected=dict(Counter(self.rejected) + Counter(other.rejected)),
        )
