"""A whole water-year workbook, from its bytes to every gauge's record."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.rain_books import MonthClaim, RainBook
from gaugehouse.domain.rainfall import RainRecord
from gaugehouse.domain.water_year import water_year_end, water_year_of
from gaugehouse.sources.mcfcd.footnotes import FootnoteReading, reported_footnotes, with_footnotes
from gaugehouse.sources.mcfcd.water_year.claims import (
    ANNUAL_TOTALS,
    TOLERANCE_INCHES,
    annual_claims,
    month_claims,
)
from gaugehouse.sources.mcfcd.water_year.findings import Findings
from gaugehouse.sources.mcfcd.water_year.gauge_columns import GaugeColumns, IdRow, assign_columns
from gaugehouse.sources.mcfcd.water_year.gauge_days import GaugeDays, gather, mark_early
from gaugehouse.sources.mcfcd.water_year.month_sheet import (
    MonthSheet,
    OtherMonth,
    id_row_of,
    last_day,
    month_named,
    read_month_sheet,
)
from gaugehouse.sources.mcfcd.water_year.sheet_footnotes import read_sheet_footnotes
from gaugehouse.sources.mcfcd.workbook.cells import Cell, Rows
from gaugehouse.sources.mcfcd.workbook.opening import Workbook, open_workbook
from gaugehouse.sources.mcfcd.workbook.package import Extent

# Raise it with every change that reads something else out of the same bytes.
PARSER_VERSION = 1
# The real one has 363 columns and, with its footnotes, up to 70 rows.
EXTENT = Extent(
    words="row 999 or column ZZ",
    cell=rb"[A-Z]{1,2}[1-9]\d{0,2}",
    far_out=rb"[A-Z]{3}\d+|[A-Z]{1,3}\d{4,}",
)


def parse_water_year_workbook(
    content: bytes, *, water_year: int, file_name: str, document_date: date
) -> RainBook:
    """Read everything that a workbook says of the gauges in `water_year`; `file_name` is for the messages.

    Days with a number are `days`; `N/A` and blanks among numbers are `missing`, up to the document's date.
    A value that is no rainfall becomes a reject and a gap, but is not `missing`: the document does not say
    that the day has no value. A month without a usable sheet is a warning, and its days are not missing
    either.
    Raises: SourceUnavailable (empty, a web page, cut off), DocumentInvalid (no workbook, damaged, out of
    bounds, without one month of that water year, or with faults without end).
    """
    workbook = open_workbook(content, file_name, EXTENT)
    findings = Findings(file_name)
    sheets = _month_sheets(workbook, water_year, document_date, findings)
    annual = workbook.rows(ANNUAL_TOTALS) if ANNUAL_TOTALS in workbook.sheet_names else []
    if not annual:
        findings.warnings.append(f"{file_name}: has no sheet {ANNUAL_TOTALS}")
    *columns, annual_columns = assign_columns([*map(_id_row, sheets), _annual_id_row(annual)], findings)
    gauges: dict[str, GaugeDays] = {}
    readings: list[FootnoteReading] = []
    used = []
    for sheet, assigned in zip(sheets, columns, strict=True):
        if _is_trustworthy(sheet, assigned, findings):
            used.append((sheet, assigned))
            gather(sheet, assigned.stations, gauges, findings)
            readings += read_sheet_footnotes(sheet, assigned.stations, findings)
    _warn_of_what_lacks([sheet for sheet, _ in used], water_year, document_date, findings)
    mark_early(gauges, document_date, findings)
    months = {station_id: gauge.months for station_id, gauge in gauges.items()}
    claims: list[MonthClaim] = []
    for sheet, assigned in used:
        claims += month_claims(sheet, assigned.stations, months)
    claims += annual_claims(annual, annual_columns.stations, months)
    footnotes, warnings = reported_footnotes(readings, gauges.keys(), file_name)
    return RainBook(
        data_source=f"excel_WY_{water_year}",
        document_date=document_date,
        records=_records(gauges, readings, f"excel_WY_{water_year}", document_date),
        claims=tuple(claims),
        footnotes=footnotes,
        repaired_ids=tuple(
            (name, written, meant)
            for name, assigned in (
                *((sheet.name, assigned) for sheet, assigned in used),
                (ANNUAL_TOTALS, annual_columns),
            )
            for written, meant in assigned.repaired
        ),
        rejects=tuple(findings.rejects),
        warnings=(*findings.warnings, *warnings),
    )


def _month_sheets(
    workbook: Workbook, water_year: int, document_date: date, findings: Findings
) -> list[MonthSheet]:
    """Return the usable sheets in the order of the calendar. Raises DocumentInvalid where there is none."""
    found: dict[date, MonthSheet] = {}
    others: list[OtherMonth] = []
    for name in workbook.sheet_names:
        month = month_named(name, water_year)
        if month is None:
            if name != ANNUAL_TOTALS:
                findings.warn(f"sheet {name[:100]}", "is not named for a month; it was not read")
        elif month in found:
            problem = f"is a second sheet of {month:%B %Y}; sheet {found[month].name} counts"
            findings.reject(f"sheet {name}", "duplicate_month", name, problem)
        else:
            sheet = read_month_sheet(workbook.rows(name), name, month, document_date, findings)
            if isinstance(sheet, MonthSheet):
                found[month] = sheet
            elif sheet is not None:
                others.append(sheet)
    if found:
        return [found[month] for month in sorted(found)]
    if others:
        years = sorted({water_year_of(day) for other in others for day in (other.first, other.last)})
        raise DocumentInvalid(
            f"{workbook.file_name}: by its dates it is of water year {', '.join(map(str, years))}, "
            f"not {water_year}"
        )
    names = ", ".join(workbook.sheet_names[:20])[:300]
    raise DocumentInvalid(f"{workbook.file_name}: has no usable sheet of a month, only: {names}")


def _id_row(sheet: MonthSheet) -> IdRow:
    filled = frozenset(column for column in range(1, len(sheet.ids)) if sheet.has_values(column))
    return IdRow(sheet.name, sheet.id_row, sheet.ids, filled)


def _annual_id_row(rows: Rows) -> IdRow:
    header = id_row_of(rows)
    ids = [] if header is None else rows[header]
    filled = frozenset(column for column in range(1, len(ids)) if ids[column] != "")
    return IdRow(ANNUAL_TOTALS, (header or 0) + 1, ids, filled)


def _is_trustworthy(sheet: MonthSheet, columns: GaugeColumns, findings: Findings) -> bool:
    if not columns.shifted and not _stands_beside_its_totals(sheet, columns.stations):
        return True
    problem = (
        f"its gauge ids, values and totals stand in different columns, so that nobody can tell whose values "
        f"they are; nothing of {sheet.month:%B %Y} was read"
    )
    findings.reject(f"sheet {sheet.name}", "columns_shifted", sheet.name, problem)
    return False


def _stands_beside_its_totals(sheet: MonthSheet, stations: dict[int, str]) -> bool:
    """Say whether most of a sheet's totals are those of the next column on one and the same side."""
    sums = [_sum(cells) for cells in sheet.columns]
    stated = {column: total for column in stations if (total := sheet.totals[column])}
    own = sum(abs(total - sums[column]) <= TOLERANCE_INCHES for column, total in stated.items())
    for side in (-1, 1):
        beside = sum(
            abs(total - sums[column + side]) <= TOLERANCE_INCHES
            for column, total in stated.items()
            if 0 < column + side < len(sums)
        )
        if beside > max(own, len(stated) // 2):
            return True
    return False


def _sum(cells: tuple[Cell, ...]) -> float:
    try:
        return sum(cast("tuple[float, ...]", cells))  # quick, and nearly all columns hold numbers only
    except TypeError:
        return sum(cell for cell in cells if isinstance(cell, float))


def _warn_of_what_lacks(
    sheets: Sequence[MonthSheet], water_year: int, document_date: date, findings: Findings
) -> None:
    """Warn of days without a row, and of months without a sheet; the last ones may be yet to come."""
    for sheet in sheets:
        expected = (min(last_day(sheet.month), document_date) - sheet.month).days + 1
        if len(sheet.dates) < expected:
            findings.warn(f"sheet {sheet.name}", f"has values for {len(sheet.dates)} of {expected} days")
    present = {sheet.month for sheet in sheets}
    over = (
        max(present, default=document_date) if document_date <= water_year_end(water_year) else document_date
    )
    for number in (10, 11, 12, *range(1, 10)):
        month = date(water_year - (number >= 10), number, 1)
        if month not in present and month < over:
            findings.warnings.append(f"{findings.file_name}: has no usable sheet for {month:%B %Y}")


def _records(
    gauges: dict[str, GaugeDays], readings: Sequence[FootnoteReading], data_source: str, document_date: date
) -> tuple[RainRecord, ...]:
    notes: dict[str, list[FootnoteReading]] = {}
    for reading in readings:
        for station_id in reading.station_ids:
            notes.setdefault(station_id, []).append(reading)
    return tuple(
        with_footnotes(
            RainRecord(
                station_id=station_id,
                data_source=data_source,
                document_date=document_date,
                days=tuple(gauge.days),
                missing=tuple(gauge.missing),
                gaps=(),
            ),
            gauge.refused,
            notes.get(station_id, ()),
        )
        for station_id, gauge in sorted(gauges.items())
        if gauge.days or gauge.missing or gauge.refused
    )
