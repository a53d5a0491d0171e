"""The words of a page, put together to its lines."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from gaugehouse.sources.mcfcd.monthly_pdf.pages import Word

# Rows are 11 to 13 points apart, and a mark or an underscore may stand a little off its line.
_SAME_LINE_POINTS = 4.0
MAX_SHOWN = 200


class Line(NamedTuple):
    """Words beside each other, from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Return the line as text, a blank between two words."""
        return " ".join(word.text for word in self.words)

    @property
    def shown(self) -> str:
        """Return the line as it is quoted in messages and rejects: bounded, and no control character."""
        return "".join(c if c.isprintable() else "?" for c in self.text[:MAX_SHOWN])


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Return the lines of a page from its top to its bottom."""
    lines: list[list[Word]] = []
    top = 0.0
    for word in sorted(words, key=attrgetter("baseline"), reverse=True):
        if not lines or top - word.baseline > _SAME_LINE_POINTS:
            lines.append([])
            top = word.baseline
        lines[-1].append(word)
    return [Line(tuple(sorted(line, key=attrgetter("right")))) for line in lines]
