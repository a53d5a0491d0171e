"""Store a document about many gauges: days, gaps and footnotes, and the proof that nothing is lost."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from psycopg import Connection

from gaugehouse.domain.gauges import ARIZONA, MCFCD
from gaugehouse.domain.import_jobs import FOPR, ImportJob, ImportRequest
from gaugehouse.domain.proof import MonthMismatch, compare_months
from gaugehouse.domain.rain_book_subjects import data_source_of
from gaugehouse.domain.rain_books import RainBook
from gaugehouse.services.disagreements import disagreement_stats
from gaugehouse.store import (
    data_gaps,
    import_jobs,
    minimal_gauges,
    rain_footnotes,
    rain_readings,
    record_totals,
    rejected_records,
)


def store_rain_book(book: RainBook, job: ImportJob, conn: Connection) -> dict[str, Any]:
    """Write everything that the document says; return the import's statistics (`import_stats`).

    Runs in the caller's transaction. A gauge that is not known gets a row and the wish for its own full
    record. The totals are computed from the tables after the last write: they prove what was stored.
    """
    book, former_ids, warnings = _under_current_ids(book, conn)
    stations = [record.station_id for record in book.records]
    added = minimal_gauges.insert(conn, stations, network=MCFCD, time_zone=ARIZONA, metadata_source=job.kind)
    wishes = [ImportRequest(kind=FOPR, subject=station_id) for station_id in sorted(added)]
    import_jobs.create_missing(conn, wishes, source=job.kind)
    minimal_gauges.withdraw_document(conn, list(former_ids), book.data_source)
    merged = rain_readings.merge(conn, book.records)
    data_gaps.replace(conn, book.records)
    rain_footnotes.replace(conn, book.data_source, book.footnotes)
    rejected = rejected_records.record(conn, book.rejects)
    months = record_totals.month_extents(conn, book.data_source)
    stored_inches = {key: extent.total_inches for key, extent in months.items()}
    mismatches = compare_months(book.claims, stored_inches, overruled=merged.overruled_months)
    days = [day for extent in months.values() for day in (extent.first_date, extent.last_date) if day]
    return {
        "rows_imported": merged.counts.inserted + merged.counts.revised,
        "total_rows": sum(extent.rows for extent in months.values()),
        "total_inches": round(sum(stored_inches.values()), 5),
        "date_range": [_iso(min(days)), _iso(max(days))] if days else [None, None],
        **asdict(merged.counts),
        "gauges": len(book.records),
        "gauges_added": sorted(added),
        "missing_days": sum(len(record.missing) - record.before_record_days for record in book.records),
        "before_record_days": sum(record.before_record_days for record in book.records),
        "gaps": sum(len(record.gaps) for record in book.records),
        "rejected": rejected,
        "document_date": book.document_date.isoformat(),
        "claims": sum(claim.total_inches is not None for claim in book.claims),
        "mismatches": [_mismatch(mismatch) for mismatch in mismatches],
        "overruled_months": [[each, _iso(month)] for each, month in sorted(merged.overruled_months)],
        **disagreement_stats(merged),
        "footnotes": len(book.footnotes),
        "footnotes_understood": sum(footnote.understood for footnote in book.footnotes),
        "former_ids": former_ids,
        "repaired_ids": [list(repair) for repair in book.repaired_ids],
        "warnings": [*book.warnings, *warnings],
    }


def rain_book_stands(job: ImportJob, conn: Connection) -> bool:
    """Say whether as many of the document's days are stored as its last import left, and under today's ids.

    Rows can be gone: an operator repairs by hand, or restores a backup. And a full record can have told
    since that an id of the document is a gauge's former one.
    """
    data_source = data_source_of(job.kind, job.subject)
    stored = record_totals.count_rows(conn, data_source)
    if stored != (job.import_stats or {}).get("total_rows"):
        return False
    return not minimal_gauges.has_former_ids(conn, data_source)


def _under_current_ids(book: RainBook, conn: Connection) -> tuple[RainBook, dict[str, str], list[str]]:
    """Put what the document says under the ids that gauges have today.

    Return the book, the former ids with today's, and a warning for each id that could not be told apart: a
    gauge cannot be two columns of one document.
    """
    stations = {record.station_id for record in book.records}
    current = minimal_gauges.current_ids_of(conn, sorted(stations))
    warnings = []
    claimed = list(current.values())
    for former, today in list(current.items()):
        if today in stations or claimed.count(today) > 1:
            del current[former]
            warnings.append(
                f"{former} is a former id of {today}, but {today} has other columns of its own; "
                f"stored under {former}"
            )
    if not current:
        return book, {}, warnings
    return _renamed(book, current), current, warnings


def _renamed(book: RainBook, current: Mapping[str, str]) -> RainBook:
    return replace(
        book,
        records=tuple(
            replace(record, station_id=current.get(record.station_id, record.station_id))
            for record in book.records
        ),
        claims=tuple(
            replace(claim, station_id=current.get(claim.station_id, claim.station_id))
            for claim in book.claims
        ),
        footnotes=tuple(
            replace(footnote, station_id=current.get(footnote.station_id, footnote.station_id))
            if footnote.station_id
            else footnote
            for footnote in book.footnotes
        ),
    )


def _mismatch(mismatch: MonthMismatch) -> dict[str, Any]:
    return {**asdict(mismatch), "month": _iso(mismatch.month)}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
