"""A whole FOPR workbook, from its bytes to one gauge's record."""

from collections.abc import Sequence

from gaugehouse.domain.documents import FullRecord
from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.gauges import GaugeMetadata
from gaugehouse.domain.rainfall import RainRecord, TotalsClaim
from gaugehouse.sources.mcfcd.fopr.downtime import SHEET as DOWNTIME
from gaugehouse.sources.mcfcd.fopr.downtime import read_downtime
from gaugehouse.sources.mcfcd.fopr.frequency import SHEET as FREQUENCY
from gaugehouse.sources.mcfcd.fopr.frequency import read_frequency
from gaugehouse.sources.mcfcd.fopr.meta_stats import SHEET as META_STATS
from gaugehouse.sources.mcfcd.fopr.meta_stats import MetaStats, read_meta_stats
from gaugehouse.sources.mcfcd.fopr.period import join_years
from gaugehouse.sources.mcfcd.fopr.year_sheets import YearSheet, is_year_sheet, read_year_sheet
from gaugehouse.sources.mcfcd.gaps import find_gaps
from gaugehouse.sources.mcfcd.qualities import with_qualities
from gaugehouse.sources.mcfcd.station_ids import StationIds, require_station
from gaugehouse.sources.mcfcd.workbook.cells import Rows
from gaugehouse.sources.mcfcd.workbook.opening import Workbook, open_workbook
from gaugehouse.sources.mcfcd.workbook.package import Extent

# Raise it with every change that reads something else out of the same bytes.
PARSER_VERSION = 1
DATA_SOURCE = "fopr"
# A year has 366 rows; the widest sheets end in column Q.
EXTENT = Extent(
    words="row 9999 or column AZ",
    cell=rb"A?[A-Z][1-9]\d{0,3}",
    far_out=rb"[A-Z]{3}\d+|[B-Z][A-Z]\d+|[A-Z]{1,3}\d{5,}",
)


def parse_fopr_workbook(content: bytes, *, station_id: str, file_name: str) -> FullRecord:
    """Read everything that a workbook says of gauge `station_id`; `file_name` is for the messages.

    Days with a number are `days`; `_____` and blanks are `missing`, up to the document's date. A value
    that is no rainfall becomes a reject and a gap, but is not `missing`: the document does not say that
    the day has no value, so what is known of it from elsewhere may stay. A workbook without year sheets
    (a gauge just installed) gives metadata, no days and a warning. `warnings` do not repeat those of
    `metadata`.
    Raises: SourceUnavailable (empty, a web page, cut off), DocumentInvalid (no workbook, damaged, out of
    bounds, without Meta_Stats, without a date, or of another gauge).
    """
    workbook = open_workbook(content, file_name, EXTENT)
    if META_STATS not in workbook.sheet_names:
        found = ", ".join(workbook.sheet_names[:10])[:300]
        raise DocumentInvalid(f"{file_name}: has no sheet {META_STATS}, only: {found}")
    meta = read_meta_stats(workbook.text_rows(META_STATS), file_name)
    ids = require_station(meta.id_history, station_id, f"{file_name}, sheet {META_STATS}")
    warnings: list[str] = []
    down = read_downtime(_rows_if_there(workbook, DOWNTIME, warnings), file_name)
    frequencies, frequency_warnings = read_frequency(_rows_if_there(workbook, FREQUENCY, warnings), file_name)
    years = [
        read_year_sheet(workbook.rows(name), name, file_name)
        for name in sorted({*filter(is_year_sheet, workbook.sheet_names)})
    ]
    period = join_years(years, meta.document_date, file_name)
    begins = period.days[0].reading_date if period.days else None
    record = RainRecord(
        station_id=station_id,
        data_source=DATA_SOURCE,
        document_date=meta.document_date,
        days=with_qualities(period.days, down.outages),
        missing=period.missing,
        gaps=find_gaps(period.missing, period.refused, down.outages, begins),
        claims=_claims(years, meta),
    )
    return FullRecord(
        metadata=_metadata(meta, ids, {**meta.details, **down.details, "frequency": frequencies}),
        record=record,
        stale_sheets=tuple(year.stale for year in years if year.stale is not None),
        rejects=tuple(reject for year in years for reject in year.rejects),
        warnings=(*warnings, *down.warnings, *frequency_warnings, *period.warnings),
    )


def _rows_if_there(workbook: Workbook, sheet: str, warnings: list[str]) -> Rows:
    if sheet in workbook.sheet_names:
        return workbook.text_rows(sheet)
    warnings.append(f"{workbook.file_name}: has no sheet {sheet}")
    return []


def _claims(years: Sequence[YearSheet], meta: MetaStats) -> tuple[TotalsClaim, ...]:
    footers = [year.claim for year in years if year.claim is not None]
    return tuple(sorted([*footers, *meta.claims], key=lambda claim: claim.water_year))


def _metadata(meta: MetaStats, ids: StationIds, details: dict[str, object]) -> GaugeMetadata:
    return GaugeMetadata(
        station_id=ids.current,
        name=meta.name or ids.current,
        previous_ids=ids.previous,
        gauge_type=meta.gauge_type,
        latitude=meta.latitude,
        longitude=meta.longitude,
        elevation_ft=meta.elevation_ft,
        city=meta.city,
        county=meta.county,
        location=meta.location,
        data_begins=meta.data_begins,
        remarks=meta.remarks,
        details=details,
        warnings=meta.warnings,
    )
