"""Where a gauge is: latitude, longitude and elevation, and whether they are believable for Arizona."""

import re

from gaugehouse.sources.mcfcd.workbook.cells import Cell, number_of, text_of

# The district's gauges lie around 33° N, 112° W, at 700 to 7,700 ft. Wider than that by far, since a
# value outside is only worth a warning.
LATITUDES = (24.0, 50.0)
LONGITUDES = (-125.0, -66.0)
ELEVATIONS_FT = (-300.0, 15_000.0)

_DEGREES_MINUTES_SECONDS = re.compile(
    r"([-+]?\d{1,3}(?:\.\d+)?)\s*[\u00b0\u00ba\u02da]?\s*(?:(\d{1,2}(?:\.\d+)?)\s*['\u2018\u2019\u2032`]?\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"\u201c\u201d\u2033]|'')?\s*)?([NSEW])?",
    re.IGNORECASE,
)
_FEET = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?:(?:ft|feet)\b\.?|')?", re.IGNORECASE)
_ONE_ARC_MINUTE = 1 / 60


def read_degrees(dms: Cell, decimal: Cell, *, west: bool, warnings: list[str], place: str) -> float | None:
    """Return decimal degrees (west and south negative) from the decimal cell, or else the DMS text."""
    from_text = _from_dms(text_of(dms), west=west)
    degrees = number_of(decimal)
    if degrees is None:
        if from_text is None and text_of(dms) is not None:
            warnings.append(f"{place}: {text_of(dms)!r} is not understood")
        degrees = from_text
    elif from_text is not None and abs(abs(degrees) - abs(from_text)) > _ONE_ARC_MINUTE:
        warnings.append(f"{place}: {degrees} and {text_of(dms)!r} are different places")
    low, high = LONGITUDES if west else LATITUDES
    _warn_outside(degrees, low, high, warnings, place)
    return degrees


def read_elevation_ft(cell: Cell, *, warnings: list[str], place: str) -> float | None:
    """Return feet from a number or text like `1,465 ft.`."""
    text = text_of(cell)
    feet = number_of(cell)
    if feet is None and text is not None:
        match = _FEET.match(text)
        feet = float(match[1].replace(",", "")) if match and len(text) < 100 else None
        if feet is None:
            warnings.append(f"{place}: {text[:100]!r} is not an elevation")
    _warn_outside(feet, *ELEVATIONS_FT, warnings, place)
    return feet


def _from_dms(text: str | None, *, west: bool) -> float | None:
    match = _DEGREES_MINUTES_SECONDS.fullmatch(text) if text else None
    if match is None:
        return None
    degrees = abs(float(match[1])) + float(match[2] or 0) / 60 + float(match[3] or 0) / 3600
    side = (match[4] or ("W" if west else "N")).upper()
    return -degrees if side in "WS" or match[1].startswith("-") else degrees


def _warn_outside(value: float | None, low: float, high: float, warnings: list[str], place: str) -> None:
    if value is not None and not low <= value <= high:
        warnings.append(f"{place}: {value} lies outside {low:g} to {high:g}; stored as it is")
