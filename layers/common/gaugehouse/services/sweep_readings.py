"""Look for late and revised values: whatever the agency has changed since the last look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.measurements import Response
from gaugehouse.domain.polling import Look, StoredCounts, Window
from gaugehouse.services.ask_sites import Asked, PollSummary, ask_sites
from gaugehouse.services.store_measurements import prepare_partitions, store_daily_values, store_readings
from gaugehouse.services.stream_agency import ReadingsAgency
from gaugehouse.store import site_pasts

# What was changed while the last look was under way; the agency's clock and ours differ a little.
OVERLAP = timedelta(minutes=10)

Answer = tuple[Response[datetime], Response[date] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSummary(PollSummary):
    """What one look did. `daily_inserted` and `daily_revised` count daily values, the others readings."""

    daily_inserted: int
    daily_revised: int

    @property
    def rows_affected(self) -> int:
        """Readings and daily values that were written."""
        return self.inserted + self.revised + self.daily_inserted + self.daily_revised


def sweep_readings(
    look: Look,
    *,
    conn: Connection,
    agency: ReadingsAgency,
    swept_at: datetime,
    seconds_left: Callable[[], float],
) -> tuple[SweepSummary, Asked]:
    """Ask for the values before `swept_at` that were changed since the last look of this kind at each site.

    Asking only for what was changed makes a look back over days as small as one over minutes. A site that
    was not reached keeps its last look, so that the next one goes back as far as it must.
    """
    since_of = site_pasts.sweep_due(conn, look, swept_at=swept_at)
    window = Window(swept_at - look.span, swept_at)
    readings, daily = StoredCounts(), StoredCounts()

    def ask(group: Sequence[str]) -> Answer:
        since = min(since_of[station_id] for station_id in group) - OVERLAP
        answer = agency.readings(group, window, modified_since=since)
        if look.daily_span is None:
            return answer, None
        first = (swept_at - look.daily_span).date()
        return answer, agency.daily_values(group, first, swept_at.date(), modified_since=since)

    def keep(group: Sequence[str], answer: Answer) -> None:
        nonlocal readings, daily
        told, told_daily = answer
        prepare_partitions(told, conn=conn)
        with conn.transaction():
            readings += store_readings(told, conn=conn)
            if told_daily is not None:
                daily += store_daily_values(told_daily, conn=conn)
            site_pasts.mark_swept(conn, group, look, at=swept_at)

    station_ids = sorted(since_of, key=lambda station_id: (since_of[station_id], station_id))
    asked = ask_sites(
        agency.groups(station_ids, hours=_hours_of_values(since_of, window, agency)),
        ask=ask,
        keep=keep,
        seconds_left=seconds_left,
    )
    summary = SweepSummary(
        **readings.as_fields(),
        **asked.as_fields(),
        daily_inserted=daily.inserted,
        daily_revised=daily.revised,
    )
    return summary, asked


def _hours_of_values(since_of: dict[str, datetime], window: Window, agency: ReadingsAgency) -> float:
    """Say how many hours of values will come: what was changed since, at the most the whole window."""
    since = min(since_of.values(), default=window.end) - OVERLAP if agency.knows_changes else window.start
    return (window.end - max(window.start, since)) / timedelta(hours=1)
