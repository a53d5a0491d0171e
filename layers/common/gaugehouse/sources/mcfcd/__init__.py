"""The Flood Control District of Maricopa County: what it publishes of its rain gauges.

The gauge list, full records (`fopr`), workbooks of a water year, PDFs of a month, and the rain that is
falling now (`interval_report`, `tips`). Import these themselves: a function that polls the list should not
load the rest.
"""
