"""The water-year workbook: every gauge's daily rainfall of one water year, with the agency's footnotes.

Sheets SEP, AUG, … OCT, then Annual_Totals. A month's sheet has a title with month and year, a row of
ordinals, a row of gauge ids, the dates descending down to the 1st, which leaves blank rows on top of the
shorter months, a row of totals, a row of marks (`(1)`, `(20,21)`, or free text), and the footnotes that
they stand for. `N/A` is a missing day, 0 a dry one.
"""

from gaugehouse.sources.mcfcd.water_year.book import PARSER_VERSION, parse_water_year_workbook
from gaugehouse.sources.mcfcd.water_year.fetching import fetch_water_year_workbook, water_year_url

__all__ = [
    "PARSER_VERSION",
    "fetch_water_year_workbook",
    "parse_water_year_workbook",
    "water_year_url",
]
