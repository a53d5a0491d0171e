"""The poller's sources of stream gauges: their readings, and which sites and series there are."""

from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.polling import DEEP, LIVE_WINDOW, RECENT, Window
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.telemetry import report
from gaugehouse.runtime.usgs import readings_agency, waterdata
from gaugehouse.services.ask_sites import LONGEST_REQUEST_SECONDS, Asked
from gaugehouse.services.backfill_readings import PastSummary, backfill_readings
from gaugehouse.services.discover_series import SeriesSummary, discover_series
from gaugehouse.services.find_sites import find_sites
from gaugehouse.services.poll_readings import PollSummary, poll_readings
from gaugehouse.services.sweep_readings import sweep_readings
from gaugehouse.store import poll_targets
from gaugehouse.store.connection import database_time

USGS_SOURCE = "usgs"
LOOKED_AT_EVERY = timedelta(hours=12)  # a site whose series were asked for since then is not asked again


def poll_usgs(event: PollerEvent, run: Run) -> PollSummary | PastSummary:
    """Poll the stream gauges, or ask for the past that the event names.

    Raises: PollIncomplete, after everything that was answered is stored.
    """
    conn = run.wiring.connection()
    if event.reference_time is not None:
        return _ask_the_past(event, event.reference_time, conn, run)
    polled_at = event.scheduled_time or database_time(conn)
    discovered = _discover_new(conn, run)
    summary, asked = poll_readings(
        conn=conn, agency=readings_agency(run.wiring), polled_at=polled_at, seconds_left=run.seconds_left
    )
    if asked.is_complete:
        _look_back(polled_at, conn, run)
    else:
        report("poll", summary)  # a failed run has no summary of its own
    discovered.raise_if_incomplete()
    asked.raise_if_incomplete()
    return summary


def poll_usgs_sites(_: PollerEvent, run: Run) -> SeriesSummary:
    """Find the sites of the configured area, and ask which series all polled sites have.

    Raises: PollIncomplete, after everything that was answered is stored.
    """
    conn = run.wiring.connection()
    _find(conn, run)
    summary, asked = discover_series(
        poll_targets.to_discover(conn, not_since=database_time(conn) - LOOKED_AT_EVERY),
        conn=conn,
        agency=waterdata(run.wiring),
        seconds_left=run.seconds_left,
    )
    if not asked.is_complete:
        report("poll_sites", summary)
    asked.raise_if_incomplete()
    return summary


def _discover_new(conn: Connection, run: Run) -> Asked:
    """Ask about the sites of which no series is known yet: those of the settings, and an operator's."""
    if not poll_targets.knows_settings(conn):
        _find(conn, run)
    new = poll_targets.to_discover(conn, not_since=None)
    if not new:
        return Asked(sites=0)
    summary, asked = discover_series(
        new, conn=conn, agency=waterdata(run.wiring), seconds_left=run.seconds_left
    )
    report("poll_sites", summary)
    return asked


def _find(conn: Connection, run: Run) -> None:
    find_sites(
        run.wiring.settings.usgs_sites, conn=conn, agency=waterdata(run.wiring), now=database_time(conn)
    )


def _look_back(polled_at: datetime, conn: Connection, run: Run) -> None:
    """Look for late and revised values, where it is time again and time is left.

    What it does not reach now, the next poll does: that is no failure of this one.
    """
    for look in (DEEP, RECENT):
        if run.seconds_left() > LONGEST_REQUEST_SECONDS:
            summary, asked = sweep_readings(
                look,
                conn=conn,
                agency=readings_agency(run.wiring),
                swept_at=polled_at,
                seconds_left=run.seconds_left,
            )
            if asked.sites:
                report(f"{look.name}_look", summary)
            asked.raise_if_failed()


def _ask_the_past(event: PollerEvent, reference_time: datetime, conn: Connection, run: Run) -> PastSummary:
    hours = event.backfill_hours
    span = LIVE_WINDOW if hours is None else timedelta(hours=hours)
    summary, asked = backfill_readings(
        Window(reference_time - span, reference_time),
        limit=event.limit,
        only_failed=event.force_retry,
        again=event.force,
        conn=conn,
        agency=readings_agency(run.wiring),
        seconds_left=run.seconds_left,
    )
    if not asked.is_complete:
        report("poll_past", summary)
    asked.raise_if_incomplete()
    return summary
