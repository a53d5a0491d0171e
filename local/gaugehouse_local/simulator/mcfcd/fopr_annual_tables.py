"""The AnnualTables sheet: the newest water year as a table of days and months."""

from datetime import date

from gaugehouse.domain.water_year import in_monsoon
from gaugehouse_local.simulator.mcfcd.fopr_content import OFFICE, FoprContent, sum_in_order
from gaugehouse_local.simulator.mcfcd.xlsx import Look, Sheet

_MONTHS = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
_MONTH_COLUMNS = "BCDEFGHIJKLM"
_MONSOON_SUM = "(SUM(J18:J33))+(SUM(K4:K34))+((SUM(L4:L34))+(SUM(M4:M33)))"


def write_annual_tables(sheet: Sheet, content: FoprContent) -> None:
    """Fill A1:M47."""
    newest = content.sheets[0]
    sheet.put(("A", 1), f"{content.gauge.name}  # {content.gauge.station_id}")
    sheet.put(("K", 1), "Water-Year")
    sheet.put(("M", 1), newest.water_year)
    sheet.put(("H", 2), "Click on cell M1 for a drop-down list of available water-years")
    sheet.put(("A", 3), "Day")
    for column, name in zip(_MONTH_COLUMNS, _MONTHS, strict=True):
        sheet.put((column, 3), name)
    for number in range(1, 32):
        sheet.put(("A", number + 3), number)
    months: list[list[float]] = [[] for _ in _MONTHS]
    monsoon = []
    for row, (day, value) in enumerate(newest.rows, 1):
        shown = day or date(2000, 2, 29)  # the blank row of a common year, which a formula shows as 0
        cell = 0.0 if value is None else value
        month = (shown.month - 10) % 12
        source = f'INDIRECT("\'"&$M$1&"\'!"&"$B${row}")'
        sheet.put((_MONTH_COLUMNS[month], shown.day + 3), cell, Look.HUNDREDTHS, source)
        if isinstance(cell, float):
            months[month].append(cell)
            monsoon += [cell] if in_monsoon(shown) else []
    _write_month_totals(sheet, content, months, sum_in_order(monsoon))
    sheet.put(("A", 47), OFFICE)


def _write_month_totals(
    sheet: Sheet, content: FoprContent, months: list[list[float]], monsoon: float
) -> None:
    for row, label in ((35, "Total:"), (36, "Accum."), (37, "Max:"), (38, "Count:")):
        sheet.put(("A", row), label)
    accumulated = 0.0
    totals = [sum_in_order(month) for month in months]
    for column, month, total in zip(_MONTH_COLUMNS, months, totals, strict=True):
        accumulated += total
        before = f"{chr(ord(column) - 1)}36+" if column != "B" else ""
        days = f"{column}4:{column}34"
        sheet.put((column, 35), total, Look.HUNDREDTHS, f"SUM({days})")
        sheet.put((column, 36), accumulated, Look.HUNDREDTHS, f"{before}{column}35")
        sheet.put((column, 37), max(month, default=0.0), Look.HUNDREDTHS, f"MAX({days})")
        sheet.put((column, 38), sum(depth > 0 for depth in month), formula=f'COUNTIF({days},">0")')
    years = [line.total for line in content.table if line.total is not None]
    mean = sum_in_order(years) / len(years) if years else 0.0
    wet_days = sum(depth > 0 for month in months for depth in month)
    summary = (
        ("Maximum Daily Rainfall:", max(max(month, default=0.0) for month in months), "MAX(B4:M34)"),
        ("Maximum Monthly Rainfall:", max(totals), "MAX(B35:M35)"),
        ("Monsoon Total (6/15 -9/30):", monsoon, _MONSOON_SUM),
        ("Annual Total (10/1 - 9/30):", accumulated, "M36"),
        ("Ratio to Annual Mean:", accumulated / mean if mean else None, "M36/Meta_Stats!$D$15"),
    )
    for row, (label, value, formula) in enumerate(summary, 40):
        sheet.put(("A", row), label)
        sheet.put(("D", row), value, Look.HUNDREDTHS, formula if value is not None else None)
    sheet.put(("A", 45), "Number of Days with Rain:")
    sheet.put(("D", 45), wet_days, formula="SUM(B38:M38)")
