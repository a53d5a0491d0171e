"""What a stream gauge measured last, in the words of the field."""

from collections.abc import Iterable, Mapping
from typing import Any

from gaugehouse.domain.parameters import PARAMETER_NAMES
from gaugehouse.domain.rainfall import RAINFALL
from gaugehouse.domain.series import STAGE
from gaugehouse_cli.screen import Cell, moment

HUNDREDTHS = {STAGE, RAINFALL}  # agencies tell them so; a discharge has three significant digits


def reading_facts(readings: Iterable[Mapping[str, Any]]) -> dict[str, Cell]:
    """Say the newest reading of each parameter; one that has no name here goes by its code.

    So does a second one of that name: a lake's elevation is above one datum or another.
    """
    facts: dict[str, Cell] = {}
    for reading in readings:
        code = reading["parameter_code"]
        name = PARAMETER_NAMES.get(code, f"Parameter {code}")
        value = value_words(code, reading["value"], reading["unit"])
        facts[f"{name} ({code})" if name in facts else name] = (
            f"{value} at {moment(reading['reading_time'])} UTC"
        )
    return facts


def value_words(parameter_code: str, value: float, unit: str) -> str:
    """Write a value with all its digits: the largest rivers carry over a million cubic feet a second."""
    digits = f"{value:,.2f}" if parameter_code in HUNDREDTHS else f"{value:,.12g}"
    return f"{digits} {unit}"
