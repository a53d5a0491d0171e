"""The United States Geological Survey: stream gauges, by its modern API and by its legacy service.

`waterdata` and `nwis` each fetch and parse one service. What both say in the same way (numbers that are
none, qualifiers, moments, duplicates) is read by the modules here.
"""
