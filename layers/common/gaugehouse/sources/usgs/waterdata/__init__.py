"""The modern API (`https://api.waterdata.usgs.gov/ogcapi/v1`): OGC features in pages of GeoJSON.

`continuous` has instantaneous values and `daily` daily statistics, each value a feature of its own;
`monitoring-locations` and `time-series-metadata` say where and what is measured.
"""

from gaugehouse.sources.usgs.waterdata.addresses import (
    BASE_URL,
    LONGEST_WINDOW,
    continuous_url,
    daily_url,
    group_sites,
    locations_url,
    series_url,
)
from gaugehouse.sources.usgs.waterdata.locations import FoundGauges, parse_locations
from gaugehouse.sources.usgs.waterdata.pages import SOURCE
from gaugehouse.sources.usgs.waterdata.paging import PageLimits, fetch_pages
from gaugehouse.sources.usgs.waterdata.series import FoundSeries, parse_series
from gaugehouse.sources.usgs.waterdata.values import parse_continuous, parse_daily

__all__ = [
    "BASE_URL",
    "LONGEST_WINDOW",
    "SOURCE",
    "FoundGauges",
    "FoundSeries",
    "PageLimits",
    "continuous_url",
    "daily_url",
    "fetch_pages",
    "group_sites",
    "locations_url",
    "parse_continuous",
    "parse_daily",
    "parse_locations",
    "parse_series",
    "series_url",
]
