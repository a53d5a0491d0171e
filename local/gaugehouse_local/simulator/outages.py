"""How simulated gauges fall silent, and how the agency accounts for the rain that fell meanwhile."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse_local.simulator.gauges import SimulatedGauge, random_for
from gaugehouse_local.simulator.record import ONE_DAY, Outage

CAUSES = ("Battery", "Repeater", "Transmitter", "Data collision", "Vandalism", "Unknown")


def suffer_outages(
    fallen: Sequence[datetime], gauge: SimulatedGauge, water_years: range, seed: tuple[object, ...]
) -> tuple[list[datetime], list[Outage]]:
    """Return the tips that were transmitted and the outages, both ascending.

    No outage crosses 1 October, when the counter starts again, and none touches the first day.
    """
    outages: list[Outage] = []
    for water_year in water_years:
        random = random_for(*seed, "outages", water_year)
        counted = bisect_left(fallen, datetime.combine(water_year_start(water_year), time()))
        uncounted = 0  # tips of this water year that the gauge's counter never saw
        for start, end in _spans(random, fallen, gauge, water_year):
            first, last = bisect_left(fallen, start), bisect_right(fallen, end)
            outage = _account(random, start, end, fallen[first:last], first - counted - uncounted)
            uncounted += (last - first) - (outage.end_count - outage.start_count)
            outages.append(outage)
    seen = [moment for moment in fallen if not any(o.start <= moment <= o.end for o in outages)]
    return seen, outages


def _spans(
    random: Random, fallen: Sequence[datetime], gauge: SimulatedGauge, water_year: int
) -> list[tuple[datetime, datetime]]:
    """Return spans of 1.5 to 6 days, apart from each other by at least a whole day."""
    begins = max(water_year_start(water_year), gauge.first_reading) + 2 * ONE_DAY
    ends = water_year_end(water_year) - 2 * ONE_DAY
    spans: list[tuple[datetime, datetime]] = []
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        day = begins + timedelta(days=random.randrange(400))
        if random.random() < 0.4 and fallen:
            day = random.choice(fallen).date() - ONE_DAY  # storms are hard on gauges
        start = datetime.combine(day, time(random.randrange(24), random.randrange(60)))
        end = start + timedelta(minutes=random.randint(36 * 60, 6 * 24 * 60))
        apart = all(end.date() + ONE_DAY < s.date() or e.date() + ONE_DAY < start.date() for s, e in spans)
        if begins <= start.date() and end.date() <= ends and apart:
            spans.append((start, end))
    return sorted(spans)


def _account(
    random: Random, start: datetime, end: datetime, lost: Sequence[datetime], start_count: int
) -> Outage:
    notes, quality_code, end_count = "No rain fell", 1, start_count
    restored_day: date | None = None
    restored_tips = 0
    if lost:
        days = [moment.date() for moment in lost]
        wettest = max(days, key=days.count)
        how = random.choice(("assigned", "estimated", "estimated", "incomplete"))
        if how == "incomplete":
            notes, quality_code = "No estimate possible", 2
        elif how == "assigned":  # the counter went on, so the total is known and only the time is not
            restored_day, restored_tips, end_count = wettest, len(lost), start_count + len(lost)
            notes = f"Assigned {restored_tips}mm to {wettest.month}/{wettest.day:02}"
        else:
            restored_day, restored_tips = wettest, max(1, len(lost) + random.choice((-1, 0, 2)))
            notes, quality_code = f"Estimated {restored_tips}mm for {wettest.month}/{wettest.day:02}", 3
    # Sometimes the agency is so sure of a dry outage that it writes zeros for its days.
    trusted_dry = not lost and random.random() < 0.15
    return Outage(
        start=start,
        end=end,
        start_count=start_count,
        end_count=end_count,
        cause=random.choice(CAUSES),
        notes=notes,
        quality_code=quality_code,
        missing_days=() if trusted_dry else _full_days(start, end, apart_from=restored_day),
        restored_day=restored_day,
        restored_tips=restored_tips,
    )


def _full_days(start: datetime, end: datetime, *, apart_from: date | None) -> tuple[date, ...]:
    days = ((end.date() - start.date()).days) - 1
    inner = (start.date() + timedelta(days=n) for n in range(1, days + 1))
    return tuple(day for day in inner if day != apart_from)
