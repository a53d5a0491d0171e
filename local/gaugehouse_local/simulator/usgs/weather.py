"""The weather of each simulated state, computed for any four hours of any year."""

from datetime import date
from functools import lru_cache
from math import cos, pi

from gaugehouse_local.simulator.usgs.chance import mix
from gaugehouse_local.simulator.usgs.epoch import DAY, day_of
from gaugehouse_local.simulator.usgs.parameters import Weather

BLOCK = 4 * 3600  # seconds: the weather changes, and the fate of values is drawn, once in each block

_CHANCE_OF_STORM = 0.06
# What is left of each kind of water after a block. Rain runs off at once, or through the soil to the rivers.
_QUICK, _SOIL, _SLOW = 0.6, 0.8, 0.97
_TO_RIVERS = 0.06
_CHUNK = 360  # blocks whose water is reckoned together: from one to the next it only has to be carried on
_WARM_UP = 120  # blocks before a chunk, of which some water is left in it
_BLOCKS_PER_YEAR = 365.25 * DAY / BLOCK
_MIDSUMMER = day_of(date(1970, 7, 20)) * DAY / BLOCK


@lru_cache(maxsize=1 << 15)
def weather(world: int, region: int, block: int) -> Weather:
    """Return the weather of a region (a number) in a block (of four hours, counted from 1970)."""
    chunk, place = divmod(block, _CHUNK)
    storm, quick, slow = _waters(world, region, chunk)[place]
    summer = cos(2 * pi * (block - _MIDSUMMER) / _BLOCKS_PER_YEAR)
    return Weather(storm=storm, quick=quick, slow=slow, summer=summer)


@lru_cache(maxsize=1 << 10)  # of 50 kB each
def _waters(world: int, region: int, chunk: int) -> list[tuple[float, float, float]]:
    """Return the rain, and the quick and the slow water, of each block of a chunk."""
    key = mix(world, region)
    waters, quick, soil, slow = [], 0.0, 0.0, 0.0
    for block in range(chunk * _CHUNK - _WARM_UP, (chunk + 1) * _CHUNK):
        storm = _storm(key, block)
        quick = _QUICK * quick + storm
        soil = _SOIL * soil + storm
        slow = _SLOW * slow + _TO_RIVERS * soil
        waters.append((storm, quick, slow))
    return waters[_WARM_UP:]


def _storm(key: int, block: int) -> float:
    bits = mix(key, block)
    return 0.2 + (bits >> 40) % 256 / 128 if bits % 1000 < 1000 * _CHANCE_OF_STORM else 0.0
