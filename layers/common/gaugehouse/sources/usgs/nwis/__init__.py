"""The legacy service (`https://waterservices.usgs.gov/nwis`): JSON in the manner of WaterML.

`iv` has instantaneous values, `dv` daily ones. It is shut down on 2027-02-22; `waterdata` replaces it.
"""

from gaugehouse.sources.usgs.nwis.fetching import BASE_URL, MAX_SITES, RETIRED_FROM, fetch_dv, fetch_iv
from gaugehouse.sources.usgs.nwis.values import SOURCE, parse_dv_response, parse_iv_response

__all__ = [
    "BASE_URL",
    "MAX_SITES",
    "RETIRED_FROM",
    "SOURCE",
    "fetch_dv",
    "fetch_iv",
    "parse_dv_response",
    "parse_iv_response",
]
