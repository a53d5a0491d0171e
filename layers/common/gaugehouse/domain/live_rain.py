"""Rain that is falling now: totals of the last hours, and the tips of one gauge."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from gaugehouse.domain.documents import RejectedRecord

INTERVALS_HOURS = (0.25, 1, 3, 6, 24, 72)  # the columns of the multi-interval report
INTERVAL_METHODS = ("past_15_min", "past_1_h", "past_3_h", "past_6_h", "past_24_h", "past_72_h")
COUNTER_METHOD = "counter"
INCHES = "in"  # the unit of all these series
# A gauge transmits about every six hours also when nothing falls, and not every transmission arrives.
LONGEST_SILENCE = timedelta(hours=7)


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


def rain_of_day(tips: Sequence[Tip], day: date, midnight: Callable[[date], datetime]) -> float | None:
    """Return the inches of a local day by the counter, or None where they are not known for certain.

    They are certain when no two transmissions are more than seven hours apart, from the last one before the
    day to the first one after it: a tip that was lost shows in the next counter. A step of the counter
    belongs to the day in which it ends, midnight included. `tips` ascend; `midnight` begins a local day.
    """
    begins, ends = midnight(day), midnight(day + timedelta(days=1))
    first = bisect_right(tips, begins, key=_TIME) - 1
    last = bisect_left(tips, ends, key=_TIME)
    if first < 0 or last == len(tips):
        return None
    restarts = [
        midnight(each) for each in (day, day + timedelta(days=1)) if (each.month, each.day) == (10, 1)
    ]
    total = 0.0
    for earlier, later in pairwise(tips[first : last + 1]):
        if later.observed_at - earlier.observed_at > LONGEST_SILENCE:
            return None
        if later.observed_at > ends:
            break
        may_restart = any(earlier.observed_at < moment <= later.observed_at for moment in restarts)
        growth = _growth(earlier.counter_inches, later.counter_inches, may_restart=may_restart)
        if growth is None:
            return None
        total += growth
    return round(total, 2)


_TIME = attrgetter("observed_at")


def _growth(before: float, after: float, *, may_restart: bool) -> float | None:
    """Return by how much the counter grew; None where that cannot be told.

    A counter that fell has started again from 0: on 1 October. Fallen on any other day it was tampered with,
    and one that did not fall on 1 October may have started again and passed where it stood.
    """
    if may_restart and before > 0:
        return after if after < before else None
    return after - before if after >= before else None
