"""Meta_Stats: what the gauge is, its statistics, and its totals by water year.

Labels stand in column A and their values right of them; rows are found by label, because they move. The
table of water years stands to the right, the date of the document above it.
"""

import re
from dataclasses import dataclass
from datetime import date

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.domain.rainfall import TotalsClaim
from gaugehouse.sources.mcfcd.arizona_time import FIRST_YEAR, LAST_YEAR
from gaugehouse.sources.mcfcd.fopr.position import read_degrees, read_elevation_ft
from gaugehouse.sources.mcfcd.workbook.cells import Cell, Rows, at, date_of, json_of, number_of, text_of

SHEET = "Meta_Stats"
_STORMS = re.compile(r"(\d+(?:\.\d+)?) inch(?:es)? in 24 hours?", re.IGNORECASE)
_GREATEST = re.compile(r"greatest (\d+)[\s-]*(min|hour)", re.IGNORECASE)
_COMPLETE_YEARS = re.compile(r"for (\d+) complete year", re.IGNORECASE)
_LAST_VALUE_COLUMN = 8  # the table of water years begins further right


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
    sheet = _Labelled(rows, place)
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
        claims=_claims(rows),
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


class _Labelled:
    """Rows found by the label in column A."""

    def __init__(self, rows: Rows, place: str) -> None:
        self.warnings: list[str] = []
        self._place = place
        self.rows: dict[str, list[Cell]] = {}
        for row in rows:
            if isinstance(at(row, 0), str) and (label := _plain(str(row[0]))):
                self.rows.setdefault(label, row)

    def row(self, beginning: str) -> list[Cell]:
        """Return the first row whose label begins so; [] with a warning when there is none."""
        for label, row in self.rows.items():
            if label.startswith(beginning):
                return row[: _LAST_VALUE_COLUMN + 1]
        warning = f"{self._place}: has no row labelled {beginning!r}"
        if warning not in self.warnings:
            self.warnings.append(warning)
        return []

    def value(self, beginning: str) -> Cell:
        """Return the first cell right of a label that is not blank."""
        return next((cell for cell in self.row(beginning)[1:] if cell != ""), "")


def _plain(label: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", label.lower()).split())


def _as_of(row: list[Cell]) -> date | None:
    return next((day for cell in row[1:] if (day := date_of(cell)) is not None), None)


def _updated(rows: Rows) -> Cell:
    for row in rows:
        for column, cell in enumerate(row):
            if isinstance(cell, str) and _plain(cell) == "updated":
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


def _average(sheet: _Labelled) -> dict[str, object]:
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
        for column, cell in enumerate(row[:_LAST_VALUE_COLUMN]):
            if isinstance(cell, str) and (match := _STORMS.search(cell[:100])):
                storms.setdefault(match[1], json_of(at(row, column + 1)))
    return storms


def _greatest_totals(sheet: _Labelled, warnings: list[str], place: str) -> list[dict[str, object]]:
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


def _claims(rows: Rows) -> tuple[TotalsClaim, ...]:
    """Read the table of water years: below its heading, until the years end."""
    claims: list[TotalsClaim] = []
    heading = next(
        (
            (number, column)
            for number, row in enumerate(rows)
            for column, cell in enumerate(row)
            if isinstance(cell, str) and _plain(cell) == "water year"
        ),
        None,
    )
    if heading is None:
        return ()
    for number, row in enumerate(rows[heading[0] + 1 :], heading[0] + 2):
        year = number_of(at(row, heading[1]))
        if year is None or not year.is_integer() or not FIRST_YEAR <= year <= LAST_YEAR:
            continue
        total, monsoon = number_of(at(row, heading[1] + 1)), number_of(at(row, heading[1] + 2))
        if total is not None or monsoon is not None:
            place = f"{SHEET} row {number}"
            claims.append(
                TotalsClaim(water_year=int(year), place=place, total_inches=total, monsoon_inches=monsoon)
            )
    return tuple(claims)
