"""Cells that name a gauge: `59700; 4695 prior to 2/20/2018`, `29200 since 03/09/18`."""

import re
from dataclasses import dataclass

from gaugehouse.domain.errors import DocumentInvalid

_PART = re.compile(r"[;,\n]|\band\b")
_LEADING_ID = re.compile(r"\s*(?:#|ID\b:?)?\s*([0-9]{3,6})\b(?![/.:])", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:prior|before|until|formerly|previous(?:ly)?|old)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StationIds:
    """A gauge's id today, and those it had before, in the workbook's order."""

    current: str
    previous: tuple[str, ...]


def require_station(history: str | None, asked: str, place: str) -> StationIds:
    """Return the ids of a workbook, or raise DocumentInvalid unless it is the one of `asked`.

    A workbook that knows `asked` as a previous id is refused too: its record is stored under the id of
    today, and a second copy under the old one would count the same rain twice.
    """
    ids = read_station_ids(history)
    if ids is None:
        raise DocumentInvalid(f"{place}: names no gage id, so nobody can tell whose record it is")
    if ids.current == asked:
        return ids
    if asked in ids.previous:
        raise DocumentInvalid(
            f"{place}: is the record of gauge {ids.current}, which was {asked} before; "
            f"import {ids.current} instead"
        )
    raise DocumentInvalid(f"{place}: is the record of gauge {ids.current}, but {asked} was asked for")


def read_station_ids(history: str | None) -> StationIds | None:
    """Read an id cell; None when it holds no id. Text around the ids (`since 03/09/18`) is passed over."""
    found = [
        (match[1], _FORMER.search(part) is not None)
        for part in _PART.split(history or "")
        if (match := _LEADING_ID.match(part))
    ]
    if not found:
        return None
    current = next((station_id for station_id, former in found if not former), found[0][0])
    previous = dict.fromkeys(station_id for station_id, _ in found if station_id != current)
    return StationIds(current, tuple(previous))
