"""A cell of the table: a value, and the marks of footnotes before or behind it (`0.12(1)`, `(2)____`)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gaugehouse.sources.mcfcd.monthly_pdf.pages import Word

_MARKS = r"(?:\(\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\))*"
_MARKED = re.compile(rf"({_MARKS})(.*?)({_MARKS})", re.DOTALL)
_MISSING = re.compile(r"_{2,}")
# Two decimals, always: a number with fewer has lost a digit.
_INCHES = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})?\.[0-9]{2}")


class Cell(NamedTuple):
    """What stands in one place of the table. `right` is where the value's last character begins."""

    text: str
    value: str
    right: float
    marks: tuple[int, ...]

    @property
    def is_missing(self) -> bool:
        """Say whether the cell states that the day has no value."""
        return _MISSING.fullmatch(self.value) is not None

    @property
    def inches(self) -> float | None:
        """Return the number that the cell holds; None where it holds none."""
        return float(self.value.replace(",", "")) if _INCHES.fullmatch(self.value) else None


def cells_of(words: Sequence[Word]) -> list[Cell]:
    """Return the cells of a row's words, which go from left to right.

    A mark that stands apart belongs to the nearer of its neighbours.
    """
    cells: list[Cell] = []
    for word in _with_their_marks(words):
        match = _MARKED.fullmatch(word.text)
        before, value, after = match.groups() if match else ("", word.text, "")
        # All characters of the table are equally wide.
        width = (word.right - word.left) / (len(word.text) - 1) if len(word.text) > 1 else 0.0
        right = word.right - len(after) * width
        marks = tuple(int(number) for number in re.findall(r"\d+", before + after))
        cells.append(Cell(word.text, value, right, marks))
    return cells


def _with_their_marks(words: Sequence[Word]) -> list[Word]:
    joined: list[Word] = []
    waiting: Word | None = None  # a mark whose value comes next
    for index, word in enumerate(words):
        if not re.fullmatch(_MARKS, word.text):
            joined.append(word if waiting is None else _joined(waiting, word))
            waiting = None
            continue
        following = words[index + 1] if index + 1 < len(words) else None
        if joined and (following is None or word.left - joined[-1].right <= following.left - word.right):
            joined[-1] = _joined(joined[-1], word)
        else:
            waiting = word if waiting is None else _joined(waiting, word)
    return joined if waiting is None else [*joined, waiting]


def _joined(left: Word, right: Word) -> Word:
    """Join a value and its mark; the width of a character is as in the words themselves, without the gap."""
    text = left.text + right.text
    value_first = not re.fullmatch(_MARKS, left.text)
    whole = left if value_first else right
    width = (whole.right - whole.left) / (len(whole.text) - 1) if len(whole.text) > 1 else 0.0
    if value_first:
        return Word(text, left.left, left.right + len(right.text) * width, left.baseline)
    return Word(text, right.left - len(left.text) * width, right.right, right.baseline)
