"""What is told of a gauge's record: its gaps, what it is by its documents, and the proof of its import."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response

from gaugehouse.runtime.api.answers import described, json_answer
from gaugehouse.runtime.api.cursors import read_cursor, read_moment, write_cursor
from gaugehouse.runtime.api.negotiation import CSV, JSON, wanted_form
from gaugehouse.runtime.api.pages import Page, link_to_next, page_of
from gaugehouse.runtime.api.parameters import Cursor, Limit, StationId
from gaugehouse.runtime.api.request import connection_of, new_router
from gaugehouse.runtime.api.spans import FromDay, ToDay, day_span, utc_span
from gaugehouse.runtime.api.tables import csv_answer
from gaugehouse.runtime.known_gauge import known_gauge
from gaugehouse.store import gauge_record, rain_gaps
from gaugehouse.store.rain_gaps import RecordGap

router = new_router()
MAX_AGE_SECONDS = 300  # an import can change everything, and the ETag makes asking cheap

GAP_HEADER = (
    "source", "parameter_code", "gap_start_utc", "gap_end_utc", "cause", "missing_days", "notes",
    "quality_code", "outage_start_utc", "outage_end_utc",
)  # fmt: skip


@router.get(
    "/gauges/<station_id>/gaps",
    tags=["record"],
    responses=described(Page[RecordGap], "A page of gaps", other=(CSV,)),
)
def list_gaps(
    station_id: StationId,
    first: FromDay = None,
    last: ToDay = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response[str]:
    """List the gaps of a gauge's rainfall, newest first: all, or those that reach into a span of days."""
    form = wanted_form(router, JSON, CSV)
    span = day_span(first, last)
    key = read_cursor(cursor, str, str)
    conn = connection_of(router)
    gauge = known_gauge(conn, station_id)
    found = rain_gaps.gaps_of(
        conn,
        gauge.station_id,
        within=utc_span(span, ZoneInfo(gauge.time_zone)),
        after=key and (read_moment(key[0]), key[1]),
        limit=limit + 1,
    )
    page = page_of(found, limit, lambda gap: write_cursor(gap.gap_start.isoformat(), gap.source))
    if form == CSV:
        rows = (tuple(getattr(gap, name) for name in RecordGap.__dataclass_fields__) for gap in page.items)
        return csv_answer(GAP_HEADER, rows, max_age=MAX_AGE_SECONDS, headers=link_to_next(router, page))
    return json_answer(page, max_age=MAX_AGE_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How the totals that the full record states compare with what was stored of it.

    `agrees` is None while no full record was imported. `status` is how its import job stands now.
    """

    status: str
    error_message: str | None
    imported_at: datetime | None
    document_date: str | None
    claims: int | None
    mismatches: list[dict[str, Any]]
    warnings: list[str]
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeRecord:
    """What is told of a gauge's record; `proof` is None where nobody asked for the full record.

    `frequency` is the agency's table of the greatest rainfall of each year by duration, in inches. In it and
    in `metadata.details`, which are the document's own, times are local ones of the gauge.
    """

    station_id: str
    metadata: dict[str, Any]
    proof: Proof | None
    frequency: dict[str, Any] | None


@router.get("/gauges/<station_id>/record", tags=["record"], responses=described(GaugeRecord, "The record"))
def get_record(station_id: StationId) -> Response[str]:
    """Show what the documents say of a gauge, and whether the totals that they state hold."""
    conn = connection_of(router)
    known = known_gauge(conn, station_id).station_id
    metadata = gauge_record.metadata(conn, known)
    answer = GaugeRecord(
        station_id=known,
        frequency=metadata.pop("frequency"),
        metadata=metadata,
        proof=_proof(gauge_record.proof_of(conn, known)),
    )
    return json_answer(answer, max_age=MAX_AGE_SECONDS)


def _proof(told: dict[str, Any] | None) -> Proof | None:
    if told is None:
        return None
    is_imported = told["last_completed_at"] is not None
    return Proof(
        status=told["status"],
        error_message=told["error_message"],
        imported_at=told["last_completed_at"],
        document_date=told["document_date"],
        claims=told["claims"],
        mismatches=told["mismatches"],
        warnings=told["warnings"],
        agrees=not told["mismatches"] if is_imported else None,
    )
