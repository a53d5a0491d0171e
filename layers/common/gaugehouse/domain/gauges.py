"""What is known of a gauge: the agency's list entry and the agency's own description."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

MCFCD = "mcfcd"
ARIZONA = "America/Phoenix"  # UTC-7 the whole year; every MCFCD stamp and day is in it
# The list is read hourly and live values every quarter of an hour: what was not seen for so long is old.
HEARD_WITHIN = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeSummary:
    """One line of an agency's gauge list. It travels with the import job and its queue message.

    Rainfall is in inches over the 6 and 24 hours before `observed_at` (aware, UTC); None is missing,
    which is never the same as 0. Every field but the first two has a default, so that summaries
    stored before a field existed still load.
    """

    station_id: str
    gauge_name: str
    city_town: str | None = None
    elevation_ft: float | None = None
    rainfall_past_6h_inches: float | None = None
    rainfall_past_24h_inches: float | None = None
    msp_forecast_zone: str | None = None
    general_location: str | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeMetadata:
    """A gauge as the agency's own full-record document describes it.

    Latitude and longitude in decimal degrees (west is negative). `details` is JSON-ready and holds
    everything that has no column of its own; `warnings` say which values looked wrong and were kept.
    """

    station_id: str
    name: str
    previous_ids: tuple[str, ...] = ()
    gauge_type: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    elevation_ft: float | None = None
    city: str | None = None
    county: str | None = None
    location: str | None = None
    data_begins: date | None = None
    remarks: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
