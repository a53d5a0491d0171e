"""What the simulated gauges measure: how each parameter is named, behaves and is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp

from gaugehouse.domain.series import DISCHARGE, STAGE

RAIN = "00045"
WATER_TEMPERATURE = "00010"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The weather of a state for four hours. `wet` decays slowly after rain; `summer` runs from -1 to 1."""

    storm: float
    wet: float
    summer: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter.

    `level` gives the value at a moment from the weather, the size of the stream and a chance (both 0 to 1).
    `write` gives the agency's text of a level, with a jitter from 64 random bits; `revise` corrects a level.
    """

    code: str
    name: str
    description: str
    unit: str
    computation: str
    daily_statistic: str
    legacy_name: str
    legacy_unit: str
    legacy_id: int
    level: Callable[[Weather, float, float], float]
    write: Callable[[float, int], str]
    revise: Callable[[float], float]
    is_sum: bool = False  # a depth since the last value, not a level that runs on between two values


def _flow(weather: Weather, size: float, chance: float) -> float:
    return 10 ** (-0.3 + 4.5 * size) * exp(1.1 * weather.wet - 0.4 * weather.summer) * (1 + 0.04 * chance)


def _stage(weather: Weather, size: float, chance: float) -> float:
    return 0.8 + 9 * size + 1.6 * weather.wet - 0.2 * weather.summer + 0.05 * chance


def _temperature(weather: Weather, size: float, chance: float) -> float:
    return 14 + (9 - 3 * size) * weather.summer - 0.5 * weather.wet + chance


def _rain(weather: Weather, size: float, chance: float) -> float:
    return weather.storm * (0.5 + 0.5 * size) * (chance > 0.3)


def _three_digits(level: float, bits: int) -> str:
    """Write a flow as the agency does: three significant digits, and never more than two decimals."""
    flow = level * (1 + (bits & 15) * 0.0005)
    if flow < 10:
        return f"{flow:.2f}"
    if flow < 100:
        return f"{flow:.1f}"
    if flow < 1000:
        return f"{flow:.0f}"
    return str(int(float(f"{flow:.2e}")))


def _hundredths(level: float, bits: int) -> str:
    return f"{level + (bits & 3) * 0.01:.2f}"


def _tenths(level: float, bits: int) -> str:
    return f"{level + (bits & 1) * 0.1:.1f}"


def _depth(level: float, bits: int) -> str:
    return f"{level * (bits & 15) * 0.005:.2f}" if level else "0.00"


PARAMETERS: Mapping[str, Parameter] = {
    parameter.code: parameter
    for parameter in (
        Parameter(
            code=DISCHARGE,
            name="Discharge",
            description="Discharge, cubic feet per second",
            unit="ft^3/s",
            computation="Instantaneous",
            daily_statistic="00003",
            legacy_name="Streamflow, ft&#179;/s",
            legacy_unit="ft3/s",
            legacy_id=45807197,
            level=_flow,
            write=_three_digits,
            revise=lambda level: level * 1.06,
        ),
        Parameter(
            code=STAGE,
            name="Gage height",
            description="Gage height, feet",
            unit="ft",
            computation="Instantaneous",
            daily_statistic="00003",
            legacy_name="Gage height, ft",
            legacy_unit="ft",
            legacy_id=45807202,
            level=_stage,
            write=_hundredths,
            revise=lambda level: level + 0.07,
        ),
        Parameter(
            code=RAIN,
            name="Precipitation",
            description="Precipitation, total, inches",
            unit="in",
            computation="Decumulated",
            daily_statistic="00006",
            legacy_name="Precipitation, total, inches",
            legacy_unit="in",
            legacy_id=45807140,
            level=_rain,
            write=_depth,
            revise=lambda level: level * 1.5,
            is_sum=True,
        ),
        Parameter(
            code=WATER_TEMPERATURE,
            name="Temperature, water",
            description="Temperature, water, degrees Celsius",
            unit="degC",
            computation="Instantaneous",
            daily_statistic="00003",
            legacy_name="Temperature, water, &#176;C",
            legacy_unit="deg C",
            legacy_id=45807042,
            level=_temperature,
            write=_tenths,
            revise=lambda level: level + 0.3,
        ),
    )
}
