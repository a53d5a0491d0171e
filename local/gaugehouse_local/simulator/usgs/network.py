"""A seeded, living network of stream gauges: the same seed gives the same values of every moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from gaugehouse_local.simulator.usgs.chance import mix
from gaugehouse_local.simulator.usgs.daily_values import daily_values
from gaugehouse_local.simulator.usgs.epoch import (
    DAY,
    date_of,
    day_of,
    instant,
    microseconds_of,
    seconds_of,
)
from gaugehouse_local.simulator.usgs.series import (
    DailySeries,
    SimulatedSeries,
    daily_series,
    lay_out_series,
)
from gaugehouse_local.simulator.usgs.sites import SimulatedSite, lay_out_sites
from gaugehouse_local.simulator.usgs.values import Value, values_in_block
from gaugehouse_local.simulator.usgs.weather import BLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedReading:
    """One value as the agency has it at the network's present.

    `text` is None where the agency knows of the moment and has no number. `moment` and `modified` are aware,
    UTC; for a daily value `moment` is the local date.
    """

    moment: datetime | date
    text: str | None
    qualifiers: tuple[str, ...]
    approved: bool
    modified: datetime


class Network:
    """Sites, their series, and a present that a test can move forward. Made by `create_network`.

    What tests change (the present, silenced series, names) may change while the server answers.
    """

    def __init__(
        self, sites: list[SimulatedSite], series: list[list[SimulatedSeries]], now: datetime | None
    ) -> None:
        self.sites = tuple(sites)
        self.series = tuple(one for of_site in series for one in of_site)
        self.daily_series = tuple(daily_series(one) for one in self.series if one.primary)
        self._series_of = {site.site_id: tuple(of_site) for site, of_site in zip(sites, series, strict=True)}
        self._daily_of = {one.source.series_id: one for one in self.daily_series}
        self._sites = {site.site_id: site for site in sites}
        self._by_number = {site.number: site for site in sites}
        self._present = None if now is None else seconds_of(now)
        self._silent_since: dict[int, int] = {}
        self._names: dict[str, str] = {}
        self._lock = Lock()

    @property
    def now(self) -> datetime:
        """Return the network's present (aware, UTC, whole seconds)."""
        return instant(self.present)

    @property
    def present(self) -> int:
        """Return the present in seconds since 1970."""
        return int(datetime.now(UTC).timestamp()) if self._present is None else self._present

    def move_to(self, now: datetime) -> None:
        """Set the present. Going back is allowed: the agency then knows less again."""
        self._present = seconds_of(now)

    def advance(self, minutes: float) -> datetime:
        """Move the present forward, and return it. Raises RuntimeError for a network on the real clock."""
        with self._lock:
            if self._present is None:
                raise RuntimeError("this network follows the real clock: create it with a `now`")
            self._present += round(60 * minutes)
        return self.now

    def site(self, site_id: str) -> SimulatedSite | None:
        """Return a site by its id (`USGS-05568500`), or None where there is none."""
        return self._sites.get(site_id)

    def site_by_number(self, number: str) -> SimulatedSite | None:
        """Return a site by its number alone (`05568500`), as the legacy services name it."""
        return self._by_number.get(number)

    def series_of(self, site_id: str) -> tuple[SimulatedSeries, ...]:
        """Return the series of instantaneous values of a site; none where there is no such site."""
        return self._series_of.get(site_id, ())

    def daily_of(self, series: SimulatedSeries) -> DailySeries | None:
        """Return the daily statistics of a series, or None where it is not primary."""
        return self._daily_of.get(series.series_id)

    def name_of(self, site: SimulatedSite) -> str:
        """Return the present name of a site."""
        return self._names.get(site.site_id, site.name)

    def rename(self, site_id: str, name: str) -> None:
        """Give a site another name, as an id that was mistyped would show. Raises KeyError."""
        self._names[self._sites[site_id].site_id] = name

    def silence(self, *series: SimulatedSeries, since: datetime | None = None) -> None:
        """Have series transmit no value of `since` (None: the present) and later any more."""
        moment = self.present if since is None else seconds_of(since)
        for one in series:
            self._silent_since[one.index] = moment

    def restore(self, series: Iterable[SimulatedSeries] | None = None) -> None:
        """Have silenced series (None: all) transmit again, everything in between included."""
        for index in [one.index for one in (self.series if series is None else series)]:
            self._silent_since.pop(index, None)

    def end_of(self, series: SimulatedSeries) -> int | None:
        """Return from which second on a series has no values, or None where it goes on."""
        ends = [end for end in (series.ends, self._silent_since.get(series.index)) if end is not None]
        return min(ends, default=None)

    def readings(self, series: SimulatedSeries, start: datetime, end: datetime) -> list[SimulatedReading]:
        """Return what the agency has of start ≤ moment ≤ end now, oldest first: the truth to compare with."""
        first = -(-microseconds_of(start) // 1_000_000)
        return [
            _reading(series, value, instant(value.time))
            for value in self.values(series, first, seconds_of(end), self.present)
        ]

    def daily_readings(self, series: DailySeries, first: date, last: date) -> list[SimulatedReading]:
        """Return the daily values that the agency has now, both days included, oldest first."""
        end = self.end_of(series.source)
        values = daily_values(series, day_of(first), day_of(last), end, self.present)
        return [_reading(series.source, value, date_of(value.time)) for value in values]

    def values(self, series: SimulatedSeries, start: int, end: int, now: int) -> list[Value]:
        """Return the values with start ≤ time ≤ end that the agency has by `now`, in seconds since 1970."""
        start, end = self.clipped(series, start, end, now)
        return [
            value
            for block in range(start // BLOCK, end // BLOCK + 1)
            for value in values_in_block(series, block, start, end, now)
        ]

    def latest(self, series: SimulatedSeries, now: int) -> Value | None:
        """Return the newest value, a number or not, that the agency has by `now`; years old if need be."""
        start, end = self.clipped(series, series.begins, now, now)
        for block in range(end // BLOCK, start // BLOCK - 1, -1):
            values = values_in_block(series, block, start, end, now)
            if values:
                return values[-1]
        return None

    def clipped(self, series: SimulatedSeries, start: int, end: int, now: int) -> tuple[int, int]:
        """Return the part of a span in which the series can have values that arrived by `now`."""
        ends = self.end_of(series)
        return max(start, series.begins), min(end, now, end if ends is None else ends - 1)

    def daily_end_of(self, series: DailySeries) -> int:
        """Return the last day that the daily statistics can have by now, counted from 1970."""
        end = self.end_of(series.source)
        return (self.present if end is None else min(end, self.present)) // DAY


def create_network(
    *,
    seed: int = 1879,
    sites: int = 12,
    series: int | None = None,
    now: datetime | None = None,
    calm: bool = False,
) -> Network:
    """Create a network of `sites` with `series` of instantaneous values in all (None: 5 for 2 sites).

    `now` is aware; None follows the real clock. `calm` leaves out every trouble: no value is late, missing
    or revised and no gauge is dead. Raises ValueError where the numbers cannot be.
    """
    world = mix(seed, 0)
    laid_out = lay_out_sites(world, sites)
    count = sites * 5 // 2 if series is None else series
    return Network(laid_out, lay_out_series(world, laid_out, count, calm=calm), now)


def _reading(series: SimulatedSeries, value: Value, moment: datetime | date) -> SimulatedReading:
    modified = instant(value.modified) + timedelta(microseconds=series.microseconds)
    return SimulatedReading(
        moment=moment,
        text=value.text,
        qualifiers=value.qualifiers,
        approved=value.approved,
        modified=modified,
    )
