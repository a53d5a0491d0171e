"""The columns of a page, by where its gauge ids stand: which value belongs to which gauge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gaugehouse.sources.mcfcd.monthly_pdf.cells import Cell, cells_of
from gaugehouse.sources.mcfcd.monthly_pdf.lines import Line
from gaugehouse.sources.mcfcd.monthly_pdf.pages import Word

MAX_COLUMNS = 40
# A value's last character stands within 0.1 points of its gauge id's last one, and the next column is 54
# points away. A character is 6 points wide.
_ALIGNED_SHARE_OF_A_COLUMN = 0.25
_ALIGNED_POINTS = 13.0

_STATION_ID = re.compile(r"[0-9]{4,5}")
_LIKE_AN_ID = re.compile(r"[0-9][^/]*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; one whose id cannot be read has no station id."""

    station_id: str | None
    written: str
    right: float  # where the id's last character begins; a value's last one stands below it


def columns_of(header: Line) -> list[Column]:
    """Return the columns of a `Gage ID` line; words beside an id (`29200 since 03/09/18`) are none."""
    return [
        Column(word.text if _STATION_ID.fullmatch(word.text) else None, word.text, word.right)
        for word in header.words[2:]
        if _LIKE_AN_ID.fullmatch(word.text)
    ][:MAX_COLUMNS]


def in_columns(words: Sequence[Word], columns: Sequence[Column]) -> tuple[Cell | None, ...] | str:
    """Return a cell for each column, or say which value stands under no gauge or beside another."""
    reach = _reach(columns)
    cells = cells_of(words)
    if len(cells) == len(columns) and all(
        abs(column.right - cell.right) <= reach for column, cell in zip(columns, cells, strict=True)
    ):
        return tuple(cells)
    places: list[Cell | None] = [None] * len(columns)
    for cell in cells:
        nearest = min(range(len(columns)), key=lambda at: abs(columns[at].right - cell.right), default=None)
        if nearest is None or abs(columns[nearest].right - cell.right) > reach:
            return f"{cell.value[:40]!r} stands under no gage id"
        held = places[nearest]
        if held is not None:
            return f"{held.value[:40]!r} and {cell.value[:40]!r} stand both under {columns[nearest].written}"
        places[nearest] = cell
    return tuple(places)


def _reach(columns: Sequence[Column]) -> float:
    rights = sorted(column.right for column in columns)
    narrowest = min((right - left for left, right in pairwise(rights)), default=1e9)
    return min(_ALIGNED_POINTS, _ALIGNED_SHARE_OF_A_COLUMN * narrowest)
