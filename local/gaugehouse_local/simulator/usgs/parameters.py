"""What the simulated gauges measure: how each parameter is named, behaves and is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import exp

from gaugehouse.domain.series import DISCHARGE, STAGE

RAIN = "00045"
WATER_TEMPERATURE = "00010"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The weather of a state for four hours, and what its rain left behind.

    `quick` is the water that small streams carry off within a day, `slow` that of large rivers, which rises
    for a day and recedes for weeks; `summer` runs from -1 to 1.
    """

    storm: float
    quick: float
    slow: float
    summer: float


Write = Callable[[float, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter.

    `level` gives the level at a moment from the weather, the size of the stream and a chance (both 0 to 1).
    `writer` gives, for a size, what writes the agency's text of a level, with a jitter from 64 random bits
    where the parameter has one; `revise` corrects a level.
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
    writer: Callable[[float], Write]
    revise: Callable[[float], float]
    is_sum: bool = False  # a depth since the last value, not a level that runs on between two values


# The rating of a stream: its flow grows with this power of its depth, the same for stage and discharge.
_RATING = 1.8


def usual_depth_ft(size: float) -> float:
    """Return the depth of a stream above the stage of no flow when it carries its usual flow."""
    return 0.6 + 6 * size


def _usual_flow(size: float) -> float:
    """Return the usual flow of a stream in cubic feet per second: half a one to 15,800."""
    return float(10 ** (-0.3 + 4.5 * size))


def _depth_of_stream(weather: Weather, size: float, chance: float) -> float:
    """Return the depth in feet. A brook carries twenty times its usual flow in a storm, a river thrice."""
    runoff = 0.4 + 0.8 * weather.slow + 12 * (1 - size) ** 2 * weather.quick
    times_usual = exp(-0.4 * weather.summer) * runoff
    return float(usual_depth_ft(size) * times_usual ** (1 / _RATING) + 0.01 * chance)


def _temperature(weather: Weather, size: float, chance: float) -> float:
    return 14 + (9 - 3 * size) * weather.summer - 0.5 * weather.quick + chance


def _rain(weather: Weather, size: float, chance: float) -> float:
    return weather.storm * (0.5 + 0.5 * size) * (chance > 0.3)


def _flow_writer(size: float) -> Write:
    return partial(_write_flow, _usual_flow(size) / usual_depth_ft(size) ** _RATING)


def _write_flow(factor: float, depth: float, _bits: int) -> str:
    """Write a depth's flow: three significant digits and at most two decimals; one stage has one flow."""
    flow = factor * round(depth, 2) ** _RATING
    if flow < 10:
        return f"{flow:.2f}"
    if flow < 100:
        return f"{flow:.1f}"
    if flow < 1000:
        return f"{flow:.0f}"
    return str(int(float(f"{flow:.2e}")))


def _hundredths(level: float, _bits: int) -> str:
    return f"{round(level, 2) + 0.0:.2f}"  # never -0.00


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
            level=_depth_of_stream,
            writer=_flow_writer,
            revise=lambda depth: depth * 1.03 + 0.03,
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
            level=_depth_of_stream,
            writer=lambda _size: _hundredths,
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
            writer=lambda _size: _depth,
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
            writer=lambda _size: _tenths,
            revise=lambda level: level + 0.3,
        ),
    )
}
