"""The agency's frequency statistics, computed from the tips that a simulated gauge has transmitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse_local.simulator.gauges import SimulatedGauge
from gaugehouse_local.simulator.record import INCHES_PER_TIP, ONE_DAY, GaugeRecord

# Names as the FREQ sheet writes them; the space after HOUR is the agency's.
DURATIONS = {
    "15 MIN": timedelta(minutes=15),
    "1 HOUR ": timedelta(hours=1),
    "3 HOUR": timedelta(hours=3),
    "6 HOUR": timedelta(hours=6),
    "24 HOUR": timedelta(hours=24),
    "72 HOUR": timedelta(hours=72),
}
# NOAA Atlas 14's 100-year depths for the same durations, near Phoenix, in inches.
_HUNDRED_YEARS = (1.23, 2.05, 2.48, 2.74, 3.8, 4.83)


@dataclass(frozen=True, slots=True)
class Maximum:
    """The greatest depth of one duration, in inches to two decimals, and the day on which it ended."""

    depth: float
    day: date | None  # None where no rain fell at all


def yearly_maxima(record: GaugeRecord, water_year: int) -> tuple[Maximum, ...]:
    """Return the greatest total of each duration among the tips seen in a water year."""
    tips = record.tips_during(water_year_start(water_year), water_year_end(water_year) + ONE_DAY)
    return tuple(_greatest(tips, span) for span in DURATIONS.values())


def storms_over(record: GaugeRecord, depth_inches: float) -> int:
    """Count the storms with more than a depth in 24 hours; a storm ends 24 hours after it was counted."""
    tips = record.tips_during(record.gauge.first_reading, water_year_end(record.last_water_year) + ONE_DAY)
    needed = int(depth_inches / INCHES_PER_TIP) + 1
    storms, first = 0, needed - 1
    counted_at = datetime.min  # noqa: DTZ901 - agency stamps are naive
    for last in range(first, len(tips)):
        start = last - needed + 1
        if tips[last] - tips[start] <= timedelta(hours=24) and tips[start] > counted_at:
            storms, counted_at = storms + 1, tips[last] + timedelta(hours=24)
    return storms


def hundred_year_depths(gauge: SimulatedGauge) -> tuple[float, ...]:
    """Return the 100-year depths of the gauge's place, in inches, for each duration."""
    return tuple(round(depth * gauge.wetness, 2) for depth in _HUNDRED_YEARS)


def return_period_years(depth: float, mean: float, hundred_year_depth: float) -> int:
    """Return how rare a depth is, on the line between the mean (2 years) and the 100-year depth."""
    return max(1, min(1000, int(2 * 50 ** ((depth - mean) / max(0.01, hundred_year_depth - mean)))))


def _greatest(tips: Sequence[datetime], span: timedelta) -> Maximum:
    most, ended, start = 0, None, 0
    for index, moment in enumerate(tips):
        while moment - tips[start] >= span:
            start += 1
        if index - start + 1 > most:
            most, ended = index - start + 1, moment.date()
    return Maximum(round(most * INCHES_PER_TIP, 2), ended)
