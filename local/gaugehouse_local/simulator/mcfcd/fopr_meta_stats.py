"""The Meta_Stats sheet: who the gauge is, what its record holds, and the totals of its water years."""

from datetime import date

from gaugehouse.domain.water_year import water_year_end
from gaugehouse_local.simulator.mcfcd.fopr_content import OFFICE, ROWS, FoprContent, sum_in_order
from gaugehouse_local.simulator.mcfcd.fopr_frequencies import greatest_row, greatest_totals
from gaugehouse_local.simulator.mcfcd.frequency import hundred_year_depths, return_period_years, storms_over
from gaugehouse_local.simulator.mcfcd.xlsx import Look, Sheet
from gaugehouse_local.simulator.record import ONE_DAY

TABLE_ROWS = range(4, 35)  # 31 water years, the future ones blank


def write_meta_stats(sheet: Sheet, content: FoprContent) -> None:
    """Fill A1:Q38."""
    sheet.put(("A", 1), "FCDMC Official Precipitation Record")
    sheet.put(("G", 1), "Click the Image Below to Locate the Gage in Google Maps®")
    sheet.put(("P", 1), "Updated:")
    sheet.put(("Q", 1), content.updated, Look.DAY)
    _write_station(sheet, content)
    _write_completeness(sheet, content)
    _write_storms(sheet, content)
    _write_greatest(sheet, content)
    _write_table(sheet, content)
    sheet.put(("A", 38), OFFICE)


def years_since_installation(content: FoprContent) -> float:
    """Return the age on the day after the record's end, in years of 365.25 days."""
    return (_as_of(content) - content.gauge.data_begins).days / 365.25


def _as_of(content: FoprContent) -> date:
    return water_year_end(content.record.last_water_year) + ONE_DAY


def _write_station(sheet: Sheet, content: FoprContent) -> None:
    gauge = content.gauge
    labelled = (
        (3, "Station Name:", gauge.name),
        (4, "Gage ID # History:", content.id_history),
        (6, "Station Type:", gauge.gauge_type),
        (9, "In or Nearest City/Town:", gauge.city),
        (10, "County:", "Maricopa"),
        (11, "Latitude:", _degrees(gauge.latitude)),
        (12, "Longitude:", _degrees(gauge.longitude)),
        (13, "Elevation:", f"{gauge.elevation_ft:,} ft."),
        (14, "Location:", gauge.location),
    )
    for row, label, value in labelled:
        sheet.put(("A", row), label)
        sheet.put(("B", row), value)
    sheet.put(("A", 7), "Years Since Installation:")
    sheet.put(("B", 7), years_since_installation(content), Look.HUNDREDTHS, "(D7-B8)/365.25")
    sheet.put(("C", 7), "as of")
    sheet.put(("D", 7), _as_of(content), Look.DAY)
    sheet.put(("A", 8), "Data Begins:")
    sheet.put(("B", 8), gauge.data_begins, Look.DAY)
    sheet.put(("C", 11), gauge.latitude, Look.TIP)
    sheet.put(("C", 12), gauge.longitude, Look.TIP)


def _degrees(decimal: float) -> str:
    tenths = round(abs(decimal) * 36000)
    return f"{tenths // 36000}° {tenths // 600 % 60}’ {tenths % 600 / 10:.1f}”"  # noqa: RUF001 - as it comes


def _write_completeness(sheet: Sheet, content: FoprContent) -> None:
    totals = [row.total for row in content.table if row.total is not None]
    average = sum_in_order(totals) / len(totals) if totals else None
    incomplete = {outage.start for outage in content.outages if outage.quality_code == 2}
    sheet.put(("A", 15), f"Average Annual Precipitation for {len(totals)} Complete Years (in):")
    sheet.put(("D", 15), average, Look.HUNDREDTHS, "AVERAGE(P4:P34)" if totals else None)
    sheet.put(("A", 16), "Data - Incomplete Months:")
    sheet.put(("B", 16), ", ".join(f"{start:%b %Y}" for start in sorted(incomplete)) or "None")
    sheet.put(("A", 17), "Data - Missing Months:")
    sheet.put(("B", 17), "None")
    sheet.put(("A", 18), "Remarks:")
    sheet.put(("B", 18), "Records Fair" if len(incomplete) > 1 else "Records Good")


def _write_storms(sheet: Sheet, content: FoprContent) -> None:
    sheet.put(("A", 20), "Point Precipitation Frequency Estimates")
    sheet.put(("A", 21), "Click for Annual Maximum Series Statistics at this Gage in Tabular")
    sheet.put(("A", 22), "and Graphical Formats from NOAA Atlas 14, Volume 1, Version 5")
    sheet.put(("A", 24), "Number of storms greater than:")
    for depth, name in ((1, "1 inch"), (2, "2 inches"), (3, "3 inches")):
        sheet.put(("B", 24 + depth), f"{name} in 24 hours:")
        sheet.put(("C", 24 + depth), storms_over(content.record, depth))


def _write_greatest(sheet: Sheet, content: FoprContent) -> None:
    sheet.put(("D", 29), "Return Period")
    for column, label in zip("ABCD", ("Frequency Statistics", "Inches", "Date", "(years)"), strict=True):
        sheet.put((column, 30), label)
    names = ("15-min.", "1 hour", "3 hour", "6 hour", "24 hour", "72 hour")
    maxima = greatest_row(content)
    rare = hundred_year_depths(content.gauge)
    for row, (name, total, hundred) in enumerate(zip(names, greatest_totals(content), rare, strict=True), 31):
        column = "BDFHJL"[row - 31]
        sheet.put(("A", row), f"Greatest {name} total:")
        sheet.put(("B", row), total.greatest.depth, Look.HUNDREDTHS, f"FREQ!${column}${maxima}")
        sheet.put(("C", row), total.greatest.day, Look.DAY_WIDE, f"FREQ!${chr(ord(column) + 1)}${maxima}")
        sheet.put(("D", row), return_period_years(total.greatest.depth, total.mean, hundred))


def _write_table(sheet: Sheet, content: FoprContent) -> None:
    labels = ("Water Year", "Water-Year Precip. (in)", "Monsoon Precip. (in)")
    for column, label in zip("OPQ", labels, strict=True):
        sheet.put((column, 3), label)
    first = content.table[0].water_year
    for row in TABLE_ROWS:
        sheet.put(("O", row), first + row - TABLE_ROWS.start)
    for row, line in zip(TABLE_ROWS, content.table, strict=False):
        if line.total is not None:
            sheet.put(("P", row), line.total, Look.HUNDREDTHS, f"'{line.water_year}'!B{ROWS + 1}")
        if line.monsoon is not None:
            sheet.put(("Q", row), line.monsoon, Look.HUNDREDTHS, f"'{line.water_year}'!C{ROWS + 1}")
    sheet.put(("O", 35), "Red: One or more months in the year/period contain partial or missing data.")
