"""What a simulated gauge has measured: tips, days and outages. Times are naive, Arizona local time."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from gaugehouse_local.simulator.gauges import SimulatedGauge

INCHES_PER_TIP = 0.03937  # one tip is 1 mm
ONE_DAY = timedelta(days=1)


def inches(tips: int) -> float:
    """Return the depth of `tips` as agencies write it: five decimals, not one bit more."""
    return round(tips * INCHES_PER_TIP, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A span without transmissions, and how the agency accounted for the rain in it.

    The counts are the gauge's own, tips since 1 October. `quality_code` is the agency's: 1 = OK,
    2 = incomplete, 3 = estimated. `restored_tips` were put on `restored_day` by a person.
    """

    start: datetime
    end: datetime
    start_count: int
    end_count: int
    cause: str
    notes: str
    quality_code: int
    missing_days: tuple[date, ...]
    restored_day: date | None = None
    restored_tips: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeRecord:
    """A gauge's whole history. `tips` ascend and exclude what fell unseen in an outage.

    The agency has published the water years `first_water_year` to `last_water_year`; tips after them
    are live readings only.
    """

    gauge: SimulatedGauge
    first_water_year: int
    last_water_year: int
    tips: tuple[datetime, ...]
    outages: tuple[Outage, ...]
    _tips_of: Mapping[date, int] = field(repr=False)
    _missing: frozenset[date] = field(repr=False)

    @property
    def water_years(self) -> range:
        """Return the published water years, oldest first."""
        return range(self.first_water_year, self.last_water_year + 1)

    def tips_on(self, day: date) -> int | None:
        """Return the published tips of a local day: None is missing, 0 is dry."""
        if day < self.gauge.first_reading or day in self._missing:
            return None
        return self._tips_of.get(day, 0)

    def inches_on(self, day: date) -> float | None:
        """Return the published depth of a local day: None is missing, 0.0 is dry."""
        tips = self.tips_on(day)
        return None if tips is None else inches(tips)

    def tips_within(self, span: timedelta, end: datetime) -> int:
        """Return the tips seen in the span that ends at `end`: after its start, up to its end."""
        return bisect_right(self.tips, end) - bisect_right(self.tips, end - span)

    def tips_during(self, start: date, end: date) -> tuple[datetime, ...]:
        """Return the tips seen from the start of `start` up to the start of `end`."""
        first = bisect_left(self.tips, datetime.combine(start, time()))
        return self.tips[first : bisect_left(self.tips, datetime.combine(end, time()))]


def compile_record(
    gauge: SimulatedGauge, water_years: range, seen: list[datetime], outages: list[Outage]
) -> GaugeRecord:
    """Count the days of a gauge's tips and outages."""
    tips_of: dict[date, int] = {}
    for moment in seen:
        day = moment.date()
        tips_of[day] = tips_of.get(day, 0) + 1
    for outage in outages:
        if outage.restored_day:
            tips_of[outage.restored_day] = tips_of.get(outage.restored_day, 0) + outage.restored_tips
    return GaugeRecord(
        gauge=gauge,
        first_water_year=water_years[0],
        last_water_year=water_years[-1],
        tips=tuple(seen),
        outages=tuple(outages),
        _tips_of=tips_of,
        _missing=frozenset(day for outage in outages for day in outage.missing_days),
    )
