"""Rain that is falling now: totals of the last hours, and the tips of one gauge."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gaugehouse.domain.documents import RejectedRecord

INTERVALS_HOURS = (0.25, 1, 3, 6, 24, 72)  # the columns of the multi-interval report


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalTotals:
    """One gauge's line of the multi-interval report: inches in each of `INTERVALS_HOURS`; None is missing."""

    station_id: str
    gauge_name: str
    totals_inches: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalReport:
    """The multi-interval report. `observed_at` is aware, UTC: all totals end there."""

    observed_at: datetime
    entries: tuple[IntervalTotals, ...]
    rejects: tuple[RejectedRecord, ...] = ()


class Tip(NamedTuple):
    """One transmission of a gauge's tipping counter. `counter_inches` grows until it resets on 1 October.

    A heartbeat is a transmission whose counter did not grow. `observed_at` is aware, UTC.
    """

    observed_at: datetime
    counter_inches: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TipRecord:
    """The newest transmissions of one gauge, ascending, one for each moment."""

    station_id: str
    gauge_name: str
    tips: tuple[Tip, ...]
    rejects: tuple[RejectedRecord, ...] = ()
