"""The Flood Control District of Maricopa County: its gauge list and its full-record workbooks.

Import `gauge_list` and `fopr` themselves: a function that polls the list should not load the rest.
"""
