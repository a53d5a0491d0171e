"""The FOPR workbook (full period of record): one gauge's metadata, daily rainfall, down time and totals.

Sheets, in order: Meta_Stats (what the gauge is, and totals by water year), AnnualTables, DownTime
(outages), FREQ (greatest rainfall by year and duration), FREQ_Plot, WY-DD, then one sheet for each water
year, newest first. Cells are often formulas, of which the cached values count. `_____` is a missing day,
0 a dry one.
"""

from gaugehouse.sources.mcfcd.fopr.fetching import fetch_fopr_workbook, fopr_url
from gaugehouse.sources.mcfcd.fopr.record import PARSER_VERSION, parse_fopr_workbook

__all__ = ["PARSER_VERSION", "fetch_fopr_workbook", "fopr_url", "parse_fopr_workbook"]
