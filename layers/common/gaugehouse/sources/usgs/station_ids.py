"""What the agency calls a monitoring location, and what its station id is here."""

import re

# Ids stand in addresses, separated by commas, and in keys.
_LOCATION_ID = re.compile(r"[A-Za-z0-9]{1,12}-[A-Za-z0-9_.:-]{1,48}")
_SERIES_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_USGS = "USGS-"


def station_id_of(location_id: str) -> str | None:
    """Return the station id: `USGS-01646500` is `01646500`; other agencies keep their prefix (`MD007-...`).

    None for what is no id of a monitoring location.
    """
    if not _LOCATION_ID.fullmatch(location_id):
        return None
    number = location_id.removeprefix(_USGS)
    # With a hyphen in it the number would look like one of another agency's.
    return location_id if "-" in number else number


def location_id_of(station_id: str) -> str:
    """Return what the agency calls a station: the reverse of `station_id_of`."""
    return station_id if "-" in station_id else f"{_USGS}{station_id}"


def is_series_id(text: str) -> bool:
    """Tell whether a text can be the agency's id of a time series."""
    return _SERIES_ID.fullmatch(text) is not None
