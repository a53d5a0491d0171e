"""The time series of the simulated sites: what is measured, how often, and when it reaches the agency."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from gaugehouse.domain.series import DISCHARGE, INSTANTANEOUS, STAGE
from gaugehouse_local.simulator.usgs.chance import mix, name_of
from gaugehouse_local.simulator.usgs.epoch import DAY, day_of
from gaugehouse_local.simulator.usgs.parameters import (
    PARAMETERS,
    RAIN,
    WATER_TEMPERATURE,
    Parameter,
    Write,
    usual_depth_ft,
)
from gaugehouse_local.simulator.usgs.sites import (
    DEAD,
    EVERY_FIVE_MINUTES,
    HOURLY,
    LONG_NUMBER,
    TWO_METHODS,
    SimulatedSite,
    zero_flow_ft,
)

APPROVAL_CHUNK = 30 * DAY  # the agency approves a month at a time
MAX_SERIES_PER_SITE = 8


@dataclass(frozen=True, kw_only=True)
class SimulatedSeries:
    """One time series of instantaneous values. Times are seconds since 1970.

    `delay` is what a transmission takes. An `hourly` gauge transmits its values together once an hour,
    `transmits_at` seconds after the full hour. `ends` is None while the gauge is alive; a `calm` series has
    no troubles: nothing late, missing or revised. `zero_flow_ft` is the stage at which nothing flows, 0 for
    what is no stage.
    """

    world: int
    index: int
    key: int
    site: SimulatedSite
    parameter: Parameter
    primary: bool
    step: int
    hourly: bool
    transmits_at: int
    delay: int
    size: float
    zero_flow_ft: float
    begins: int
    daily_begins: int  # days since 1970
    ends: int | None
    calm: bool

    @cached_property
    def series_id(self) -> str:
        """Return the agency's own id: 32 hexadecimal digits."""
        return name_of(self.key)

    @cached_property
    def write(self) -> Write:
        """Return what writes a level of this series as the agency does."""
        return self.parameter.writer(self.size)

    @cached_property
    def chance_key(self) -> int:
        """Return what the chance of its levels depends on: primary stage and discharge share one."""
        return self.site.key if self.primary and self.parameter.code in {STAGE, DISCHARGE} else self.key

    @property
    def statistic_id(self) -> str:
        """Return the code that stands for no statistic."""
        return INSTANTANEOUS

    @property
    def microseconds(self) -> int:
        """Return the fraction of a second at which this series' changes are written."""
        return self.key % 999_983

    def approved_at(self, moment: int) -> int:
        """Return when the agency approves a value of this moment: its month, some months later."""
        return (moment // APPROVAL_CHUNK + 1) * APPROVAL_CHUNK + self.approval_lag

    def approved_between(self, first: int, last: int) -> tuple[int, int]:
        """Return which moments (from, up to) are approved in these seconds, both inclusive."""
        oldest = -((self.approval_lag - first) // APPROVAL_CHUNK) - 1
        newest = (last - self.approval_lag) // APPROVAL_CHUNK
        return oldest * APPROVAL_CHUNK, newest * APPROVAL_CHUNK

    @property
    def approval_lag(self) -> int:
        """Return the time from the end of a month's values to their approval: 4 to 9 months."""
        return 120 * DAY + self.key % (150 * DAY)


@dataclass(frozen=True, kw_only=True)
class DailySeries:
    """The daily statistics of a primary series: means, or sums of rain. `begins` is in days since 1970."""

    source: SimulatedSeries
    key: int

    @cached_property
    def series_id(self) -> str:
        """Return the agency's own id: another one than that of the instantaneous values."""
        return name_of(self.key)

    @property
    def statistic_id(self) -> str:
        """Return the statistic's code: 00003 is a mean, 00006 a sum."""
        return self.source.parameter.daily_statistic

    @property
    def begins(self) -> int:
        """Return the first day: years before the instantaneous values."""
        return self.source.daily_begins


def lay_out_series(
    world: int, sites: list[SimulatedSite], count: int, *, calm: bool
) -> list[list[SimulatedSeries]]:
    """Return `count` series, by site. Raises ValueError where a site would have none, or more than 8."""
    if not len(sites) <= count <= MAX_SERIES_PER_SITE * len(sites):
        raise ValueError(
            f"{len(sites)} sites have {len(sites)} to {MAX_SERIES_PER_SITE * len(sites)} series, not {count}"
        )
    laid_out = []
    for site in sites:
        first, last = (count * place // len(sites) for place in (site.index, site.index + 1))
        plan = _plan(site)[: last - first]
        laid_out.append(
            [
                _series(world, site, code, first + place, primary=primary, calm=calm)
                for place, (code, primary) in enumerate(plan)
            ]
        )
    return laid_out


def daily_series(series: SimulatedSeries) -> DailySeries:
    """Return the daily statistics of a series."""
    return DailySeries(source=series, key=mix(series.key, 7))


def _plan(site: SimulatedSite) -> list[tuple[str, bool]]:
    """Return what a site measures, first things first. A second method of a parameter is not primary."""
    usual = [(STAGE, True), (DISCHARGE, True), (RAIN, True), (WATER_TEMPERATURE, True)]
    second = [(code, False) for code, _ in usual]
    if site.index == TWO_METHODS or (site.index > HOURLY and site.key % 7 == 0):
        return [usual[0], second[0], *usual[1:], *second[1:]]
    if site.index > HOURLY and site.key % 11 == 0:
        return [usual[2], usual[0], usual[1], usual[3], *second]
    if site.index == LONG_NUMBER or (site.index > HOURLY and site.key % 8 == 5):
        return [usual[0], usual[3], usual[1], usual[2], *second]
    return usual + second


def _series(
    world: int, site: SimulatedSite, code: str, index: int, *, primary: bool, calm: bool
) -> SimulatedSeries:
    # By site, parameter and method: more series elsewhere change nothing here.
    key = mix(mix(mix(world, 202), site.index), 2 * int(code) + primary)
    ordinary = site.index > HOURLY
    hourly = site.index == HOURLY or (ordinary and site.key % 5 == 1)
    often = site.index == EVERY_FIVE_MINUTES or (ordinary and site.key % 10 == 2)
    size = (site.key >> 16) % 1000 / 1000
    dead = site.index == DEAD or (ordinary and site.key % 33 == 3)
    died = day_of(date(2021, 3, 1)) * DAY + key % (4 * 365 * DAY)
    return SimulatedSeries(
        world=world,
        index=index,
        key=key,
        site=site,
        parameter=PARAMETERS[code],
        primary=primary,
        step=300 if often else 900,
        hourly=hourly,
        transmits_at=site.key % 3540,
        delay=180 + key % 480,
        size=size,
        zero_flow_ft=zero_flow_ft(site, usual_depth_ft(size)) if code == STAGE else 0.0,
        begins=DAY * day_of(date(2007 + (site.key % 13 if site.index else 0), 10, 1)),
        daily_begins=day_of(date(1940 + site.key % 66 if site.index else 1939, 10, 1)),
        ends=died if dead and not calm else None,
        calm=calm or site.index == 0,
    )
