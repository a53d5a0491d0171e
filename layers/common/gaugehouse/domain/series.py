"""Time series of gauges: what is measured at a station, how, and how fresh it must be."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

USGS = "usgs"

DISCHARGE = "00060"  # cubic feet per second
STAGE = "00065"  # gage height, feet
INSTANTANEOUS = "00011"  # the statistic of values that are no statistic
DAILY_MEAN = "00003"
DEFAULT_STALENESS_MINUTES = 120  # many gauges transmit once an hour, and a transmission can fail


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One time series as its agency describes it.

    `parameter_code` and `statistic` are USGS codes; `method` tells several sensors of one parameter apart and
    is empty for the primary one. `unit` is the agency's (`ft`, `ft^3/s`). `upstream_series_id` is the
    agency's own id, None where it has none. `source` is the poll that brings its readings, and
    `staleness_minutes` the threshold that it begins with, which an operator may change. Times are aware, UTC.
    """

    station_id: str
    parameter_code: str
    statistic: str
    method: str = ""
    unit: str
    upstream_series_id: str | None = None
    is_primary: bool = True
    source: str = USGS
    staleness_minutes: int = DEFAULT_STALENESS_MINUTES
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGauge:
    """A monitoring location as its agency describes it.

    Latitude and longitude in decimal degrees (west is negative), `time_zone` an IANA name.
    """

    station_id: str
    name: str
    agency_code: str
    gauge_type: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    elevation_ft: float | None = None
    state: str | None = None
    county: str | None = None
    time_zone: str


class SeriesStatus(StrEnum):
    """How a series is doing, as of its last poll."""

    ACTIVE = "active"
    DEGRADED = "degraded"
    OFFLINE = "offline"
