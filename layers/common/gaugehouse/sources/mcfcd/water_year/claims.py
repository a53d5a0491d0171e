"""The totals that the workbook states: below each month, and on Annual_Totals."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from gaugehouse.domain.rain_books import MonthClaim
from gaugehouse.sources.mcfcd.arizona_time import MONTHS
from gaugehouse.sources.mcfcd.water_year.month_sheet import MonthSheet
from gaugehouse.sources.mcfcd.workbook.cells import Rows, number_of, text_of

ANNUAL_TOTALS = "Annual_Totals"
TOLERANCE_INCHES = 0.0005  # values have five decimals
_MONTH = re.compile(rf"({'|'.join(MONTHS)})[A-Z]{{0,6}}\.?\s+(\d{{4}})", re.IGNORECASE)


def month_claims(
    sheet: MonthSheet, stations: Mapping[int, str], months: Mapping[str, Collection[date]]
) -> list[MonthClaim]:
    """Return the totals below a month. A gauge without a number in it has none: its 0 means nothing."""
    place = f"sheet {sheet.name}, row {sheet.totals_row}"
    return _claims(sheet.month, place, sheet.totals, stations, months)


def annual_claims(
    rows: Rows, stations: Mapping[int, str], months: Mapping[str, Collection[date]]
) -> list[MonthClaim]:
    """Return the totals of Annual_Totals for the months (`SEP 2023`) of which a gauge has a number."""
    claims = []
    for number, row in enumerate(rows, 1):
        match = _MONTH.fullmatch((text_of(row[0]) or "")[:30]) if row else None
        if match is not None:
            month = date(int(match[2]), MONTHS.index(match[1].upper()) + 1, 1)
            place = f"sheet {ANNUAL_TOTALS}, row {number}"
            claims += _claims(month, place, [number_of(cell) for cell in row], stations, months)
    return claims


def _claims(
    month: date,
    place: str,
    totals: Sequence[float | None],
    stations: Mapping[int, str],
    months: Mapping[str, Collection[date]],
) -> list[MonthClaim]:
    return [
        MonthClaim(
            station_id=station_id,
            month=month,
            place=place,
            total_inches=total,
            tolerance_inches=TOLERANCE_INCHES,
        )
        for column, station_id in stations.items()
        if month in months.get(station_id, ()) and (total := totals[column]) is not None
    ]
