"""Store one full-record document: its gauge, its days, its gaps, and the proof that nothing is lost."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import asdict
from typing import Any

from psycopg import Connection

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.gauges import ARIZONA, MCFCD
from gaugehouse.domain.import_jobs import ImportJob
from gaugehouse.domain.precedence import FOPR_SOURCE
from gaugehouse.domain.proof import Mismatch, StoredTotals, compare
from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.domain.water_year import water_year_of
from gaugehouse.services.disagreements import disagreement_stats
from gaugehouse.store import data_gaps, gauges, rain_readings, record_totals, rejected_records


def store_record(document: FullRecord, job: ImportJob, conn: Connection) -> dict[str, Any]:
    """Write everything that the document says; return the import's statistics (`import_stats`).

    Runs in the caller's transaction. The totals are computed from the table, not from the document,
    after the last write: they prove what was stored.
    """
    record = document.record
    gauges.upsert_described(conn, document.metadata, network=MCFCD, time_zone=ARIZONA)
    if job.gauge_summary is not None:
        gauges.upsert_summaries(conn, [job.gauge_summary])
    merged = rain_readings.merge(conn, [record])
    counts = merged.counts
    data_gaps.replace(conn, [record])
    rejected = rejected_records.record(conn, document.rejects)
    totals = record_totals.water_year_totals(conn, record.station_id, record.data_source)
    extent = record_totals.extent_of(conn, record.station_id, record.data_source)
    overruled_years = {water_year_of(month) for _, month in merged.overruled_months}
    mismatches = compare(record.claims, totals, overruled_years=overruled_years)
    return {
        "rows_imported": counts.inserted + counts.revised,
        "total_rows": extent.rows,
        "total_inches": round(extent.total_inches, 5),
        "date_range": [_iso(extent.first_date), _iso(extent.last_date)],
        **asdict(counts),
        "missing_days": len(record.missing) - record.before_record_days,
        "before_record_days": record.before_record_days,
        "gaps": len(record.gaps),
        "rejected": rejected,
        "document_date": record.document_date.isoformat(),
        "water_years": _water_years(record, totals, mismatches, overruled_years),
        "claims": sum(
            (claim.total_inches is not None) + (claim.monsoon_inches is not None) for claim in record.claims
        ),
        "mismatches": [asdict(mismatch) for mismatch in mismatches],
        "overruled_water_years": sorted(overruled_years),
        **disagreement_stats(merged),
        "stale_sheets": [asdict(sheet) for sheet in document.stale_sheets],
        "warnings": [*document.warnings, *document.metadata.warnings],
    }


def record_stands(job: ImportJob, conn: Connection) -> bool:
    """Say whether the rows of the last import are still there.

    Rows can be gone: an operator repairs by hand, or restores a backup.
    """
    stats = job.import_stats or {}
    extent = record_totals.extent_of(conn, job.subject, FOPR_SOURCE)
    stored = (extent.rows, round(extent.total_inches, 5))
    return stored == (stats.get("total_rows"), stats.get("total_inches"))


def _water_years(
    record: RainRecord,
    totals: Sequence[StoredTotals],
    mismatches: Sequence[Mismatch],
    overruled_years: Set[int],
) -> list[dict[str, Any]]:
    """Put each water year's stored and claimed totals side by side, and say whether they agree."""
    # What is missing earlier came before the record.
    begins = record.days[0].reading_date if record.days else None
    missing = Counter(water_year_of(day) for day in record.missing if begins is not None and day > begins)
    claimed: dict[int, dict[str, dict[str, float | None]]] = {}
    for claim in record.claims:
        claimed.setdefault(claim.water_year, {})[claim.place] = {
            "total_inches": claim.total_inches,
            "monsoon_inches": claim.monsoon_inches,
        }
    disagreeing = {mismatch.water_year for mismatch in mismatches}
    by_year = {stored.water_year: stored for stored in totals}
    return [
        {
            "water_year": year,
            "rows": by_year[year].rows if year in by_year else 0,
            "missing_days": missing[year],
            "total_inches": round(by_year[year].total_inches, 5) if year in by_year else None,
            "monsoon_inches": round(by_year[year].monsoon_inches, 5) if year in by_year else None,
            "claimed": claimed.get(year, {}),
            "agrees": None if year not in claimed or year in overruled_years else year not in disagreeing,
        }
        for year in sorted({*by_year, *claimed, *missing})
    ]


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
