"""The Flood Control District of Maricopa County: its gauge list and its full-record workbooks."""

from gaugehouse.sources.mcfcd.fopr import PARSER_VERSION, fetch_fopr_workbook, fopr_url, parse_fopr_workbook
from gaugehouse.sources.mcfcd.gauge_list import fetch_gauge_list, gauge_list_url, parse_gauge_list

__all__ = [
    "PARSER_VERSION",
    "fetch_fopr_workbook",
    "fetch_gauge_list",
    "fopr_url",
    "gauge_list_url",
    "parse_fopr_workbook",
    "parse_gauge_list",
]
