"""DownTime: the outages of a gauge, with their cause, the agency's notes and a quality code.

A header row, then a row an outage: gage id, start, start count, end, end count, days down, cause, notes,
code. Ends may be unknown (`?`). A footer tells days since installation and the share of them in operation.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gaugehouse.domain.errors import DocumentInvalid
from gaugehouse.sources.mcfcd.outages import Outage
from gaugehouse.sources.mcfcd.workbook.cells import Cell, Rows, at, json_of, moment_of, number_of, text_of

SHEET = "DownTime"
MAX_OUTAGES = 2_000

_COLUMNS = {
    "gage_id": ("gage id",),
    "start": ("start date",),
    "start_count": ("start count",),
    "end": ("end date",),
    "end_count": ("end count",),
    "days_down": ("days down",),
    "cause": ("cause",),
    "notes": ("notes",),
    "code": ("1=ok", "1 = ok", "code"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DownTime:
    """The sheet's contents. `details` is JSON-ready and holds every cell of every outage."""

    outages: tuple[Outage, ...]
    details: dict[str, object]
    warnings: tuple[str, ...]


def read_downtime(rows: Rows, file_name: str) -> DownTime:
    """Read the sheet. What is not understood stays in `details`, with a warning.

    Raises: DocumentInvalid when it has more than `MAX_OUTAGES` outages.
    """
    place = f"{file_name}, sheet {SHEET}"
    warnings: list[str] = []
    header = next((number for number, row in enumerate(rows) if _is_header(row)), None)
    if header is None:
        if rows:
            warnings.append(f"{place}: has no header row, so the usual columns are assumed")
        header, columns = -1, {name: position for position, name in enumerate(_COLUMNS)}
    else:
        columns = _columns(rows[header])
    outages: list[Outage] = []
    originals: list[dict[str, object]] = []
    for number, row in enumerate(rows[header + 1 :], header + 2):
        cells = {name: at(row, column) for name, column in columns.items()}
        if not _is_outage(cells):
            continue
        outages.append(_outage(cells, f"{place}, row {number}", warnings))
        originals.append({name: json_of(cell) for name, cell in cells.items()})
    if len(outages) > MAX_OUTAGES:
        raise DocumentInvalid(f"{place}: has {len(outages)} outages, more than {MAX_OUTAGES}")
    details = {"outages": originals, **_footer(rows)}
    return DownTime(outages=tuple(outages), details=details, warnings=tuple(warnings))


def _is_header(row: list[Cell]) -> bool:
    texts = [cell.lower() for cell in row if isinstance(cell, str)]
    return any("start date" in text for text in texts) and any("end date" in text for text in texts)


def _columns(header: list[Cell]) -> dict[str, int]:
    titles = [(text_of(cell) or "").lower() for cell in header]
    found = {}
    for usual, (name, beginnings) in enumerate(_COLUMNS.items()):
        found[name] = next((at for at, title in enumerate(titles) if title.startswith(beginnings)), usual)
    return found


def _is_outage(cells: dict[str, Cell]) -> bool:
    """Tell an outage from the footer, which has neither a time nor a cause in their columns."""
    if moment_of(cells["start"]) is not None or moment_of(cells["end"]) is not None:
        return True
    return text_of(cells["gage_id"]) is not None and any(
        text_of(cells[name]) is not None for name in ("start", "end", "cause", "notes")
    )


def _outage(cells: dict[str, Cell], place: str, warnings: list[str]) -> Outage:
    start, end = moment_of(cells["start"]), moment_of(cells["end"])
    for name, moment in (("start", start), ("end", end)):
        text = text_of(cells[name])
        if moment is None and text is not None and text.strip("? _-"):
            warnings.append(f"{place}: {name} {text[:100]!r} is not a time; taken as unknown")
    if start is not None and end is not None and end <= start:
        warnings.append(
            f"{place}: ends at {end}, not after its start at {start}; its end is taken as unknown"
        )
        end = None
    code = number_of(cells["code"])
    if code not in (None, 1, 2, 3) or (code is None and text_of(cells["code"]) is not None):
        warnings.append(f"{place}: code {text_of(cells['code'])!r} is none of 1, 2, 3")
        code = None
    return Outage(
        start=start,
        end=end,
        cause=text_of(cells["cause"]),
        notes=text_of(cells["notes"]),
        code=None if code is None else int(code),
    )


def _footer(rows: Rows) -> dict[str, object]:
    days_since: object = None
    operational: object = None
    for row in rows:
        for column, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            label = cell[:100].lower()
            if "days since installation" in label:
                days_since = _first_number(row[column + 1 :])
            elif "% operational" in label:
                operational = _first_number(reversed(row[:column]))
    return {"days_since_installation": days_since, "percent_operational": operational}


def _first_number(cells: Iterable[Cell]) -> object:
    return next((json_of(cell) for cell in cells if number_of(cell) is not None), None)
