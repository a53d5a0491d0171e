"""How each day's value came about, by what DownTime says of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter

from gaugehouse.domain.rainfall import DailyRainfall, Quality
from gaugehouse.sources.mcfcd.notes import days_named
from gaugehouse.sources.mcfcd.outages import Outage

_INCOMPLETE, _ESTIMATED = 2, 3
_date_of = attrgetter("reading_date")


def with_qualities(days: Sequence[DailyRainfall], outages: Iterable[Outage]) -> tuple[DailyRainfall, ...]:
    """Return `days` (ascending) with the quality that the outages give them, and their notes.

    A day that a note names is assigned or estimated. Otherwise, a value on a day of an outage with code 2
    is incomplete, unless the note says that no rain fell; with code 3 it is estimated, unless the note
    names the days that are. What is suspect stays suspect.
    """
    verdicts = _verdicts(days, outages)
    if not verdicts:
        return tuple(days)
    result = list(days)
    for index, verdict in verdicts.items():
        day = result[index]
        quality = day.quality if day.quality is Quality.SUSPECT else verdict.quality
        result[index] = day._replace(quality=quality, note=verdict.note)
    return tuple(result)


@dataclass(frozen=True, slots=True)
class _Verdict:
    rank: (
        int  # the higher one counts: a day's own mention over a whole outage, a lower bound over an estimate
    )
    quality: Quality
    note: str | None


def _verdicts(days: Sequence[DailyRainfall], outages: Iterable[Outage]) -> dict[int, _Verdict]:
    """Return a verdict for each position in `days` of which an outage says something."""
    verdicts: dict[int, _Verdict] = {}

    def judge(indexes: Iterable[int], verdict: _Verdict) -> None:
        for index in indexes:
            if index not in verdicts or verdicts[index].rank < verdict.rank:
                verdicts[index] = verdict

    for outage in outages:
        if outage.span is None:
            continue
        first, last = outage.span[0].date(), _last_day(outage.span[1])
        named = days_named(outage.notes, first, last)
        for day, quality in named:
            index = bisect_left(days, day, key=_date_of)
            if index < len(days) and days[index].reading_date == day:
                judge((index,), _Verdict(3, quality, outage.notes))
        covered = range(bisect_left(days, first, key=_date_of), bisect_right(days, last, key=_date_of))
        no_rain = "no rain fell" in (outage.notes or "").lower()
        if outage.code == _INCOMPLETE and not no_rain:
            judge(covered, _Verdict(2, Quality.INCOMPLETE, outage.notes))
        elif outage.code == _ESTIMATED and not named:
            judge(covered, _Verdict(1, Quality.ESTIMATED, outage.notes))
    return verdicts


def _last_day(end: datetime) -> date:
    """Return the last day of which an outage until `end` takes something: midnight takes none of its day."""
    return (end - timedelta(days=1)).date() if end.time() == time.min else end.date()
