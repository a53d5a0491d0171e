"""What `pcp_WY_{year}.xlsx` says: a month of every gauge on each sheet, with marks and footnotes."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from gaugehouse.domain.water_year import water_year_end, water_year_of
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.gauges import SimulatedGauge
from gaugehouse_local.simulator.mcfcd.outage_footnotes import footnote_of
from gaugehouse_local.simulator.record import GaugeRecord

FIRST_WATER_YEAR = 2022
MISSING = "N/A"


@dataclass(slots=True, kw_only=True)
class MonthPage:
    """One sheet: its name, the ids of its columns, and its rows from the top (date, a value for each column).

    `marks` are by column. `footnotes` begin with their number.
    """

    name: str
    title: date
    ids: list[int | str]
    rows: list[tuple[date, list[float | str | None]]]
    marks: dict[int, str] = field(default_factory=dict)
    footnotes: list[str] = field(default_factory=list)


def water_year_content(climate: Climate, water_year: int) -> list[MonthPage]:
    """Return the sheets of a water year, newest first; none where the agency has no workbook of it.

    It has one of each water year since 2022 in which at least one gauge was read. The one of the present
    water year has the months that are over.
    """
    if water_year < FIRST_WATER_YEAR:
        return []
    records = [climate.record(gauge.station_id) for gauge in climate.gauges]
    read = sorted(
        (record for record in records if record.gauge.first_reading <= water_year_end(water_year)),
        key=lambda record: int(record.gauge.station_id),
    )
    months = [date(water_year - (month >= 10), month, 1) for month in (*range(9, 0, -1), 12, 11, 10)]
    return [
        _page(read, month, climate.last_water_year)
        for month in months
        if read and days_of(month)[-1] < climate.as_of
    ]


def days_of(month: date) -> list[date]:
    """Return the days of a month, ascending."""
    return [month.replace(day=day) for day in range(1, monthrange(month.year, month.month)[1] + 1)]


def _page(records: list[GaugeRecord], month: date, last_water_year: int) -> MonthPage:
    page = MonthPage(
        name=f"{month:%b}".upper(),
        title=month,
        ids=[int(record.gauge.station_id) for record in records],
        rows=[
            (day, [_value(record, day, last_water_year) for record in records])
            for day in reversed(days_of(month))
        ],
    )
    for column, record in enumerate(records):
        if said := _said(record, month):
            first = len(page.footnotes) + 1
            page.footnotes += [f"{number}. {text}" for number, text in enumerate(said, first)]
            page.marks[column] = f"({','.join(map(str, range(first, first + len(said))))})"
    return page


def _value(record: GaugeRecord, day: date, last_water_year: int) -> float | str:
    depth = record.inches_on(day)
    silenced = record.gauge.silent and water_year_of(day) > last_water_year
    return MISSING if depth is None or silenced else depth


def _said(record: GaugeRecord, month: date) -> list[str]:
    """Return what there is to say of a gauge: each outage in the month in which it began."""
    gauge: SimulatedGauge = record.gauge
    first = gauge.first_reading
    installed = f"Gage {gauge.station_id}, {gauge.name}, installed on {first.month}/{first:%d}."
    return [
        *([installed] if month < first and first.replace(day=1) == month else []),
        *(
            footnote_of(gauge.station_id, outage)
            for outage in record.outages
            if outage.start.date().replace(day=1) == month
        ),
    ]
