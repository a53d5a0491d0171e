"""Ask for the workbooks of the water years that the agency still works on."""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection

from gaugehouse.domain.import_jobs import AUTOMATIC_PRIORITY
from gaugehouse.domain.rain_book_subjects import water_year_request
from gaugehouse.domain.water_year import water_year_of
from gaugehouse.sources.mcfcd.arizona_time import MOUNTAIN_STANDARD_TIME
from gaugehouse.store import import_jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterYearsSummary:
    """Which water years were asked for."""

    newest_water_year: int
    requested: int

    @property
    def rows_affected(self) -> int:
        """Jobs that are open now."""
        return self.requested


def request_water_years(*, conn: Connection, reference_time: datetime, count: int) -> WaterYearsSummary:
    """Ask for the water year of `reference_time` in Arizona, and the `count` - 1 before it.

    The workbook of a new water year does not exist for some days: its import fails, and is asked for again
    the next night.
    """
    current = water_year_of(reference_time.astimezone(MOUNTAIN_STANDARD_TIME).date())
    for water_year in range(current, current - count, -1):
        import_jobs.request(
            conn, water_year_request(water_year), source="schedule", priority=AUTOMATIC_PRIORITY
        )
    return WaterYearsSummary(newest_water_year=current, requested=count)
