"""Rows of Meta_Stats found by their labels, which stand in column A: both labels and values move."""

import re

from gaugehouse.sources.mcfcd.workbook.cells import Cell, Rows, at

LAST_VALUE_COLUMN = 8  # the table of water years begins further right


class LabelledRows:
    """Rows found by the label in column A. `warnings` says which were looked for and are not there."""

    def __init__(self, rows: Rows, place: str) -> None:
        self.warnings: list[str] = []
        self._place = place
        self.rows: dict[str, list[Cell]] = {}
        for row in rows:
            if isinstance(at(row, 0), str) and (label := plain_label(str(row[0]))):
                self.rows.setdefault(label, row)

    def row(self, beginning: str) -> list[Cell]:
        """Return the first row whose label begins so; [] with a warning when there is none."""
        for label, row in self.rows.items():
            if label.startswith(beginning):
                return row[: LAST_VALUE_COLUMN + 1]
        warning = f"{self._place}: has no row labelled {beginning!r}"
        if warning not in self.warnings:
            self.warnings.append(warning)
        return []

    def value(self, beginning: str) -> Cell:
        """Return the first cell right of a label that is not blank."""
        return next((cell for cell in self.row(beginning)[1:] if cell != ""), "")


def plain_label(label: str) -> str:
    """Return a label without capitals, punctuation and double blanks."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", label.lower()).split())
