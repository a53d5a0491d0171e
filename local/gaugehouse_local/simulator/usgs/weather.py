"""The weather of each simulated state, computed for any four hours of any year."""

from datetime import date
from functools import lru_cache
from math import cos, pi

from gaugehouse_local.simulator.usgs.chance import mix
from gaugehouse_local.simulator.usgs.epoch import DAY, day_of
from gaugehouse_local.simulator.usgs.parameters import Weather

BLOCK = 4 * 3600  # seconds: the weather changes, and the fate of values is drawn, once in each block

_CHANCE_OF_STORM = 0.06
_DRYING = 0.8  # what is left of the wetness after each block
_WEIGHTS = tuple(_DRYING**ago for ago in range(10))  # of the last blocks' rain
_BLOCKS_PER_YEAR = 365.25 * DAY / BLOCK
_MIDSUMMER = day_of(date(1970, 7, 20)) * DAY / BLOCK


@lru_cache(maxsize=1 << 15)
def weather(world: int, region: int, block: int) -> Weather:
    """Return the weather of a region (a number) in a block (of four hours, counted from 1970)."""
    wet = 0.0
    for ago, weight in enumerate(_WEIGHTS):
        wet += weight * _storm(world, region, block - ago)
    summer = cos(2 * pi * (block - _MIDSUMMER) / _BLOCKS_PER_YEAR)
    return Weather(storm=_storm(world, region, block), wet=wet, summer=summer)


@lru_cache(maxsize=1 << 15)
def _storm(world: int, region: int, block: int) -> float:
    bits = mix(mix(world, region), block)
    return 0.2 + (bits >> 40) % 256 / 128 if bits % 1000 < 1000 * _CHANCE_OF_STORM else 0.0
