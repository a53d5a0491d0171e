"""The values of one series: what the agency has of each moment at a given time, and since when.

Nothing is stored. A value is a function of its series and its moment; what the agency serves of it also
depends on the present: it arrives, perhaps late, is perhaps revised some hours or days later, and is
approved after some months. Every such change is a new version with a newer date.
"""

from typing import NamedTuple

from gaugehouse_local.simulator.usgs.chance import mix
from gaugehouse_local.simulator.usgs.parameters import Weather
from gaugehouse_local.simulator.usgs.series import SimulatedSeries
from gaugehouse_local.simulator.usgs.weather import BLOCK, weather

ICE, EQUIPMENT, ESTIMATED = ("ICE",), ("EQUIP",), ("ESTIMATED",)

_HOUR = 3600
_REVISED_AFTER = (2 * _HOUR, 6 * _HOUR, 20 * _HOUR, 100 * _HOUR)
# From the moment of a value to the last change of it before its approval: a late block, then a revision.
LONGEST_CHANGE = 2 * BLOCK + _REVISED_AFTER[-1] + 1024


class Value(NamedTuple):
    """One value as the agency has it now. `text` is None where it knows of the moment and has no number.

    `time` is the moment and `modified` the second of the last change, both since 1970; for a daily value
    `time` is the day since 1970. `mark` is 64 bits that no other version of any value has.
    """

    time: int
    text: str | None
    qualifiers: tuple[str, ...]
    approved: bool
    modified: int
    mark: int


class _Fate(NamedTuple):
    """What happens to the values of one block. Times are 0 where it does not happen."""

    is_lost: bool = False
    arrives_late_at: int = 0
    revised_at: int = 0
    qualifiers: tuple[str, ...] = ()


_UNTROUBLED = _Fate()
_NO_NUMBER = (ICE, EQUIPMENT)


def values_in_block(  # noqa: PLR0917 - called for each block of each series: keywords would cost
    series: SimulatedSeries,
    block: int,
    start: int,
    end: int,
    now: int,
    changed: tuple[int, int] | None = None,
) -> list[Value]:
    """Return a block's values with start ≤ time ≤ end that have arrived before `now`, oldest first.

    With `changed` only those that were last changed in these seconds (both inclusive).
    """
    block_start = block * BLOCK
    fate = _UNTROUBLED if series.calm else _fate(series, block)
    if fate.is_lost or block_start > now:
        return []
    together, version = _changed_together(series, fate, block_start, now)
    if together >= now or (changed and not _can_be_within(changed, together, block_start)):
        return []
    level, slope = _level_and_slope(series, block)
    if version and fate.revised_at:
        level = series.parameter.revise(level)
    key, step, hourly, transmits_at, delay = (
        series.key, series.step, series.hourly, series.transmits_at, series.delay,
    )  # fmt: skip
    write = None if fate.qualifiers in _NO_NUMBER else series.write
    values = []
    first = max(start, block_start)
    for time in range(first + -first % step, min(end, block_start + BLOCK - 1) + 1, step):
        mark = mix(key, time)
        if together:
            modified = together
        elif hourly:
            modified = time + (transmits_at - time) % _HOUR + delay
        else:
            modified = time + delay + (mark & 63)
        if modified >= now or (changed and not changed[0] <= modified <= changed[1]):
            continue
        text = write(level + slope * (time - block_start), mark) if write else None
        values.append(Value(time, text, fate.qualifiers, version == 2, modified, mark ^ version))
    return values


def changed_blocks(series: SimulatedSeries, start: int, end: int, changed: tuple[int, int]) -> list[range]:
    """Return the blocks between two moments that hold all values which were changed in these seconds."""
    approved_from, approved_until = series.approved_between(*changed)
    recent_from = max(start, changed[0] - LONGEST_CHANGE)
    recent = range(recent_from // BLOCK, min(end, changed[1]) // BLOCK + 1)
    approved_from, approved_until = max(start, approved_from), min(end + 1, approved_until, recent_from)
    if approved_from >= approved_until:
        return [recent]
    return [range(approved_from // BLOCK, -(-approved_until // BLOCK)), recent]


def _fate(series: SimulatedSeries, block: int) -> _Fate:
    bits = mix(series.key ^ 0x5EED, block)
    late_until, revised_at = 0, 0
    finish = (block + 1) * BLOCK
    if bits & 63 == 0:
        late_until = finish + (bits >> 6) % BLOCK
    if (bits >> 20) & 31 == 1:
        revised_at = (late_until or finish) + _REVISED_AFTER[(bits >> 25) & 3] + ((bits >> 27) & 1023)
    qualifiers: tuple[str, ...] = ()
    if (bits >> 37) & 255 == 2:
        qualifiers = EQUIPMENT
    elif series.site.state.freezes and (bits >> 45) & 15 == 3 and _weather(series, block).summer < -0.8:
        qualifiers = ICE
    elif (bits >> 49) & 127 == 4:
        qualifiers = ESTIMATED
    return _Fate((bits >> 56) & 255 == 5, late_until, revised_at, qualifiers)


def _changed_together(series: SimulatedSeries, fate: _Fate, block_start: int, now: int) -> tuple[int, int]:
    """Return when the block as a whole was last changed (0: each value came by itself), and the version."""
    approved_at = series.approved_at(block_start)
    if approved_at < now:
        return approved_at, 2
    if fate.revised_at and fate.revised_at < now:
        return fate.revised_at, 1
    return fate.arrives_late_at, 0


def _can_be_within(changed: tuple[int, int], together: int, block_start: int) -> bool:
    if together:
        return changed[0] <= together <= changed[1]
    return block_start <= changed[1] and changed[0] <= block_start + BLOCK + 2 * _HOUR


def _level_and_slope(series: SimulatedSeries, block: int) -> tuple[float, float]:
    level = level_at(series, block)
    slope = 0.0 if series.parameter.is_sum else (level_at(series, block + 1) - level) / BLOCK
    return level, slope


def level_at(series: SimulatedSeries, block: int) -> float:
    """Return the level at the beginning of a block, or the intensity of its rain.

    Stage and discharge of a site share their chance: a rating leads from the one to the other.
    """
    chance = mix(series.chance_key, block) % 1000 / 1000
    return series.parameter.level(_weather(series, block), series.size, chance) + series.zero_flow_ft


def _weather(series: SimulatedSeries, block: int) -> Weather:
    state = series.site.state
    return weather(series.world, int(state.code), block)
