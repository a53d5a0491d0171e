"""The operator's verbs about stream gauges: which sites are polled, and having their past fetched."""

from datetime import date

from psycopg import Connection

from gaugehouse.domain.backfill import BackfillWindow, backfill_windows
from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.import_jobs import OPERATOR_PRIORITY, JobStatus, Kind
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import Arguments, Backfill, NamedSites, Targets
from gaugehouse.services.backfill_coverage import is_done
from gaugehouse.services.find_sites import ACTIVE_WITHIN
from gaugehouse.store import import_jobs, known_series, poll_targets, site_lookups, stream_reports
from gaugehouse.store.connection import database_time


def _targets_list(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(stream_reports.target_states(conn)))


def _targets_add(conn: Connection, arguments: NamedSites) -> Answer:
    if arguments.name is not None and len(set(arguments.station_ids)) > 1:
        raise OperationRefused("operate targets_add: a name is for one site")
    added = poll_targets.add(conn, arguments.station_ids, name=arguments.name, source=arguments.source)
    return Answer(answer={"added": added}, changed=added)


def _targets_remove(conn: Connection, arguments: Targets) -> Answer:
    known = {target.station_id for target in stream_reports.target_states(conn)}
    if unknown := sorted(set(arguments.station_ids) - known):
        raise OperationRefused(f"operate targets_remove: nobody polls {', '.join(unknown)}")
    removed = poll_targets.remove(conn, arguments.station_ids)
    return Answer(answer={"removed": removed}, changed=removed)


def _backfill_request(conn: Connection, arguments: Backfill) -> Answer:
    """Ask for the windows of a site's past that are missing; answer the state of each that covers it.

    Done is done: a window that ended weeks before it was asked for, and was asked for all that is asked for
    now, is not asked for again, unless `again` says so. What lies outside the time of a series, as far as
    that is known, is not asked for at all.
    """
    if not known_series.is_known(conn, arguments.station_id):
        raise OperationRefused(f"the agency knows no series of site {arguments.station_id}; is the id right?")
    today = database_time(conn).date()
    last_day = min(arguments.last_day or today, today)
    if arguments.first_day > last_day:
        raise OperationRefused(f"operate backfill_request: {arguments.first_day} is after {last_day}")
    windows = [
        window
        for kind in arguments.kinds
        for window in _covering(conn, kind, arguments.station_id, arguments.first_day, last_day)
    ]
    states = {
        f"{window.kind} {window.subject}": _request(conn, window, again=arguments.again).value
        for window in windows
    }
    return Answer(answer=states, changed=len(states))


def _covering(
    conn: Connection, kind: Kind, station_id: str, first_day: date, last_day: date
) -> list[BackfillWindow]:
    extent = known_series.extent(conn, station_id, instantaneous=kind is Kind.USGS_CONTINUOUS)
    if extent is None:
        return []
    first = max(first_day, extent.begins or first_day)
    # The agency's own end of a series that goes on lags behind.
    has_ended = extent.ends is not None and extent.ends < last_day - ACTIVE_WITHIN
    last = extent.ends if extent.ends is not None and has_ended else last_day
    return backfill_windows(kind, station_id, first, last) if first <= last else []


def _request(conn: Connection, window: BackfillWindow, *, again: bool) -> JobStatus:
    standing = import_jobs.standing_of(conn, window.request)
    if standing is not None and not again:
        # What the poller last asked of the site: the settings are its business.
        parameter_codes = site_lookups.parameters_of(conn, window.station_id)
        if standing.status is JobStatus.IN_PROGRESS or is_done(conn, window, parameter_codes, standing):
            return standing.status
    return import_jobs.request(conn, window.request, source="operator", priority=OPERATOR_PRIORITY)


OPERATIONS = {
    "targets_list": Operation(Arguments, _targets_list),
    "targets_add": Operation(NamedSites, _targets_add),
    "targets_remove": Operation(Targets, _targets_remove),
    "backfill_request": Operation(Backfill, _backfill_request),
}
