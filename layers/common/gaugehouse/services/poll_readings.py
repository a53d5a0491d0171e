"""Poll stream gauges: store what they measured in the last hours, and how each series is doing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse.domain.measurements import Response
from gaugehouse.domain.polling import LIVE_WINDOW, StoredCounts, Window
from gaugehouse.services.ask_sites import Asked, PollSummary, ask_sites
from gaugehouse.services.store_measurements import prepare_partitions, store_readings
from gaugehouse.services.stream_agency import ReadingsAgency
from gaugehouse.store import known_series, monitoring_state, poll_targets


def poll_readings(
    *, conn: Connection, agency: ReadingsAgency, polled_at: datetime, seconds_left: Callable[[], float]
) -> tuple[PollSummary, Asked]:
    """Ask for the two hours before `polled_at` of every site, those first that waited longest.

    A site with a longer staleness threshold is asked for as much; it does not widen the window of others.
    Each group of sites is one transaction with the state of its series, so that what was answered stays
    whatever happens later, and what was not asked shows its age. Asked again for the same time, it takes the
    sites that got no answer.
    """
    station_ids = poll_targets.due(conn, polled_at=polled_at)
    windows = _windows(station_ids, polled_at, conn=conn, agency=agency)
    counts = StoredCounts()

    def keep(group: Sequence[str], response: Response[datetime]) -> None:
        nonlocal counts
        prepare_partitions(response, conn=conn)
        with conn.transaction():
            counts += store_readings(response, conn=conn)
            monitoring_state.record_answer(
                conn,
                group,
                attempted_at=polled_at,
                window_start=windows[group[0]].start,
                measurements=response.measurements,
                parameter_codes=agency.parameter_codes,
            )
            poll_targets.mark_polled(conn, group, at=polled_at)

    def fail(group: Sequence[str], error: GaugehouseError) -> None:
        with conn.transaction():
            monitoring_state.record_failure(
                conn, group, attempted_at=polled_at, parameter_codes=agency.parameter_codes
            )
            poll_targets.mark_polled(conn, group, at=polled_at, error=str(error))

    asked = ask_sites(
        _groups(windows, agency),
        ask=lambda group: agency.readings(group, windows[group[0]]),
        keep=keep,
        fail=fail,
        seconds_left=seconds_left,
    )
    return PollSummary(**counts.as_fields(), **asked.as_fields()), asked


def _windows(
    station_ids: Sequence[str], polled_at: datetime, *, conn: Connection, agency: ReadingsAgency
) -> dict[str, Window]:
    """Return the window that each site needs, in the order of the sites."""
    thresholds = known_series.staleness_minutes(conn, station_ids, parameter_codes=agency.parameter_codes)
    return {
        station_id: Window(
            polled_at - max(LIVE_WINDOW, timedelta(minutes=thresholds.get(station_id, 0))), polled_at
        )
        for station_id in station_ids
    }


def _groups(windows: Mapping[str, Window], agency: ReadingsAgency) -> list[list[str]]:
    """Group the sites of each window, and put the group first whose first site waited longest."""
    by_window: dict[Window, list[str]] = {}
    for station_id, window in windows.items():
        by_window.setdefault(window, []).append(station_id)
    groups = [
        group
        for window, station_ids in by_window.items()
        for group in agency.groups(station_ids, hours=(window.end - window.start) / timedelta(hours=1))
    ]
    place = {station_id: number for number, station_id in enumerate(windows)}
    return sorted(groups, key=lambda group: place[group[0]])
