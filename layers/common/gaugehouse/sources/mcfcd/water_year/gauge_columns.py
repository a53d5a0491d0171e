"""Which gauge each column of each sheet is: the row of ids, and what the other sheets have there.

The sheets of one workbook agree on their columns. So an id that one sheet alone has, in a column where the
others have an id that this sheet lacks, is a slip of the keyboard: the column is the others' gauge.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gaugehouse.sources.mcfcd.station_ids import read_station_ids
from gaugehouse.sources.mcfcd.water_year.findings import Findings
from gaugehouse.sources.mcfcd.workbook.cells import Cell, cell_name, text_of

_ID = re.compile(r"[0-9]{4,5}")
_ENOUGH_SHEETS = 2  # which must agree on a column before a third is mended by them


@dataclass(frozen=True, slots=True)
class IdRow:
    """The row of ids of one sheet. `filled` are the columns that hold anything below it."""

    sheet: str
    row: int
    cells: Sequence[Cell]
    filled: frozenset[int]


@dataclass(frozen=True, slots=True)
class GaugeColumns:
    """The gauges of one sheet by column, and its ids that were mended: (as written, as meant).

    `shifted` means that ids and values do not stand in the same columns, so that no value has an owner.
    """

    stations: dict[int, str]
    repaired: tuple[tuple[str, str], ...]
    shifted: bool


def assign_columns(rows: Sequence[IdRow], findings: Findings) -> list[GaugeColumns]:
    """Return the gauges of each sheet's columns. Ids that cannot be read or mended become rejects."""
    written = [_ids(row) for row in rows]
    layout = max(written, key=written.count, default={})
    return [
        GaugeColumns(ids, (), shifted=False)
        if ids == layout and _is_plain(row, ids)
        else _assign(row, ids, [*written[:index], *written[index + 1 :]], findings)
        for index, (row, ids) in enumerate(zip(rows, written, strict=True))
    ]


def _is_plain(row: IdRow, ids: dict[int, str]) -> bool:
    """Say whether each column has an id of its own and nothing else stands in the row: the usual case."""
    return (
        len(set(ids.values())) == len(ids)
        and row.filled == ids.keys()
        and not any(isinstance(cell, str) and cell for cell in row.cells[1:])
    )


def _ids(row: IdRow) -> dict[int, str]:
    found = ((column, _read_id(cell)) for column, cell in enumerate(row.cells) if column and cell != "")
    return {column: station_id for column, station_id in found if station_id is not None}


def _read_id(cell: Cell) -> str | None:
    """Return the id that a cell holds, also with text around it (`29200 since 03/09/18`)."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and 1000 <= cell <= 99_999 else None
    text = text_of(cell)
    ids = read_station_ids(text[:200]) if text else None
    return ids.current if ids and _ID.fullmatch(ids.current) else None


def _assign(
    row: IdRow,
    ids: dict[int, str],
    others: Sequence[dict[int, str]],
    findings: Findings,
) -> GaugeColumns:
    here = Counter(ids.values())
    elsewhere = {station_id for other in others for station_id in other.values()}
    stations: dict[int, str] = {}
    taken: set[str] = set()
    repaired: list[tuple[str, str]] = []
    unnamed: list[int] = []
    moved = False
    for column in range(1, max(len(row.cells), max(row.filled, default=0) + 1)):
        station_id = ids.get(column)
        usual = _usual(column, others)
        shown = text_of(row.cells[column]) or "" if column < len(row.cells) else ""
        strange = station_id not in elsewhere or here[station_id] > 1
        if usual is not None and usual != station_id and not here[usual] and strange:
            if station_id is not None or column in row.filled:
                repaired.append((shown, usual))
                stations[column] = usual
                here[usual] += 1
            continue
        if station_id is None:
            if column in row.filled:
                unnamed.append(column)
            continue
        if station_id in taken:
            problem = f"gauge {station_id} has a column already, which counts"
            findings.reject(_cell(row, column), "duplicate_station_id", shown, problem)
            continue
        moved = moved or usual not in (None, station_id)
        taken.add(station_id)
        stations[column] = station_id
        if shown != station_id:
            repaired.append((shown, station_id))
    shifted = bool(unnamed) and (moved or any(column not in row.filled for column in stations))
    for column in () if shifted else unnamed:
        shown = text_of(row.cells[column]) or "" if column < len(row.cells) else ""
        problem = f"{shown!r} is no gauge id, so nobody can tell whose values stand below it"
        findings.reject(_cell(row, column), "unreadable_station_id", shown, problem)
    return GaugeColumns({} if shifted else stations, () if shifted else tuple(repaired), shifted)


def _usual(column: int, others: Sequence[dict[int, str]]) -> str | None:
    """Return the id that most of the other sheets have in a column; None where too few have it."""
    ranked = Counter(other[column] for other in others if column in other).most_common(2)
    if not ranked or ranked[0][1] < _ENOUGH_SHEETS or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    return ranked[0][0]


def _cell(row: IdRow, column: int) -> str:
    return f"sheet {row.sheet}, cell {cell_name(row.row, column)}"
