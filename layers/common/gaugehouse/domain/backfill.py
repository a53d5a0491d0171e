"""Backfill: a site's past, cut into windows that are import jobs of their own.

Instantaneous values come in water years, daily values in decades of water years. The cuts are the same
whoever asks and from when, so that a window is one row of the ledger for good: done is done.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.domain.polling import Window
from gaugehouse.domain.water_year import water_year_end, water_year_of, water_year_start

WATER_YEARS = {Kind.USGS_CONTINUOUS: 1, Kind.USGS_DAILY: 10}
EARLIEST = date(1850, 10, 1)  # no gauge of the USGS is older
# Daily values and revisions of readings come for weeks.
FINAL_AFTER = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillWindow:
    """The part of a site's past that one import job fetches: whole days, both ends included."""

    station_id: str
    kind: Kind
    first_water_year: int

    @property
    def first_day(self) -> date:
        """Return the first day."""
        return water_year_start(self.first_water_year)

    @property
    def last_day(self) -> date:
        """Return the last day."""
        return water_year_end(self.first_water_year + WATER_YEARS[self.kind] - 1)

    @property
    def span(self) -> Window:
        """Return its instants. Days begin at midnight UTC here: the cuts are ours, and no gauge's."""
        first, after = (
            datetime(day.year, day.month, day.day, tzinfo=UTC)
            for day in (self.first_day, self.last_day + timedelta(days=1))
        )
        return Window(first, after)

    def is_final(self, asked_at: datetime) -> bool:
        """Say whether who asked then has got it all, as far as anybody can know: weeks after its end."""
        return asked_at >= self.span.end + FINAL_AFTER

    @property
    def subject(self) -> str:
        """Return the subject of its import job: `05568500:2024`, `05568500:1940-1949`."""
        last = self.first_water_year + WATER_YEARS[self.kind] - 1
        years = f"{self.first_water_year}" + (f"-{last}" if last != self.first_water_year else "")
        return f"{self.station_id}:{years}"

    @property
    def request(self) -> ImportRequest:
        """Return the wish for it."""
        return ImportRequest(kind=self.kind, subject=self.subject)


def backfill_windows(kind: Kind, station_id: str, first_day: date, last_day: date) -> list[BackfillWindow]:
    """Return the windows that cover these days, newest first: the recent past is asked about most."""
    step = WATER_YEARS[kind]
    first, last = (water_year_of(max(day, EARLIEST)) // step * step for day in (first_day, last_day))
    return [
        BackfillWindow(station_id=station_id, kind=kind, first_water_year=year)
        for year in range(last, first - 1, -step)
    ]


def window_of(kind: Kind, subject: str) -> BackfillWindow:
    """Read the subject of an import job.

    Raises: DocumentInvalid when it is not one that `subject` writes.
    """
    station_id, _, years = subject.rpartition(":")
    first = years.partition("-")[0]
    if station_id and first.isascii() and first.isdigit() and len(first) == 4:
        window = BackfillWindow(station_id=station_id, kind=kind, first_water_year=int(first))
        if window.subject == subject and window.first_water_year % WATER_YEARS[kind] == 0:
            return window
    example = BackfillWindow(station_id="05568500", kind=kind, first_water_year=2020).subject
    raise DocumentInvalid(f"{kind} {subject}: not a site and its water years, such as {example}")
