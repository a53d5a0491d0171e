"""Daily rainfall: measurements, absences, and what one document says of one gauge."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

# One tip of these gauges is 1 mm. More than 15 in a day has never been measured in Arizona; 1000 in
# and more is no rain at all but a broken cell.
RAINFALL = "00045"  # the USGS parameter code of precipitation, used for every network
SUSPECT_ABOVE_INCHES = 15.0
ABSURD_FROM_INCHES = 1000.0


class Quality(StrEnum):
    """How a daily value came about, in the agency's own words where it has any."""

    MEASURED = "measured"
    ASSIGNED = "assigned"  # counted by the gauge, put on this day by a person
    ESTIMATED = "estimated"
    INCOMPLETE = "incomplete"  # part of the day is missing; the value is a lower bound
    SUSPECT = "suspect"
    PROVISIONAL = "provisional"


class DailyRainfall(NamedTuple):
    """One local day with a number. A dry day is 0.0; a missing day is never one of these."""

    reading_date: date
    rainfall_inches: float
    quality: Quality = Quality.MEASURED
    note: str | None = None  # the document's own words about this day


class GapCause:
    """Causes of our own making. Every other cause is the agency's word (`Battery`, `Repeater`, …)."""

    BEFORE_RECORD = "before_record"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span [gap_start, gap_end) without complete data, as one source tells it. Aware, UTC.

    `missing_days` counts the local days inside it that have no value: 0 for an outage after which the
    agency could still account for every day. `gap_end` None means that the document gives no end.
    """

    gap_start: datetime
    gap_end: datetime | None
    cause: str
    missing_days: int
    notes: str | None = None
    quality_code: int | None = None  # MCFCD DownTime: 1 = OK, 2 = incomplete, 3 = estimated
    outage_start: datetime | None = None  # the outage that explains the gap, as the agency timed it
    outage_end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsClaim:
    """Totals that the document itself states for a water year; None where it states none."""

    water_year: int
    place: str  # where in the document, for the report: "sheet 2024 footer", "Meta_Stats row 30"
    total_inches: float | None
    monsoon_inches: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RainRecord:
    """Everything one document says of one gauge's daily rainfall.

    `days` ascend and hold each date once; `missing` are the dates that the document marks as missing,
    also ascending; no date is in both. Dates in neither are dates of which the document says nothing.
    """

    station_id: str
    data_source: str  # 'fopr', 'excel_WY_2023', 'pdf_1119', 'live_scrape'
    document_date: date  # decides which of two documents is the newer truth
    days: tuple[DailyRainfall, ...]
    missing: tuple[date, ...]
    gaps: tuple[Gap, ...]
    claims: tuple[TotalsClaim, ...] = ()

    @property
    def before_record_days(self) -> int:
        """How many of the missing days came before the gauge was there: nobody misses them."""
        return sum(gap.missing_days for gap in self.gaps if gap.cause == GapCause.BEFORE_RECORD)
