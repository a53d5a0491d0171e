"""A seeded, deterministic climate: the same seed, gauges and dates give the same tips on every machine."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from gaugehouse.domain.water_year import in_monsoon, water_year_of, water_year_start
from gaugehouse_local.simulator.gauges import SimulatedGauge, lay_out_gauges, random_for
from gaugehouse_local.simulator.outages import suffer_outages
from gaugehouse_local.simulator.record import ONE_DAY, GaugeRecord, compile_record

DEFAULT_SEED = 1908  # rain on the default day, so that the list shows some
DEFAULT_AS_OF = date(2025, 12, 31)
LIST_TIME = time(14, 18)  # when on `as_of` the agency made its current list
MAX_WATER_YEARS = 31  # as many as the agency's Meta_Stats table has rows for


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """A world of gauges and their records, up to 14:18 local time on `as_of`.

    Records are made when first asked for, and kept.
    """

    seed: int
    as_of: date
    gauges: tuple[SimulatedGauge, ...]
    last_water_year: int
    _records: dict[str, GaugeRecord] = field(default_factory=dict, repr=False, compare=False)

    @property
    def observed_at(self) -> datetime:
        """Return the world's now: naive, Arizona local time."""
        return datetime.combine(self.as_of, LIST_TIME)

    def at(self, now: datetime) -> "Climate":
        """Return this world with all tips until `now` (naive, Arizona): itself, unless that is later.

        A later one has the same rain, and its published record ends where it would then.
        """
        if now <= self.observed_at:
            return self
        as_of = now.date() + ONE_DAY  # its present is 14:18: the whole of the day of `now` is over by then
        return replace(self, as_of=as_of, last_water_year=water_year_of(as_of) - 1, _records={})

    def record(self, station_id: str) -> GaugeRecord:
        """Return the history of a gauge. Raises KeyError for a station that is not of this world."""
        if station_id not in self._records:
            index, gauge = next(
                ((i, g) for i, g in enumerate(self.gauges) if g.station_id == station_id), (None, None)
            )
            if index is None or gauge is None:
                raise KeyError(station_id)
            self._records[station_id] = _measure(self, index, gauge)
        return self._records[station_id]


def create_climate(
    *,
    seed: int = DEFAULT_SEED,
    gauges: int = 12,
    first_water_year: int = 1999,
    as_of: date = DEFAULT_AS_OF,
) -> Climate:
    """Create a world whose oldest gauge began in `first_water_year` and whose present day is `as_of`.

    Its published record ends with the last water year that is complete on `as_of`. A later `as_of`
    adds to the same history; more gauges leave the first ones as they are.
    """
    last_water_year = water_year_of(as_of) - 1
    water_years = range(first_water_year, last_water_year + 1)
    if not 1 <= len(water_years) <= MAX_WATER_YEARS:
        raise ValueError(f"a workbook holds 1 to {MAX_WATER_YEARS} water years, not {len(water_years)}")
    laid_out = lay_out_gauges(seed, gauges, water_years)
    return Climate(seed=seed, as_of=as_of, gauges=tuple(laid_out), last_water_year=last_water_year)


# The chance of rain on a day somewhere in the district. A gauge gets rain on about two thirds of
# these: some 27 wet days and 7.5 in a year, with the winter and the monsoon peaks of central Arizona.
_CHANCE_OF_STORM = {
    10: 0.085, 11: 0.09, 12: 0.14, 1: 0.155, 2: 0.17, 3: 0.14, 4: 0.06, 5: 0.04, 6: 0.025, 7: 0.17, 8: 0.20,
    9: 0.12,
}  # fmt: skip
_SHARE_OF_GAUGES = 0.68
_MEAN_TIPS = 6.6


@dataclass(frozen=True, slots=True)
class _Storm:
    day: date
    strength: float  # 1 is an average storm

    def hours(self, random: Random) -> tuple[float, float]:
        """Return when it begins at one gauge and how long it lasts: short and late in the monsoon."""
        if in_monsoon(self.day):
            return random.uniform(14, 23), random.uniform(0.3, 2.5)
        return random.uniform(0, 16), random.uniform(2, 14)


@lru_cache(maxsize=64)
def _storms(seed: int, water_year: int) -> tuple[_Storm, ...]:
    random = random_for(seed, "storms", water_year)
    wetness = random.lognormvariate(-0.06, 0.35)  # years differ by a factor of three and more
    storms = []
    day = water_year_start(water_year)
    while water_year_of(day) == water_year:
        if random.random() < _CHANCE_OF_STORM[day.month]:
            storms.append(_Storm(day, wetness * random.expovariate(1)))
        day += ONE_DAY
    return tuple(storms)


def _measure(climate: Climate, index: int, gauge: SimulatedGauge) -> GaugeRecord:
    water_years = range(water_year_of(gauge.first_reading), climate.last_water_year + 1)
    fallen: list[datetime] = []
    # One more than the published years: the present one is on the list, not yet in a workbook.
    for water_year in range(water_years[0], water_years[-1] + 2):
        random = random_for(climate.seed, "rain", index, water_year)
        for storm in _storms(climate.seed, water_year):
            fallen += _tips(storm, gauge, random)
    fallen = sorted(
        moment
        for moment in fallen
        if gauge.first_reading <= moment.date()
        and moment <= climate.observed_at
        and not (gauge.silent and water_year_of(moment.date()) > climate.last_water_year)
    )
    seen, outages = suffer_outages(fallen, gauge, water_years, (climate.seed, index))
    return compile_record(gauge, water_years, seen, outages)


def _tips(storm: _Storm, gauge: SimulatedGauge, random: Random) -> list[datetime]:
    if random.random() >= _SHARE_OF_GAUGES:
        return []
    count = round(_MEAN_TIPS * storm.strength * gauge.wetness * random.uniform(0.4, 1.6))
    begins, lasts = storm.hours(random)
    midnight = datetime.combine(storm.day, time())
    return [
        midnight + timedelta(seconds=round(3600 * (begins + lasts * random.betavariate(1.3, 2.5))))
        for _ in range(count)
    ]
