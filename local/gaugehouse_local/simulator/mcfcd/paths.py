"""Where Maricopa County keeps its documents."""

import re

GAUGE_LIST = "/alert/Rain/ev_rain.txt"
_FOPR = re.compile(r"/alert/Rain/FOPR/([0-9]{4,5})_FOPR\.xlsx")


def fopr_path(station_id: str) -> str:
    """Return the path of a gauge's workbook."""
    return f"/alert/Rain/FOPR/{station_id}_FOPR.xlsx"


def fopr_station(path: str) -> str | None:
    """Return whose workbook a path names, or None where it names none."""
    match = _FOPR.fullmatch(path)
    return match[1] if match else None
