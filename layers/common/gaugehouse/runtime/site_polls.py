"""The poller's source of sites: which ones the settings mean, and which series they have."""

import json
from dataclasses import dataclass
from datetime import timedelta

from psycopg import Connection

from gaugehouse.domain.errors import EventInvalid, GaugehouseError, OperationRefused
from gaugehouse.domain.poll_targets import check_station_ids, named_sites
from gaugehouse.domain.series import USGS
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.settings import Settings
from gaugehouse.runtime.telemetry import report
from gaugehouse.runtime.usgs import waterdata
from gaugehouse.services.ask_sites import LONGEST_REQUEST_SECONDS, Asked
from gaugehouse.services.discover_series import SeriesSummary, discover_series
from gaugehouse.services.find_sites import find_sites
from gaugehouse.store import applied_settings, site_lookups
from gaugehouse.store.connection import database_time

LOOKED_AT_EVERY = timedelta(hours=12)  # the retry of a daily look goes on where that one ended
# Left for what comes behind looking sites up: polling them, and looking back. Half of a run at the most.
LONGEST_REST_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSites:
    """What came of looking for sites: how many were looked up, and what is wrong with the settings."""

    asked: Asked
    settings_error: GaugehouseError | None

    @property
    def answered(self) -> int:
        """How many sites were looked up now."""
        return self.asked.sites - self.asked.failed - self.asked.not_asked

    def raise_if_stuck(self) -> None:
        """Raise what went wrong. That time or quota ran out behind the first sites is no failure.

        Raises: PollIncomplete, and the error of the settings.
        """
        self.asked.raise_if_failed()
        if not self.answered:
            self.asked.raise_if_incomplete()
        if self.settings_error is not None:
            raise self.settings_error


def poll_usgs_sites(event: PollerEvent, run: Run) -> SeriesSummary:
    """Ask which series the polled sites have, after the sites of the settings' area; or only `sites`.

    By hand it asks about all of them, on schedule only about those that were not asked lately.

    Raises: PollIncomplete, after everything that was answered is stored; what is wrong with the settings.
    """
    conn = run.wiring.connection()
    settings_error = None
    if event.sites is None:
        settings_error = _find(conn, run)
        by_hand = event.scheduled_time is None
        not_since = database_time(conn) - (timedelta(0) if by_hand else LOOKED_AT_EVERY)
        station_ids = site_lookups.due(
            conn, not_since=not_since, parameter_codes=run.wiring.settings.usgs_parameters
        )
    else:
        station_ids = _checked(event.sites)
    summary, asked = discover_series(
        station_ids, conn=conn, agency=waterdata(run.wiring), seconds_left=run.seconds_left
    )
    if not asked.is_complete or settings_error:
        report("poll_sites", summary)
    asked.raise_if_incomplete()
    if settings_error is not None:
        raise settings_error
    return summary


def look_new_sites_up(conn: Connection, run: Run) -> NewSites:
    """Look up the sites that are new, or of which an answer had series that are not known.

    Other settings than before are put in first: their sites, and what is asked of each.
    """
    settings_error = None
    has_time = run.seconds_left() > LONGEST_REQUEST_SECONDS
    if has_time and applied_settings.find(conn, USGS) != _named_by(run.wiring.settings):
        settings_error = _find(conn, run)
    station_ids = site_lookups.due(conn, parameter_codes=run.wiring.settings.usgs_parameters)
    if not station_ids:
        return NewSites(asked=Asked(sites=0), settings_error=settings_error)
    rest = min(run.seconds_left() / 2, LONGEST_REST_SECONDS)
    summary, asked = discover_series(
        station_ids,
        conn=conn,
        agency=waterdata(run.wiring),
        seconds_left=lambda: run.seconds_left() - rest,
    )
    report("poll_sites", summary)
    return NewSites(asked=asked, settings_error=settings_error)


def _find(conn: Connection, run: Run) -> GaugehouseError | None:
    """Put the sites of the settings in. A wrong area stops nobody's polls: its error is for the end."""
    settings = run.wiring.settings
    configured = named_sites(settings.usgs_sites)
    try:
        find_sites(configured, conn=conn, agency=waterdata(run.wiring), now=database_time(conn))
    except GaugehouseError as error:
        return error
    applied_settings.keep(conn, USGS, _named_by(settings))
    return None


def _named_by(settings: Settings) -> str:
    """Return what decides which sites are polled, as text to compare."""
    return json.dumps(
        settings.model_dump(
            include={"usgs_sites", "usgs_states", "usgs_bounding_box", "usgs_whole_network"}, mode="json"
        )
    )


def _checked(sites: tuple[str, ...]) -> list[str]:
    try:
        return check_station_ids(sites)
    except OperationRefused as error:
        raise EventInvalid(f"PollerEvent: sites: {error}") from error
