"""What a FOPR workbook says: the climate's truth, bent by the faults that were ordered."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gaugehouse.domain.water_year import water_year_end, water_year_start
from gaugehouse_local.simulator.gauges import SimulatedGauge
from gaugehouse_local.simulator.mcfcd.document_faults import OTHER_STATION_ID, DocumentFault
from gaugehouse_local.simulator.mcfcd.frequency import Maximum, yearly_maxima
from gaugehouse_local.simulator.record import ONE_DAY, GaugeRecord, Outage, inches

MISSING = "_____"
OFFICE = "Flood Control District of Maricopa County, 2801 W. Durango St., Phoenix, AZ 85009  (602) 506-1501"
ROWS = 366  # a row for every day of a leap year; 29 February stays blank in the others
LEAP_DAY_ROW = 152
MONSOON_ROW = 259  # 15 June, in every year
REVISED_AFTER = timedelta(days=30)


@dataclass(slots=True)
class YearSheet:
    """A sheet of days, as cells: rows are (date, value) pairs, both None on a blank row."""

    water_year: int
    rows: list[tuple[date | None, float | str | None]]
    total: float = 0.0
    monsoon: float = 0.0

    def add_up(self) -> None:
        """Sum as Excel does: from the top, in floating point, skipping text."""
        values = [value if isinstance(value, float) else 0.0 for _, value in self.rows]
        self.total = sum_in_order(values)
        self.monsoon = sum_in_order(values[MONSOON_ROW - 1 :])


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the water-year table. None is a blank cell: the year or the monsoon was not whole."""

    water_year: int
    total: float | None
    monsoon: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoprContent:
    """Everything that one workbook states. `sheets` are newest first, `table` oldest first."""

    gauge: SimulatedGauge
    record: GaugeRecord
    updated: date
    id_history: str | int
    down_time_id: str | int
    outages: tuple[Outage, ...]
    sheets: tuple[YearSheet, ...]
    table: tuple[TableRow, ...]
    maxima: tuple[tuple[Maximum, ...], ...]  # for each water year, oldest first, one for each duration
    faults: frozenset[DocumentFault]


@dataclass(frozen=True, slots=True)
class Revision:
    """How a revised workbook differs: two tips more on one day, another day withdrawn to `_____`."""

    updated: date
    changed: date
    changed_inches: float
    withdrawn: date


def fopr_content(
    record: GaugeRecord, *, updated: date, faults: Collection[DocumentFault] = ()
) -> FoprContent:
    """Write down what the workbook of a gauge says, with each fault done to it."""
    ordered = frozenset(faults)
    gauge = record.gauge
    if DocumentFault.OTHER_STATION in ordered:
        gauge = replace(gauge, station_id=OTHER_STATION_ID, name="Elsewhere Wash", previous_id=None)
    sheets = [_year_sheet(record, water_year) for water_year in reversed(record.water_years)]
    _bend_rows(sheets, record, ordered)
    for sheet in sheets:
        sheet.add_up()
    table = tuple(_table_row(record, sheet) for sheet in reversed(sheets))
    _bend_sheets(sheets, ordered)
    spoiled = DocumentFault.TEXT_IN_ID in ordered
    return FoprContent(
        gauge=gauge,
        record=record,
        updated=updated + REVISED_AFTER if DocumentFault.REVISED in ordered else updated,
        id_history=f"{gauge.station_id} since installation" if spoiled else _id_history(gauge),
        down_time_id=f"{gauge.station_id} since 03/09/18" if spoiled else int(gauge.station_id),
        outages=tuple(reversed(record.outages)),
        sheets=tuple(sheets),
        table=table,
        maxima=tuple(yearly_maxima(record, water_year) for water_year in record.water_years),
        faults=ordered,
    )


def fault_day(record: GaugeRecord) -> date:
    """Return the day that faults of one day hit: the wettest of the newest published water year."""
    return _wettest_days(record)[0]


def revision_of(record: GaugeRecord, *, updated: date) -> Revision:
    """Return what `DocumentFault.REVISED` changes in a workbook that was first made on `updated`."""
    changed, withdrawn = _wettest_days(record)[:2]
    tips = record.tips_on(changed) or 0
    return Revision(updated + REVISED_AFTER, changed, inches(tips + 2), withdrawn)


def sum_in_order(values: Collection[float]) -> float:
    """Add up as Excel does. Python's own `sum` is compensated since 3.12 and would differ."""
    total = 0.0
    for value in values:
        total += value
    return total


def _wettest_days(record: GaugeRecord) -> list[date]:
    start = water_year_start(record.last_water_year)
    days = (start + timedelta(days=n) for n in range(ROWS))
    published = [day for day in days if day <= water_year_end(record.last_water_year)]
    counted = [day for day in published if record.tips_on(day) is not None]
    return sorted(counted, key=lambda day: (-(record.tips_on(day) or 0), day))


def _year_sheet(record: GaugeRecord, water_year: int) -> YearSheet:
    rows: list[tuple[date | None, float | str | None]] = []
    day = water_year_start(water_year)
    while day <= water_year_end(water_year):
        depth = record.inches_on(day)
        if len(rows) == LEAP_DAY_ROW - 1 and day.month == 3:
            rows.append((None, None))
        rows.append((day, MISSING if depth is None else depth))
        day += ONE_DAY
    return YearSheet(water_year, rows)


def _bend_rows(sheets: list[YearSheet], record: GaugeRecord, faults: frozenset[DocumentFault]) -> None:
    rows = sheets[0].rows
    hit = fault_day(record)
    row = next(index for index, (day, _) in enumerate(rows) if day == hit)
    if DocumentFault.REVISED in faults:
        revision = revision_of(record, updated=hit)
        rows[row] = (hit, revision.changed_inches)
        withdrawn = next(index for index, (day, _) in enumerate(rows) if day == revision.withdrawn)
        rows[withdrawn] = (revision.withdrawn, MISSING)
    for fault, value in _BAD_VALUES.items():
        if fault in faults:
            rows[row] = (hit, value)
    if DocumentFault.DATE_OUTSIDE_YEAR in faults:
        rows[row] = (hit.replace(year=hit.year - 10, day=min(hit.day, 28)), rows[row][1])
    if DocumentFault.DUPLICATE_DATE in faults:
        following = row + 1 if row + 1 < ROWS and rows[row + 1][0] else row - 1
        rows[following] = (hit, rows[following][1])


_BAD_VALUES: dict[DocumentFault, float | str] = {
    DocumentFault.TEXT_VALUE: "trace",
    DocumentFault.NEGATIVE_VALUE: -0.03937,
    DocumentFault.ABSURD_VALUE: 1250.0,
    DocumentFault.TWENTY_INCHES: 20.0,
}


def _bend_sheets(sheets: list[YearSheet], faults: frozenset[DocumentFault]) -> None:
    if DocumentFault.WRONG_FOOTER in faults:
        sheets[0].total += 1.0
    if DocumentFault.STALE_SHEET in faults:
        if len(sheets) < 3:
            raise ValueError("a stale sheet needs a record of at least three water years")
        stale, older = sheets[1], sheets[2]
        stale.rows, stale.total, stale.monsoon = list(older.rows), older.total, older.monsoon


def _table_row(record: GaugeRecord, sheet: YearSheet) -> TableRow:
    begun = record.gauge.first_reading
    year = sheet.water_year
    return TableRow(
        year,
        sheet.total if begun <= water_year_start(year) else None,
        sheet.monsoon if begun <= date(year, 6, 15) else None,
    )


def _id_history(gauge: SimulatedGauge) -> str | int:
    """A gauge that always had its id has a number here, the others a text."""
    return f"{gauge.station_id}; {gauge.previous_id}" if gauge.previous_id else int(gauge.station_id)
