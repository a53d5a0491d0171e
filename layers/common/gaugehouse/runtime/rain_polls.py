"""The poller's sources of live rainfall: the totals of every gauge, and the tips of watched ones."""

from gaugehouse.domain.live_rain import IntervalReport, TipRecord
from gaugehouse.domain.polling import MOST_AHEAD
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.mcfcd import ask_mcfcd
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.telemetry import report
from gaugehouse.services.poll_rainfall import RainfallSummary, poll_rainfall
from gaugehouse.services.poll_tips import TipsSummary, poll_tips
from gaugehouse.store.connection import database_time


def poll_mcfcd_rainfall(event: PollerEvent, run: Run) -> RainfallSummary:
    """Poll the multi-interval report."""
    from gaugehouse.sources.mcfcd import interval_report

    conn = run.wiring.connection()

    def ask() -> IntervalReport:
        download = ask_mcfcd(
            run.wiring,
            lambda: interval_report.fetch_interval_report(
                run.wiring.http, run.wiring.settings.mcfcd_base_url
            ),
        )
        return interval_report.parse_interval_report(download.content)

    return poll_rainfall(conn=conn, ask=ask, polled_at=event.scheduled_time or database_time(conn))


def poll_mcfcd_tips(event: PollerEvent, run: Run) -> TipsSummary:
    """Poll the tips of the watched gauges.

    Raises: PollIncomplete when a gauge got no answer or none could be asked, after everything that was
    answered is stored.
    """
    from gaugehouse.sources.mcfcd import tips

    conn, settings = run.wiring.connection(), run.wiring.settings

    def ask(station_id: str) -> TipRecord:
        download = ask_mcfcd(
            run.wiring,
            lambda: tips.fetch_tips(
                run.wiring.http,
                settings.mcfcd_base_url,
                station_id,
                path=settings.mcfcd_tips_path,
                method=settings.mcfcd_tips_method,
            ),
        )
        return tips.parse_tips(
            download.content, station_id=station_id, not_after=database_time(conn) + MOST_AHEAD
        )

    summary, asked = poll_tips(
        conn=conn,
        ask=ask,
        polled_at=event.scheduled_time or database_time(conn),
        seconds_left=run.seconds_left,
    )
    if asked.failed or 0 < asked.sites == asked.not_asked:
        report("poll_tips", summary)  # a failed run has no summary of its own
        asked.raise_if_incomplete()
    return summary
