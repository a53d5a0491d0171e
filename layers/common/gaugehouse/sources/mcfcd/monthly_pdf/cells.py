"""A cell of the table: a value, and the marks of footnotes before or behind it (`0.12(1)`, `(2)____`)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gaugehouse.sources.mcfcd.monthly_pdf.pages import Word

_MARKS = r"(?:\(\s*[0-9]{1,3}(?:\s*,\s*[0-9]{1,3})*\s*\))*"
_MARKED = re.compile(rf"({_MARKS})(.*?)({_MARKS})", re.DOTALL)
_MISSING = re.compile(r"_{2,}")
# Two decimals, always: a number with fewer has lost a digit.
_INCHES = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})?\.[0-9]{2}")


class Cell(NamedTuple):
    """What stands in one place of the table. `right` is where the value's last character begins."""

    value: str
    right: float
    marks: tuple[int, ...] = ()


def is_missing(value: str) -> bool:
    """Say whether a value states that there is none."""
    return value[:1] == "_" and _MISSING.fullmatch(value) is not None


@lru_cache(maxsize=4096)  # a month has thousands of cells and some hundred different values
def inches_of(value: str) -> float | None:
    """Return the number that a value is; None where it is none."""
    if not _INCHES.fullmatch(value):
        return None
    return float(value.replace(",", "")) or 0.0  # -0.00 is 0


def cells_of(words: Sequence[Word]) -> list[Cell]:
    """Return the cells of a row's words, which go from left to right.

    A mark that stands apart belongs to the nearer of its neighbours.
    """
    if all("(" not in word.text for word in words):
        return [Cell(word.text, word.right) for word in words]
    cells: list[Cell] = []
    waiting: tuple[int, ...] = ()  # marks whose value comes next
    for index, word in enumerate(words):
        match = _MARKED.fullmatch(word.text)
        before, value, after = match.groups() if match else ("", word.text, "")
        marks = tuple(int(number) for number in re.findall(r"[0-9]+", before + after))
        if value:
            cells.append(Cell(value, word.right - len(after) * word.width, waiting + marks))
            waiting = ()
        elif cells and _is_nearer_to_the_left(words, index):
            cells[-1] = cells[-1]._replace(marks=cells[-1].marks + marks)
        else:
            waiting += marks
    return cells


def _is_nearer_to_the_left(words: Sequence[Word], index: int) -> bool:
    if index + 1 == len(words):
        return True
    before, mark, after = words[index - 1], words[index], words[index + 1]
    # All characters of the table are equally wide.
    to_the_left = mark.right - len(mark.text) * mark.width - before.right
    to_the_right = after.right - len(after.text) * mark.width - mark.right
    return to_the_left <= to_the_right
