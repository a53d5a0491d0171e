"""Close rain days: a day that is over and whose transmissions are unbroken has a provisional total."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.live_rain import LONGEST_SILENCE, Tip, rain_of_day
from gaugehouse.domain.precedence import LIVE_SOURCE
from gaugehouse.domain.rainfall import SUSPECT_ABOVE_INCHES, DailyRainfall, Quality, RainRecord
from gaugehouse.sources.mcfcd.arizona_time import MOUNTAIN_STANDARD_TIME, day_start
from gaugehouse.store import rain_readings, tips


def close_rain_days(station_id: str, changed: Sequence[Tip], *, conn: Connection) -> int:
    """Store the totals of the days on which these stored transmissions bear. Return how many days changed.

    Runs in the caller's transaction. The document date of such a day is the day itself, the oldest that any
    document which tells of it can have.
    """
    days = sorted(_days_of(changed))
    if not days:
        return 0
    stored = tips.since(conn, station_id, day_start(days[0]) - LONGEST_SILENCE)
    totals = {day: rain_of_day(stored, day, day_start) for day in days}
    return sum(
        _keep(station_id, day, inches, conn=conn) for day, inches in totals.items() if inches is not None
    )


def _days_of(changed: Iterable[Tip]) -> set[date]:
    """Return the local days that a transmission can belong to, or be the edge of."""
    moments = (
        tip.observed_at + shift
        for tip in changed
        for shift in (-LONGEST_SILENCE, timedelta(), LONGEST_SILENCE)
    )
    return {_local_day(moment) for moment in moments}


def _local_day(moment: datetime) -> date:
    return moment.astimezone(MOUNTAIN_STANDARD_TIME).date()


def _keep(station_id: str, day: date, inches: float, *, conn: Connection) -> int:
    quality = Quality.SUSPECT if inches > SUSPECT_ABOVE_INCHES else Quality.PROVISIONAL
    record = RainRecord(
        station_id=station_id,
        data_source=LIVE_SOURCE,
        document_date=day,
        days=(DailyRainfall(day, inches, quality),),
        missing=(),
        gaps=(),
    )
    counts = rain_readings.merge(conn, [record]).counts
    return counts.inserted + counts.revised
