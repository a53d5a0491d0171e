"""The monthly PDF: the daily rainfall of every gauge in one month, before water year 2022.

A page shows eight gauges: their ids beside `Gage ID`, a row for each day (`11/30/19`, descending), their
`TOTALS`, and footnotes. `____` is a missing day, `0.00` a dry one. A footnote's mark stands before or
behind what it is about (`0.12(1)`, `(2)____`). Values have two decimals, so a total can differ from the sum
of its days by 0.02.
"""

from gaugehouse.sources.mcfcd.monthly_pdf.book import PARSER_VERSION, parse_monthly_pdf
from gaugehouse.sources.mcfcd.monthly_pdf.fetching import fetch_monthly_pdf, monthly_pdf_url

__all__ = ["PARSER_VERSION", "fetch_monthly_pdf", "monthly_pdf_url", "parse_monthly_pdf"]
