"""The states of the simulated network: enough of them for every time zone that the agency serves."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from gaugehouse_local.simulator.usgs.epoch import instant


class State(NamedTuple):
    """One state. `behind_utc` is in hours, standard time; latitude and longitude are near its middle.

    No gauge of it lies above `highest_ft`.
    """

    code: str
    name: str
    postal: str
    zone: str
    behind_utc: int
    latitude: float
    longitude: float
    highest_ft: int

    @property
    def daylight_saving(self) -> bool:
        """Tell whether its clocks change."""
        return self.postal not in {"AZ", "HI", "PR"}

    @property
    def freezes(self) -> bool:
        """Tell whether its streams freeze over."""
        return self.postal in {"AK", "CO", "IL", "MN", "MT", "NY", "WI"}

    @property
    def summer_zone(self) -> str:
        """Return the abbreviation of its daylight-saving time, whether it uses one or not."""
        return self.zone[:-2] + "DT"


STATES = (
    State("17", "Illinois", "IL", "CST", 6, 40.1, -89.2, 800),
    State("24", "Maryland", "MD", "EST", 5, 39.1, -76.8, 1500),
    State("04", "Arizona", "AZ", "MST", 7, 33.6, -111.9, 6000),
    State("06", "California", "CA", "PST", 8, 37.2, -119.6, 6000),
    State("22", "Louisiana", "LA", "CST", 6, 30.6, -91.9, 200),
    State("02", "Alaska", "AK", "AKST", 9, 63.9, -150.3, 2000),
    State("15", "Hawaii", "HI", "HST", 10, 20.7, -156.6, 3000),
    State("72", "Puerto Rico", "PR", "AST", 4, 18.2, -66.4, 2000),
    State("08", "Colorado", "CO", "MST", 7, 39.0, -105.5, 9000),
    State("27", "Minnesota", "MN", "CST", 6, 46.2, -94.3, 1500),
    State("36", "New York", "NY", "EST", 5, 42.9, -75.5, 2000),
    State("48", "Texas", "TX", "CST", 6, 31.4, -99.3, 3000),
    State("53", "Washington", "WA", "PST", 8, 47.3, -120.4, 3000),
    State("55", "Wisconsin", "WI", "CST", 6, 44.6, -89.9, 1500),
    State("13", "Georgia", "GA", "EST", 5, 32.6, -83.4, 1500),
    State("29", "Missouri", "MO", "CST", 6, 38.3, -92.4, 1200),
    State("30", "Montana", "MT", "MST", 7, 47.0, -109.6, 6000),
    State("51", "Virginia", "VA", "EST", 5, 37.5, -78.8, 2500),
    State("20", "Kansas", "KS", "CST", 6, 38.5, -98.3, 3000),
    State("41", "Oregon", "OR", "PST", 8, 43.9, -120.6, 4000),
)


def hours_behind_utc(state: State, moment: int) -> int:
    """Return how far a state's clocks are behind UTC at a moment (seconds since 1970)."""
    if not state.daylight_saving:
        return state.behind_utc
    local = instant(moment) - timedelta(hours=state.behind_utc)
    begins, ends = _summer(local.year)
    standard = local.replace(tzinfo=None)
    return state.behind_utc - (begins <= standard < ends)


@lru_cache(maxsize=256)
def _summer(year: int) -> tuple[datetime, datetime]:
    """Return when daylight-saving time begins and ends, in standard time.

    The rule since 2007: from the second Sunday in March to the first one in November, each at 2:00.
    """
    begins, ends = date(year, 3, 8), date(year, 11, 1)
    begins += timedelta(days=6 - begins.weekday())
    ends += timedelta(days=6 - ends.weekday())
    return datetime(begins.year, begins.month, begins.day, 2), datetime(ends.year, ends.month, ends.day, 1)  # noqa: DTZ001
