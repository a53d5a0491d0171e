"""What a stream gauge measured last, in the words of the field."""

from collections.abc import Iterable, Mapping
from typing import Any

from gaugehouse.domain.series import DISCHARGE, STAGE
from gaugehouse_cli.screen import Cell, moment

RAINFALL, WATER_TEMPERATURE = "00045", "00010"
NAMES = {
    DISCHARGE: "Discharge",
    STAGE: "Stage",
    RAINFALL: "Rainfall",
    WATER_TEMPERATURE: "Water temperature",
}
HUNDREDTHS = {STAGE, RAINFALL}  # agencies tell them so; a discharge has three significant digits


def reading_facts(readings: Iterable[Mapping[str, Any]]) -> dict[str, Cell]:
    """Say the newest reading of each parameter; one that has no name here goes by its code."""
    return {
        NAMES.get(reading["parameter_code"], f"Parameter {reading['parameter_code']}"): (
            f"{_number(reading['parameter_code'], reading['value'])} {reading['unit']}"
            f" at {moment(reading['reading_time'])} UTC"
        )
        for reading in readings
    }


def _number(parameter_code: str, value: float) -> str:
    """Write a value with all its digits: the largest rivers carry over a million cubic feet a second."""
    return f"{value:,.2f}" if parameter_code in HUNDREDTHS else f"{value:,.12g}"
