"""What `pcpMMYY.pdf` says: the daily rainfall of eight gauges a page, with marks and footnotes."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from gaugehouse.domain.water_year import water_year_of
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.mcfcd.outage_footnotes import footnote_of
from gaugehouse_local.simulator.record import GaugeRecord, Outage

GAUGES_OF_A_PAGE = 8
FIRST_WATER_YEAR_OF_WORKBOOKS = 2022  # since then the agency writes a workbook for the whole year instead
_MISSING, _MISSING_ALL_MONTH = "____", "_____"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A date as it is written, and the text of each cell; "" is a blank place."""

    date: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPage:
    """One page: its ids as they are written, its rows from the top, its totals and its footnotes."""

    station_ids: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[str, ...]
    footnotes: tuple[str, ...] = ()


def month_content(climate: Climate, month: date) -> tuple[MonthPage, ...]:
    """Return the pages of a month; none where the agency has no PDF of it.

    It has one for each month before water year 2022 in which at least one gauge was read.
    """
    published = water_year_of(month) < min(FIRST_WATER_YEAR_OF_WORKBOOKS, climate.last_water_year + 1)
    last_day = days_of(month)[-1]
    records = [climate.record(gauge.station_id) for gauge in climate.gauges] if published else []
    read = sorted(
        (record for record in records if record.gauge.first_reading <= last_day),
        key=lambda record: int(record.gauge.station_id),
    )
    groups = [read[at : at + GAUGES_OF_A_PAGE] for at in range(0, len(read), GAUGES_OF_A_PAGE)]
    return tuple(_page(group, days_of(month)) for group in groups)


def days_of(month: date) -> list[date]:
    """Return the days of a month, ascending."""
    return [month.replace(day=day) for day in range(1, monthrange(month.year, month.month)[1] + 1)]


def _page(records: list[GaugeRecord], days: list[date]) -> MonthPage:
    footnotes: list[str] = []
    columns = []
    for number, record in enumerate(records, 1):
        marks = _add_footnotes(record, days, footnotes)
        before = number == GAUGES_OF_A_PAGE  # there is no room behind the last column
        columns.append([_cell(record, day, marks.get(day, ""), before=before) for day in days])
    rows = [
        Row(date=f"{day:%m/%d/%y}", cells=cells)
        for day, cells in zip(days, zip(*columns, strict=True), strict=True)
    ]
    return MonthPage(
        station_ids=tuple(record.gauge.station_id for record in records),
        rows=tuple(reversed(rows)),
        totals=tuple(_total(record, days) for record in records),
        footnotes=tuple(footnotes),
    )


def _add_footnotes(record: GaugeRecord, days: list[date], footnotes: list[str]) -> dict[date, str]:
    """Add what there is to say of a gauge to a page's footnotes, and return the marks at its days."""
    said: list[tuple[date, str]] = []
    station_id, first = record.gauge.station_id, record.gauge.first_reading
    if days[0] < first <= days[-1]:
        said.append((days[0], f"Gage {station_id} was installed on {first:%m/%d}; no rain fell."))
    said += [
        (_marked_day(outage, days), footnote_of(station_id, outage))
        for outage in record.outages
        if outage.start.date() <= days[-1] and outage.end.date() >= days[0]
    ]
    marks: dict[date, str] = {}
    for day, text in said:
        mark = f"({len(footnotes) + 1})"
        footnotes.append(f"{mark} {text}")
        marks[day] = marks.get(day, "") + mark
    return marks


def _marked_day(outage: Outage, days: list[date]) -> date:
    """Return the first missing day, or else the day that got a value by hand, or else the outage's last."""
    choice = [*outage.missing_days, *([outage.restored_day] if outage.restored_day else [])]
    return next((day for day in choice if day in days), min(outage.end.date(), days[-1]))


def _cell(record: GaugeRecord, day: date, mark: str, *, before: bool) -> str:
    depth = record.inches_on(day)
    value = _MISSING if depth is None else f"{depth:.2f}"
    return mark + value if before else value + mark


def _total(record: GaugeRecord, days: list[date]) -> str:
    depths = [depth for day in days if (depth := record.inches_on(day)) is not None]
    return f"{sum(depths):.2f}" if depths else _MISSING_ALL_MONTH
