"""Fetch and store one window of a site's past: see `domain/backfill.py`."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from psycopg import Connection

from gaugehouse.domain.backfill import BackfillWindow, window_of
from gaugehouse.domain.documents import Download
from gaugehouse.domain.errors import DocumentNotFound
from gaugehouse.domain.import_jobs import ImportJob, Kind
from gaugehouse.domain.measurements import Response
from gaugehouse.domain.polling import MOST_AHEAD
from gaugehouse.services.backfill_coverage import coverage, coverage_of, is_covered
from gaugehouse.services.discover_series import discover_series
from gaugehouse.services.store_measurements import (
    prepare_partitions,
    store_daily_values,
    store_readings,
)
from gaugehouse.services.usgs import Waterdata
from gaugehouse.store import daily_values, gauge_readings, known_series, site_lookups
from gaugehouse.store.connection import database_time

# What the agency changed while the last answer was under way; its clock and ours differ a little.
OVERLAP = timedelta(minutes=10)
LOOKED_UP_EVERY = timedelta(days=1)
PARSER_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReadings:
    """What an agency says of a window. `document_date` is the day on which it was asked.

    `only_changes` says that it was asked for what it had changed since it was last asked.
    """

    document_date: date
    window: BackfillWindow
    response: Response[Any]
    only_changes: bool


def fetch_window(kind: Kind, subject: str, etag: str | None, *, agency: Waterdata) -> Download:
    """Ask for a window; with the `etag` of an earlier answer only for what has changed since that one.

    The agency has no ETags. Ours is the time at which we asked. The series of the site are looked up first,
    unless that was done today: values of unknown series would not be stored.

    Raises: DocumentNotFound (the agency knows no series of this site), and as `ReadingsAgency` does.
    """
    from gaugehouse.sources.usgs.waterdata.window_document import join_pages

    window = window_of(kind, subject)
    asked_at = database_time(agency.conn)
    _look_up(window.station_id, agency=agency)
    modified_since = datetime.fromisoformat(etag) - OVERLAP if etag else None
    pages = agency.past_pages(window, modified_since=modified_since)
    return join_pages(pages, etag=asked_at.isoformat())


def _look_up(station_id: str, *, agency: Waterdata) -> None:
    conn, codes = agency.conn, agency.parameter_codes
    if not site_lookups.is_fresh(conn, station_id, parameter_codes=codes, within=LOOKED_UP_EVERY):
        _, asked = discover_series([station_id], conn=conn, agency=agency, seconds_left=lambda: math.inf)
        if asked.error is not None:  # nothing is known of the site, not even that there is none
            raise asked.error
    if not known_series.is_known(conn, station_id):
        raise DocumentNotFound(
            f"USGS knows no series of site {station_id} with parameter {', '.join(codes)}; is the id right?"
        )


def parse_window(kind: Kind, download: Download, subject: str, newest: date) -> PastReadings:
    """Read an answer. Raises: DocumentInvalid, SourceUnavailable."""
    from gaugehouse.sources.usgs import waterdata
    from gaugehouse.sources.usgs.waterdata.window_document import split_pages

    window = window_of(kind, subject)
    pages = split_pages(download.content, f"{kind} {subject}")
    response: Response[Any] = (
        waterdata.parse_daily(pages, not_after=newest)
        if kind is Kind.USGS_DAILY
        else waterdata.parse_continuous(pages, not_after=_asked_at(download, newest) + MOST_AHEAD)
    )
    return PastReadings(
        document_date=newest - timedelta(days=1),
        window=window,
        response=response,
        only_changes="last_modified=" in download.url,
    )


def prepare_window(document: PastReadings, conn: Connection) -> None:
    """Make the partitions that the readings belong to, before the transaction that stores them."""
    if document.window.kind is Kind.USGS_CONTINUOUS:
        prepare_partitions(document.response, conn=conn)


def store_window(
    parameter_codes: Sequence[str], document: PastReadings, job: ImportJob, conn: Connection
) -> dict[str, Any]:
    """Write everything that the answer says; return the import's statistics.

    `total_rows` and `date_range` are what the database then holds of the window, whoever brought it;
    `parameter_codes` and `series` what was asked for in full. Changes alone add nothing to that: a series
    that was found meanwhile has older values, too.
    """
    store = store_daily_values if document.window.kind is Kind.USGS_DAILY else store_readings
    counts = store(document.response, conn=conn)
    rows, first, last = _stored(document.window, conn)
    return {
        **asdict(counts),
        "rejected": sum(Counter(counts.rejected).values()),
        "rejected_by_reason": dict(counts.rejected),
        "total_rows": rows,
        **(
            coverage_of(job.import_stats)
            if document.only_changes
            else coverage(conn, document.window, parameter_codes)
        ),
        "date_range": [None if moment is None else moment.isoformat() for moment in (first, last)],
        "withdrawn": 0,
        "mismatches": [],
    }


def window_stands(kind: Kind, parameter_codes: Sequence[str], job: ImportJob, conn: Connection) -> bool:
    """Say whether the last import asked for all that is wanted now, and what it stored is still there.

    Then only what was changed since has to be asked for. A poll may have added rows meanwhile.
    """
    window = window_of(kind, job.subject)
    if not is_covered(conn, window, parameter_codes, job.import_stats):
        return False
    rows, _, _ = _stored(window, conn)
    held: float = (job.import_stats or {}).get("total_rows", math.inf)
    return rows >= held


def _stored(window: BackfillWindow, conn: Connection) -> tuple[int, date | None, date | None]:
    if window.kind is Kind.USGS_DAILY:
        return daily_values.extent(conn, window.station_id, first=window.first_day, last=window.last_day)
    return gauge_readings.extent(conn, window.station_id, window.span)


def _asked_at(download: Download, newest: date) -> datetime:
    """Return when the agency was asked, which our ETag of its answer tells."""
    return datetime.fromisoformat(download.etag) if download.etag else _midnight(newest)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
