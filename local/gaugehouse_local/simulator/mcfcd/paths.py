"""Where Maricopa County keeps its documents."""

import re

GAUGE_LIST = "/alert/Rain/ev_rain.txt"
_WATER_YEAR = re.compile(r"/alert/Rain/pcp_WY_([0-9]{4})\.xlsx")
_FOPR = re.compile(r"/alert/Rain/FOPR/([0-9]{4,5})_FOPR\.xlsx")


def fopr_path(station_id: str) -> str:
    """Return the path of a gauge's workbook."""
    return f"/alert/Rain/FOPR/{station_id}_FOPR.xlsx"


def water_year_path(water_year: int) -> str:
    """Return the path of a water year's workbook."""
    return f"/alert/Rain/pcp_WY_{water_year}.xlsx"


def water_year_of_path(path: str) -> int | None:
    """Return the water year whose workbook a path names, or None where it names none."""
    match = _WATER_YEAR.fullmatch(path)
    return int(match[1]) if match else None


def fopr_station(path: str) -> str | None:
    """Return whose workbook a path names, or None where it names none."""
    match = _FOPR.fullmatch(path)
    return match[1] if match else None
