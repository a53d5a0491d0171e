"""The registry of poller sources: the one table that says what can be polled, and when it is."""

from collections.abc import Callable
from dataclasses import dataclass

from gaugehouse.domain.errors import EventInvalid, QueueUnavailable
from gaugehouse.domain.pauses import source_pause
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.mcfcd import ask_mcfcd
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.rain_polls import poll_mcfcd_rainfall, poll_mcfcd_tips
from gaugehouse.runtime.site_polls import poll_usgs_sites
from gaugehouse.runtime.slots import Summary, run_in_slot
from gaugehouse.runtime.stream_polls import USGS_SOURCE, poll_usgs
from gaugehouse.runtime.telemetry import report
from gaugehouse.services.discover_gauges import LIST_SOURCE, DiscoverySummary, discover_gauges
from gaugehouse.services.discover_series import SITES_SOURCE
from gaugehouse.services.poll_rainfall import RAINFALL_SOURCE
from gaugehouse.services.publish_due_imports import publish_due_imports
from gaugehouse.services.store_tips import TIPS_SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source. `schedule` is the template's expression."""

    name: str
    schedule: str
    run: Callable[[PollerEvent, Run], Summary]


def poll(event: PollerEvent, run: Run) -> Summary:
    """Poll the source that the event names; return its summary.

    Raises: EventInvalid for an unknown source, SlotBusy when another run holds the slot.
    """
    source = SOURCES.get(event.source)
    if source is None:
        raise EventInvalid(
            f"PollerEvent: unknown source {event.source!r}; there are {', '.join(sorted(SOURCES))}"
        )
    if event.asks_for_the_past and event.source != USGS_SOURCE:
        raise EventInvalid(
            f"PollerEvent: {event.source} has no past to ask for: "
            "backfill_hours, force_retry and limit are for a source of readings"
        )
    if event.asks_for_the_past and event.reference_time is None:
        raise EventInvalid("PollerEvent: backfill_hours, force_retry and limit need a reference_time")
    if event.reference_time is not None and event.scheduled_time is not None:
        raise EventInvalid(
            "PollerEvent: a scheduled_time is the slot of a live poll and a reference_time is of the past; "
            "give one of them"
        )
    if event.sites is not None and event.source != SITES_SOURCE:
        raise EventInvalid(f"PollerEvent: sites are for the source {SITES_SOURCE}")
    return run_in_slot(
        f"poll:{event.source}", source_pause(event.source), event, run, lambda: source.run(event, run)
    )


def _poll_gauge_list(_: PollerEvent, run: Run) -> DiscoverySummary:
    """Discover gauges, then publish the imports that are due: the new ones among them."""
    from gaugehouse.sources.mcfcd import gauge_list

    settings = run.wiring.settings
    conn = run.wiring.connection()
    download = ask_mcfcd(
        run.wiring, lambda: gauge_list.fetch_gauge_list(run.wiring.http, settings.mcfcd_base_url)
    )
    discovered = discover_gauges(gauge_list.parse_gauge_list(download.content), conn=conn)
    sent = publish_due_imports(
        conn=conn,
        queue=run.wiring.queue,
        max_in_flight=settings.import_max_in_flight,
        worker_id=run.request_id,
    )
    report("publication", sent)
    if sent.refused:
        raise QueueUnavailable(f"the import queue refused {sent.refused} messages; they stay due")
    return discovered


SOURCES = {
    source.name: source
    for source in (
        Source(name=LIST_SOURCE, schedule="rate(1 hour)", run=_poll_gauge_list),
        Source(name=RAINFALL_SOURCE, schedule="rate(15 minutes)", run=poll_mcfcd_rainfall),
        Source(name=TIPS_SOURCE, schedule="rate(15 minutes)", run=poll_mcfcd_tips),
        Source(name=USGS_SOURCE, schedule="rate(15 minutes)", run=poll_usgs),
        Source(name=SITES_SOURCE, schedule="cron(30 6 * * ? *)", run=poll_usgs_sites),
    )
}
