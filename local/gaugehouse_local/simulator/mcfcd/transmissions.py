"""What a simulated gauge has transmitted: tips as they fell, and heartbeats about every six hours.

Times are naive, Arizona local time. A counter says how many tips there were since 1 October.
"""

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from gaugehouse.domain.water_year import water_year_of, water_year_start
from gaugehouse_local.simulator.gauges import random_for
from gaugehouse_local.simulator.record import ONE_DAY, GaugeRecord

KEPT = timedelta(days=30)  # how far back the agency shows them
HEARTBEAT_HOURS = (0, 6, 12, 18)
CHANCE_OF_LOSS = 0.03  # of a heartbeat


class Transmission(NamedTuple):
    """What came at a moment. `tips` is the counter; heartbeats repeat it."""

    moment: datetime
    tips: int


def transmissions(record: GaugeRecord, now: datetime) -> list[Transmission]:
    """Return what the agency shows of a gauge at `now`, ascending: the last 30 days of it."""
    if record.gauge.silent:
        return []
    begin = now - KEPT
    tips = record.tips[bisect_right(record.tips, begin) : bisect_right(record.tips, now)]
    moments = {*tips, *_heartbeats(record, begin, now)}
    return [Transmission(moment, counter(record, moment)) for moment in sorted(moments)]


def counter(record: GaugeRecord, moment: datetime) -> int:
    """Return the gauge's own count at a moment: what fell in an outage is in it where the counter went on."""
    start = datetime.combine(water_year_start(water_year_of(moment.date())), time())
    seen = bisect_right(record.tips, moment) - bisect_right(record.tips, start)
    return seen + sum(
        outage.end_count - outage.start_count
        for outage in record.outages
        if start <= outage.start and outage.end <= moment
    )


def is_silent(record: GaugeRecord, moment: datetime) -> bool:
    """Tell whether nothing came from the gauge at a moment."""
    return record.gauge.silent or any(outage.start <= moment <= outage.end for outage in record.outages)


def _heartbeats(record: GaugeRecord, begin: datetime, now: datetime) -> list[datetime]:
    first = max(begin.date(), record.gauge.first_reading)
    days = (first + n * ONE_DAY for n in range((now.date() - first).days + 1))
    return [
        moment
        for day in days
        for moment in (datetime.combine(day, time(hour)) for hour in HEARTBEAT_HOURS)
        if begin < moment <= now and not is_silent(record, moment) and not _is_lost(record, moment)
    ]


def _is_lost(record: GaugeRecord, moment: datetime) -> bool:
    """Lose some heartbeats, but never the one with which the counter starts again."""
    if moment == datetime.combine(date(moment.year, 10, 1), time()):
        return False
    return random_for("heartbeat", record.gauge.station_id, moment).random() < CHANCE_OF_LOSS
