"""The daily statistics of one series, by the local day of its site."""

from gaugehouse_local.simulator.usgs.chance import mix
from gaugehouse_local.simulator.usgs.epoch import DAY, date_of
from gaugehouse_local.simulator.usgs.series import DailySeries
from gaugehouse_local.simulator.usgs.values import EQUIPMENT, ESTIMATED, ICE, Value, level_at
from gaugehouse_local.simulator.usgs.weather import BLOCK

_HOUR = 3600
_LAST_GAP_YEAR = 2014  # the record has no whole year missing after this one
_BLOCKS_PER_DAY = DAY // BLOCK


def daily_values(series: DailySeries, first: int, last: int, end: int | None, now: int) -> list[Value]:
    """Return the values of the days from `first` to `last` that the agency has by `now`.

    Days count from 1970. `end` is the moment at which the gauge fell silent, if it did.
    """
    source = series.source
    behind = source.site.state.behind_utc * _HOUR
    values = []
    for day in range(max(first, series.begins), last + 1):
        day_start = day * DAY + behind
        day_end = day_start + DAY
        if end is not None and day_end > end:
            break
        mark = mix(series.key, day)
        modified = day_end + 2 * _HOUR + (mark & 8191)
        if modified >= now:
            break
        if not source.calm and _is_gap_year(series, day):
            continue
        approved_at, revised_at = source.approved_at(day_start), 0
        if not source.calm and (mark >> 24) & 15 == 1:
            revised_at = modified + 2 * DAY
        is_approved, is_revised = approved_at < now, bool(revised_at) and revised_at < now
        if is_approved or is_revised:
            modified = approved_at if is_approved else revised_at
        version = 2 if is_approved else int(is_revised)
        text, qualifiers = _statistic(series, day_start, mark, is_revised=is_revised)
        values.append(Value(day, text, qualifiers, is_approved, modified, mark ^ version))
    return values


def _is_gap_year(series: DailySeries, day: int) -> bool:
    year = date_of(day).year
    return year <= _LAST_GAP_YEAR and mix(series.key ^ 0x6A9, year) % 20 == 0


def _statistic(
    series: DailySeries, day_start: int, mark: int, *, is_revised: bool
) -> tuple[str | None, tuple[str, ...]]:
    source = series.source
    # Rain is in single blocks; a level that runs on is known well enough from every second one.
    numbers = range(0, _BLOCKS_PER_DAY, 1 if source.parameter.is_sum else 2)
    levels = [level_at(source, day_start // BLOCK + number) for number in numbers]
    if source.parameter.is_sum:
        steps = BLOCK // source.step
        # A jitter of 0 to 15 a step, as the instantaneous values have it: 7.5 in the mean.
        level = sum(levels) * steps * 7.5 * 0.005
        text = f"{source.parameter.revise(level) if is_revised else level:.2f}"
    else:
        level = sum(levels) / len(levels)
        text = source.write(source.parameter.revise(level) if is_revised else level, mark)
    if source.calm:
        return text, ()
    if (mark >> 10) & 255 == 7:
        return None, EQUIPMENT
    if source.site.state.freezes and _is_winter(day_start) and (mark >> 18) & 7 == 3:
        return text, ESTIMATED + ICE
    return text, ESTIMATED if (mark >> 30) & 63 == 9 else ()


def _is_winter(day_start: int) -> bool:
    return date_of(day_start // DAY).month in {12, 1, 2}
