"""Meta_Stats: what the gauge is, its statistics, and its totals by water year.

Labels stand in column A and their values right of them (`labelled_rows.py`). The table of water years stands
to the right (`claimed_totals.py`), the date of the document above it.
"""

import re
from dataclasses import dataclass
from datetime import date

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.rainfall import TotalsClaim
from gaugehouse.sources.mcfcd.fopr.claimed_totals import read_claims
from gaugehouse.sources.mcfcd.fopr.labelled_rows import LAST_VALUE_COLUMN, LabelledRows, plain_label
from gaugehouse.sources.mcfcd.fopr.position import read_degrees, read_elevation_ft
from gaugehouse.sources.mcfcd.workbook.cells import Cell, Rows, at, date_of, json_of, number_of, text_of

SHEET = "Meta_Stats"
_STORMS = re.compile(r"(\d+(?:\.\d+)?) inch(?:es)? in 24 hours?", re.IGNORECASE)
_GREATEST = re.compile(r"greatest (\d+)[\s-]*(min|hour)", re.IGNORECASE)
_COMPLETE_YEARS = re.compile(r"for (\d+) complete year", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaStats:
    """The sheet's contents. `details` is JSON-ready; `document_date` is when the agency last updated it."""

    document_date: date
    id_history: str | None
    name: str | None
    gauge_type: str | None
    latitude: float | None
    longitude: float | None
    elevation_ft: float | None
    city: str | None
    county: str | None
    location: str | None
    data_begins: date | None
    remarks: str | None
    claims: tuple[TotalsClaim, ...]
    details: dict[str, object]
    warnings: tuple[str, ...]


def read_meta_stats(rows: Rows, file_name: str) -> MetaStats:
    """Read the sheet. Values out of range or not understood are kept with a warning.

    Raises: DocumentInvalid when the sheet does not say which day it is from.
    """
    place = f"{file_name}, sheet {SHEET}"
    sheet = LabelledRows(rows, place)
    warnings: list[str] = sheet.warnings
    as_of = _as_of(sheet.row("years since installation"))
    updated = _updated(rows)
    document_date = _document_date(updated, as_of, warnings, place)
    latitude, longitude = sheet.row("latitude"), sheet.row("longitude")
    begins = sheet.value("data begins")
    data_begins = date_of(begins)
    if data_begins is None and text_of(begins) is not None:
        warnings.append(f"{place}: data begins {text_of(begins)!r} is not a date; kept as text")
    return MetaStats(
        document_date=document_date,
        id_history=text_of(sheet.value("gage id")),
        name=text_of(sheet.value("station name")),
        gauge_type=text_of(sheet.value("station type")),
        latitude=read_degrees(
            at(latitude, 1), at(latitude, 2), west=False, warnings=warnings, place=f"{place}, latitude"
        ),
        longitude=read_degrees(
            at(longitude, 1), at(longitude, 2), west=True, warnings=warnings, place=f"{place}, longitude"
        ),
        elevation_ft=read_elevation_ft(
            sheet.value("elevation"), warnings=warnings, place=f"{place}, elevation"
        ),
        city=text_of(sheet.value("in or nearest city")),
        county=text_of(sheet.value("county")),
        location=text_of(sheet.value("location")),
        data_begins=data_begins,
        remarks=text_of(sheet.value("remarks")),
        claims=read_claims(rows, SHEET),
        details={
            "updated": json_of(updated),
            "id_history": text_of(sheet.value("gage id")),
            "type": text_of(sheet.value("station type")),
            "years_since_installation": json_of(sheet.value("years since installation")),
            "as_of": as_of.isoformat() if as_of else None,
            "data_begins": json_of(begins),
            "latitude_dms": text_of(at(latitude, 1)),
            "longitude_dms": text_of(at(longitude, 1)),
            **_average(sheet),
            "incomplete_months": json_of(sheet.value("data incomplete months")),
            "missing_months": json_of(sheet.value("data missing months")),
            "storms_over_inches_in_24h": _storms(rows),
            "greatest_totals": _greatest_totals(sheet, warnings, place),
        },
        warnings=tuple(warnings),
    )


def _as_of(row: list[Cell]) -> date | None:
    return next((day for cell in row[1:] if (day := date_of(cell)) is not None), None)


def _updated(rows: Rows) -> Cell:
    for row in rows:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and plain_label(cell) == "updated":
                return next((other for other in row[column + 1 :] if other != ""), "")
    return ""


def _document_date(updated: Cell, as_of: date | None, warnings: list[str], place: str) -> date:
    if (found := date_of(updated)) is not None:
        return found
    problem = f"its Updated date is {text_of(updated)!r}" if text_of(updated) else "it has no Updated date"
    if as_of is None:
        raise DocumentInvalid(f"{place}: {problem} and no as-of date, so nobody can tell how new it is")
    warnings.append(f"{place}: {problem}; its as-of date {as_of} stands in")
    return as_of


def _average(sheet: LabelledRows) -> dict[str, object]:
    row = sheet.row("average annual precipitation")
    years = _COMPLETE_YEARS.search(text_of(at(row, 0)) or "")
    inches = next((number for cell in row[1:] if (number := number_of(cell)) is not None), None)
    return {
        "average_annual_precipitation_inches": inches,
        "complete_years": int(years[1][:9]) if years else None,
    }


def _storms(rows: Rows) -> dict[str, object]:
    """Return the number of storms by the inches that they exceeded in 24 hours."""
    storms: dict[str, object] = {}
    for row in rows:
        for column, cell in enumerate(row[:LAST_VALUE_COLUMN]):
            if isinstance(cell, str) and (match := _STORMS.search(cell[:100])):
                storms.setdefault(match[1], json_of(at(row, column + 1)))
    return storms


def _greatest_totals(sheet: LabelledRows, warnings: list[str], place: str) -> list[dict[str, object]]:
    totals: list[dict[str, object]] = []
    for label, row in sheet.rows.items():
        if not (match := _GREATEST.match(label)):
            continue
        duration = f"{match[1]} {match[2]}"
        if at(row, 2) != "" and date_of(row[2]) is None:
            warnings.append(f"{place}: the date of the greatest {duration} total is {text_of(row[2])!r}")
        totals.append(
            {
                "duration": duration,
                "inches": json_of(at(row, 1)),
                "date": json_of(at(row, 2)),
                "return_period_years": json_of(at(row, 3)),
            }
        )
    return totals
