"""The agency's list of rain gauges, `ev_rain.txt`: name, city, id, elevation, 6 h and 24 h rainfall.

A title with the time of the report, then a rule of dashes whose runs give the columns, then a row a
gauge. Names and zones can be longer than their columns, so a row is anchored on its four numbers (id,
elevation, two rainfalls) and the rule divides only what stands before and after them. `----` is missing.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gaugehouse.domain.documents import Download, GaugeList, RejectedRecord
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.sources.http import download
from gaugehouse.sources.mcfcd.text_reports import (
    MAX_BYTES,
    MAX_LINE_LENGTH,
    RAINFALL_CELL,
    Layout,
    TextReport,
    divide_name_and_city,
    open_report,
    read_number,
    why_impossible,
)

if TYPE_CHECKING:
    import requests

SOURCE = "mcfcd_gauge_list"
FILE_NAME = "ev_rain.txt"

_LAYOUT = Layout(
    source=SOURCE,
    file_name=FILE_NAME,
    rule=re.compile(r"\s*-{3,}(?:\s+-{3,}){7}\s*"),
    columns="eight dash runs",
    stamp=re.compile(r"Ending\s+(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\s+at\s+(\d{1,2}:?\d{2})\b", re.IGNORECASE),
    stamp_example="6 and 24 Hours Ending 12/31/25 at 1418",
)
_ELEVATION = r"-?[0-9]+(?:\.[0-9]+)?|-{2,}"
_NUMBERS = re.compile(rf"\s([0-9]{{4,5}})\s+({_ELEVATION})\s+({RAINFALL_CELL})\s+({RAINFALL_CELL})(?=\s|$)")


def gauge_list_url(base_url: str) -> str:
    """Return the address of the gauge list."""
    return f"{base_url.rstrip('/')}/alert/Rain/{FILE_NAME}"


def fetch_gauge_list(session: "requests.Session", base_url: str) -> Download:
    """Download the gauge list. Raises as `sources.http.download` does."""
    return download(session, gauge_list_url(base_url), max_bytes=MAX_BYTES)


def parse_gauge_list(content: bytes) -> GaugeList:
    """Read the list. `entries` keeps every readable row in order; rows that share an id are all there.

    A row that cannot be read becomes a reject (`unreadable_row`, `control_character`), and so does a
    rainfall that cannot be (`negative_rainfall`, `absurd_rainfall`), whose gauge stays with None.
    Raises: SourceUnavailable (empty, a web page, or cut off before the first row), DocumentInvalid.
    """
    report = open_report(content, _LAYOUT)
    entries: list[GaugeSummary] = []
    rejects: list[RejectedRecord] = []
    columns = _columns(report)
    for number, line, text in report.texts(rejects):
        entry = _read_row(text, columns, report.observed_at)
        if entry is None:
            rejects.append(_LAYOUT.reject("unreadable_row", number, line, "is not a row of the list"))
            continue
        past_6h, past_24h = entry.rainfall_past_6h_inches, entry.rainfall_past_24h_inches
        if reason := why_impossible(past_6h) or why_impossible(past_24h):
            problem = "has an impossible rainfall; the gauge is kept"
            rejects.append(_LAYOUT.reject(reason, number, line, problem))
            entry = replace(
                entry,
                rainfall_past_6h_inches=None if why_impossible(past_6h) else past_6h,
                rainfall_past_24h_inches=None if why_impossible(past_24h) else past_24h,
            )
        entries.append(entry)
    if not entries:
        raise report.none_readable()
    return GaugeList(observed_at=report.observed_at, entries=tuple(entries), rejects=tuple(rejects))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a usual row has its city, its id, the end of its numbers, and its location."""

    city: int
    station_id: int
    numbers_end: int
    location: int


def _columns(report: TextReport) -> _Columns:
    starts = report.column_starts
    id_at, numbers_end = report.usual_span(_NUMBERS) or (starts[2], starts[6])
    return _Columns(city=starts[1], station_id=id_at, numbers_end=numbers_end, location=starts[7])


def _read_row(line: str, columns: _Columns, observed_at: datetime) -> GaugeSummary | None:
    numbers = _NUMBERS.search(line) if len(line) <= MAX_LINE_LENGTH else None
    if numbers is None:
        return None
    pushed = numbers.start(1) - columns.station_id
    name, city = divide_name_and_city(line[: numbers.start(1)], columns.city, pushed)
    if not name:
        return None
    after = line[numbers.end() :]
    zone, location = _divide_zone_and_location(after, columns.location - columns.numbers_end)
    return GaugeSummary(
        station_id=numbers[1],
        gauge_name=name,
        city_town=city or None,
        elevation_ft=read_number(numbers[2]),
        rainfall_past_6h_inches=read_number(numbers[3]),
        rainfall_past_24h_inches=read_number(numbers[4]),
        msp_forecast_zone=None if zone in ("", "None") else zone,
        general_location=location or None,
        observed_at=observed_at,
    )


def _divide_zone_and_location(text: str, at: int) -> tuple[str, str]:
    """Divide where the location's column begins; a zone that runs into it ends at its next space."""
    if text[at - 1 : at].strip() and text[at : at + 1].strip():
        space = text.find(" ", at)
        at = len(text) if space == -1 else space
    return text[:at].strip(), text[at:].strip()
