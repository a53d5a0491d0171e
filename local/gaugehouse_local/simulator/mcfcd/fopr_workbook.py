"""Write `{id}_FOPR.xlsx`: a gauge's full period of record, cell for cell where the agency puts it."""

from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.mcfcd.fopr_annual_tables import write_annual_tables
from gaugehouse_local.simulator.mcfcd.fopr_content import (
    MONSOON_ROW,
    ROWS,
    FoprContent,
    YearSheet,
)
from gaugehouse_local.simulator.mcfcd.fopr_frequencies import write_frequencies, write_frequency_plot
from gaugehouse_local.simulator.mcfcd.fopr_meta_stats import write_meta_stats
from gaugehouse_local.simulator.mcfcd.fopr_outages import write_down_time
from gaugehouse_local.simulator.mcfcd.xlsx import Look, Sheet, Workbook


def write_fopr_workbook(content: FoprContent) -> bytes:
    """Return the workbook's bytes; the same content gives the same bytes."""
    workbook = Workbook()
    if DocumentFault.MISSING_META_STATS not in content.faults:
        write_meta_stats(workbook.sheet("Meta_Stats"), content)
    write_annual_tables(workbook.sheet("AnnualTables"), content)
    write_down_time(workbook.sheet("DownTime"), content)
    write_frequencies(workbook.sheet("FREQ"), content)
    write_frequency_plot(workbook.sheet("FREQ_Plot"), content)
    _write_days_with_rain(workbook.sheet("WY-DD"), content)
    for year in content.sheets:
        _write_year(workbook.sheet(str(year.water_year)), year)
    return workbook.content()


def _write_days_with_rain(sheet: Sheet, content: FoprContent) -> None:
    newest = content.sheets[0].water_year
    for row, year in enumerate(range(newest + 1, content.sheets[-1].water_year - 1, -1), 1):
        sheet.put(("A", row), year)
    sheet.put(("C", 2), "Days w/ Rain")
    for row, year_sheet in enumerate(reversed(content.sheets), 3):
        wet = sum(isinstance(value, float) and value > 0.01 for _, value in year_sheet.rows)
        sheet.put(("C", row), year_sheet.water_year)
        sheet.put(("D", row), wet, formula=f"COUNTIF('{year_sheet.water_year}'!$B1:$B{ROWS},\">.01\")")


def _write_year(sheet: Sheet, year: YearSheet) -> None:
    for row, (day, value) in enumerate(year.rows, 1):
        sheet.put(("A", row), day, Look.DAY)
        sheet.put(("B", row), value, Look.TIP)
    sheet.put(("B", ROWS + 1), year.total, Look.TIP, f"SUM(B1:B{ROWS})")
    sheet.put(("C", ROWS + 1), year.monsoon, Look.TIP, f"SUM(B{MONSOON_ROW}:B{ROWS})")
