"""Absence: the runs of missing days, each joined to the outage that explains it, and the other outages."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from gaugehouse.domain.rainfall import Gap, GapCause
from gaugehouse.sources.mcfcd.arizona_time import day_start, to_utc
from gaugehouse.sources.mcfcd.outages import Outage

_DAY = timedelta(days=1)
_REFUSED = "what the document holds here is no rainfall: see the rejected records"


@dataclass(slots=True)
class _Run:
    """Consecutive days without a value, `first` to `last`, and the outages that overlap them."""

    first: date
    last: date
    outages: list[tuple[timedelta, Outage]] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last, time.min) + _DAY


def find_gaps(
    missing: Sequence[date],
    refused: Sequence[date],
    outages: Sequence[Outage],
    record_begins: date | None,
) -> tuple[Gap, ...]:
    """Return every gap in order of its start; no two start at the same time.

    `missing` and `refused` ascend; `record_begins` is the first day with a value. A run of missing days
    before it is `before_record`; any other takes cause, notes and code of the outage that overlaps it
    most, and mentions others in its notes; without one it is `unexplained`. An outage that overlaps no
    missing day is a gap of its own with 0 missing days.
    """
    runs = _runs(missing)
    alone = [outage for outage in outages if not _join(outage, runs)]
    gaps = [_missing_gap(run, record_begins) for run in runs]
    gaps += [_refused_gap(run) for run in _runs(refused)]
    gaps += [gap for outage in alone if (gap := _outage_gap(outage)) is not None]
    return _at_distinct_times(gaps)


def _runs(days: Sequence[date]) -> list[_Run]:
    runs: list[_Run] = []
    for day in days:
        if runs and day - runs[-1].last == _DAY:
            runs[-1].last = day
        else:
            runs.append(_Run(day, day))
    return runs


def _join(outage: Outage, runs: list[_Run]) -> bool:
    """Note `outage` at every run that it overlaps; say whether there was one."""
    if outage.span is None:
        return False
    start, end = outage.span
    joined = False
    for index in range(bisect_left(runs, start, key=lambda run: run.end), len(runs)):
        run = runs[index]
        if run.start >= end:
            break
        overlap = min(end, run.end) - max(start, run.start)
        if overlap > timedelta(0):
            run.outages.append((overlap, outage))
            joined = True
    return joined


def _missing_gap(run: _Run, record_begins: date | None) -> Gap:
    days = (run.last - run.first).days + 1
    gap = Gap(
        gap_start=day_start(run.first),
        gap_end=day_start(run.last + _DAY),
        cause=GapCause.UNEXPLAINED,
        missing_days=days,
    )
    # Longest overlap first; then the earlier outage; the sheet's order decides the rest.
    ordered = sorted(run.outages, key=lambda joined: (-joined[0], joined[1].span))
    outages = [outage for _, outage in ordered]
    if record_begins is None or run.last < record_begins:
        return replace(gap, cause=GapCause.BEFORE_RECORD, notes=_mention(None, outages))
    if not outages:
        return gap
    main = outages[0]
    return replace(
        gap,
        cause=main.cause or GapCause.UNEXPLAINED,
        notes=_mention(main.notes, outages[1:]),
        quality_code=main.code,
        outage_start=_utc(main.start),
        outage_end=_utc(main.end),
    )


def _mention(notes: str | None, others: Sequence[Outage]) -> str | None:
    parts = [notes] if notes else []
    for other in others:
        start, end = (f"{moment:%Y-%m-%d %H:%M}" if moment else "?" for moment in (other.start, other.end))
        said = ": ".join(text for text in (other.cause, other.notes) if text)
        parts.append(f"also down {start} to {end}" + (f" ({said})" if said else ""))
    return "; ".join(parts) or None


def _refused_gap(run: _Run) -> Gap:
    return Gap(
        gap_start=day_start(run.first),
        gap_end=day_start(run.last + _DAY),
        cause=GapCause.UNEXPLAINED,
        missing_days=(run.last - run.first).days + 1,
        notes=_REFUSED,
    )


def _outage_gap(outage: Outage) -> Gap | None:
    if outage.span is None:
        return None
    return Gap(
        gap_start=to_utc(outage.span[0]),
        gap_end=_utc(outage.end),
        cause=outage.cause or GapCause.UNEXPLAINED,
        missing_days=0,
        notes=outage.notes,
        quality_code=outage.code,
        outage_start=_utc(outage.start),
        outage_end=_utc(outage.end),
    )


def _utc(local: datetime | None) -> datetime | None:
    return None if local is None else to_utc(local)


def _at_distinct_times(gaps: list[Gap]) -> tuple[Gap, ...]:
    """Sort gaps and move those that start together apart by a microsecond: the start is their key."""
    distinct: list[Gap] = []
    previous = datetime.min.replace(tzinfo=UTC)
    for gap in sorted(gaps, key=lambda gap: (gap.gap_start, -gap.missing_days)):
        start = max(gap.gap_start, previous + timedelta(microseconds=1))
        distinct.append(gap if start == gap.gap_start else replace(gap, gap_start=start))
        previous = start
    return tuple(distinct)
