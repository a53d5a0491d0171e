"""The poller's source of stream gauges: what they measure now, and what they measured in the past."""

from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.domain.polling import DEEP, LIVE_WINDOW, RECENT, StoredCounts, Window
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.site_polls import look_new_sites_up
from gaugehouse.runtime.telemetry import report
from gaugehouse.runtime.usgs import LEFT_TO_POLLS, readings_agency
from gaugehouse.services.ask_sites import LONGEST_REQUEST_SECONDS, Asked, PollSummary
from gaugehouse.services.backfill_readings import PastSummary, backfill_readings
from gaugehouse.services.poll_readings import poll_readings
from gaugehouse.services.sweep_readings import sweep_readings
from gaugehouse.store.connection import database_time

USGS_SOURCE = "usgs"


def poll_usgs(event: PollerEvent, run: Run) -> PollSummary | PastSummary:
    """Poll the stream gauges, or ask for the past that the event names.

    Known sites come first, so that thousands of new ones cannot use up the run; those that could be looked up
    in the time that is left are polled as well, and the next runs go on with the others.

    Raises: PollIncomplete, after everything that was answered is stored; what is wrong with the settings.
    """
    conn = run.wiring.connection()
    if event.reference_time is not None:
        return _ask_the_past(event, event.reference_time, conn, run)
    polled_at = event.scheduled_time or database_time(conn)

    def poll_due() -> tuple[PollSummary, Asked]:
        agency = readings_agency(run.wiring)
        return poll_readings(conn=conn, agency=agency, polled_at=polled_at, seconds_left=run.seconds_left)

    summary, asked = poll_due()
    new = look_new_sites_up(conn, run)
    if new.answered:
        first = summary
        summary, asked = poll_due()
        summary = _together(first, summary)
    if asked.is_complete:
        _look_back(polled_at, conn, run)
    else:
        report("poll", summary)  # a failed run has no summary of its own
    asked.raise_if_incomplete()
    new.raise_if_stuck()
    return summary


def _together(first: PollSummary, second: PollSummary) -> PollSummary:
    """Add two polls of one slot. The second one took what the first one had not got, too."""
    return PollSummary(
        **(StoredCounts() + first + second).as_fields(),
        sites=first.sites - first.sites_failed - first.sites_not_asked + second.sites,
        sites_failed=second.sites_failed,
        sites_not_asked=second.sites_not_asked,
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
                agency=readings_agency(run.wiring, spare=LEFT_TO_POLLS),
                swept_at=polled_at,
                seconds_left=run.seconds_left,
            )
            if asked.sites:
                report(f"{look.name}_look", summary)
            asked.raise_if_failed()


def _ask_the_past(event: PollerEvent, reference_time: datetime, conn: Connection, run: Run) -> PastSummary:
    hours = event.backfill_hours
    span = LIVE_WINDOW if hours is None else timedelta(hours=hours)
    new = look_new_sites_up(conn, run)
    summary, asked = backfill_readings(
        Window(reference_time - span, reference_time),
        limit=event.limit,
        only_failed=event.force_retry,
        again=event.force,
        conn=conn,
        agency=readings_agency(run.wiring, spare=LEFT_TO_POLLS),
        seconds_left=run.seconds_left,
    )
    everything_done = event.limit is not None or not summary.sites_left
    if not asked.is_complete or not everything_done:
        report("poll_past", summary)
    asked.raise_if_incomplete()
    new.raise_if_stuck()
    if not everything_done:  # a run that succeeds makes its slot done
        raise PollIncomplete(f"{summary.sites_left} sites are not looked up yet; ask again for the rest")
    return summary
