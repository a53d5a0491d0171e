"""A cell that should hold a day's rainfall: a number from 0 up, or the reason why it is none."""

from datetime import date
from typing import NamedTuple

from gaugehouse.domain.rainfall import (
    ABSURD_FROM_INCHES,
    SUSPECT_ABOVE_INCHES,
    DailyRainfall,
    Quality,
)
from gaugehouse.sources.mcfcd.workbook.cells import Cell, number_of, text_of


class Refusal(NamedTuple):
    """Why a cell is no rainfall: a word for the ledger, and a sentence for a person."""

    reason: str
    problem: str


def read_rainfall(day: date, cell: Cell, *, missing_word: str) -> DailyRainfall | Refusal:
    """Return what a cell says of `day`, in inches; above 15 it is suspect.

    A number stored as text is refused: nobody types one, so something else went wrong there. The cell is
    neither blank nor `missing_word`, which the message names.
    """
    inches = None if isinstance(cell, str) else number_of(cell)
    if inches is None:
        text = (text_of(cell) or "")[:100]
        return Refusal("not_a_number", f"{text!r} on {day} is neither a rainfall nor {missing_word!r}")
    if inches < 0:
        return Refusal("negative_rainfall", f"{inches} in on {day} is negative")
    if round(inches, 5) >= ABSURD_FROM_INCHES:  # as it would be stored
        return Refusal("absurd_rainfall", f"{inches} in on {day} is no rainfall")
    quality = Quality.SUSPECT if inches > SUSPECT_ABOVE_INCHES else Quality.MEASURED
    return DailyRainfall(day, inches or 0.0, quality)  # -0.0 becomes 0.0
