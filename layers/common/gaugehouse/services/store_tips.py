"""Store what the page of a watched gauge says: its counter, its state, and the days that are complete now."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from psycopg import Connection

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.live_rain import COUNTER_METHOD, INCHES, LONGEST_SILENCE, Tip, TipRecord
from gaugehouse.domain.measurements import MeasuredSeries, Measurements, Response
from gaugehouse.domain.poll_targets import is_name_of
from gaugehouse.domain.rainfall import RAINFALL, Gap
from gaugehouse.domain.series import INSTANTANEOUS, Series
from gaugehouse.services.close_rain_days import close_rain_days
from gaugehouse.services.listed_gauges import add_unknown
from gaugehouse.services.store_measurements import prepare_partitions, store_readings
from gaugehouse.store import (
    data_gaps,
    gauges,
    known_series,
    monitoring_state,
    poll_targets,
    rejected_records,
    series,
    site_lookups,
    tips,
)
from gaugehouse.store.connection import database_time

TIPS_SOURCE = "mcfcd_tips"
SILENT_AFTER = timedelta(days=2)  # stale after seven hours, offline after two days without a transmission


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTips:
    """What storing pages did. `gaps` are pages that did not reach back to the last stored transmission.

    `days_closed` are daily totals that were written; `renamed` gauges have another name on their page.
    """

    discovered: int = 0
    renamed: int = 0
    inserted: int = 0
    revised: int = 0
    rejected: int = 0
    gaps: int = 0
    days_closed: int = 0

    def __add__(self, other: "StoredTips") -> "StoredTips":
        """Add the counts of two pages."""
        names = (field.name for field in fields(StoredTips))
        return StoredTips(**{name: getattr(self, name) + getattr(other, name) for name in names})


def store_tips(record: TipRecord, *, conn: Connection, polled_at: datetime) -> StoredTips:
    """Store what is new or other than before, in one transaction with what is known of the gauge.

    The page repeats a month, so that late rows are found.
    """
    station_id = record.station_id
    changed = _changed(record, conn)
    newest = tips.newest(conn, station_id)
    response = Response(measurements=_measurements(station_id, changed, modified=database_time(conn)))
    prepare_partitions(response, conn=conn)
    with conn.transaction():
        summary = GaugeSummary(station_id=station_id, gauge_name=record.gauge_name)
        discovered = add_unknown(conn, [summary], told_by="tips")
        rejects = [*record.rejects, *_another_name(record, conn)]
        poll_targets.mark_discovered(conn, station_id)
        series.upsert(conn, [_series(station_id)])
        stored = store_readings(response, conn=conn)
        monitoring_state.record_answer(
            conn,
            [station_id],
            attempted_at=polled_at,
            window_start=polled_at - _longest_wait(station_id, conn),
            measurements=_measurements(station_id, record.tips, modified=polled_at),
            source=TIPS_SOURCE,
        )
        gap = _gap(record, newest)
        if gap is not None:
            data_gaps.add(conn, station_id, gap, source=TIPS_SOURCE)
        days_closed = close_rain_days(station_id, changed, conn=conn)
        rejected = rejected_records.record(conn, rejects)
    return StoredTips(
        discovered=len(discovered),
        renamed=len(rejects) - len(record.rejects),
        inserted=stored.inserted,
        revised=stored.revised,
        rejected=rejected,
        gaps=int(gap is not None),
        days_closed=days_closed,
    )


def _changed(record: TipRecord, conn: Connection) -> list[Tip]:
    if not record.tips:
        return []
    known = dict(tips.since(conn, record.station_id, record.tips[0].observed_at))
    return [tip for tip in record.tips if known.get(tip.observed_at) != tip.counter_inches]


def _gap(record: TipRecord, newest: datetime | None) -> Gap | None:
    """Tell of transmissions that the agency no longer shows: between our newest and its oldest."""
    if newest is None or not record.tips or record.tips[0].observed_at <= newest:
        return None
    return Gap(
        gap_start=newest,
        gap_end=record.tips[0].observed_at,
        cause="not_polled_in_time",
        missing_days=0,
        notes="the page of tips did not reach back to the last stored transmission",
    )


def _longest_wait(station_id: str, conn: Connection) -> timedelta:
    """Say how long a gauge may be silent before it counts as offline: longer than before it is stale."""
    thresholds = known_series.staleness_minutes(conn, [station_id], parameter_codes=[RAINFALL])
    return max(SILENT_AFTER, timedelta(minutes=thresholds.get(station_id, 0)))


def _another_name(record: TipRecord, conn: Connection) -> list[RejectedRecord]:
    """A wrong id would otherwise go unseen. Its tips are stored: names are spelt in many ways.

    The name that was given with the id is all there is to compare with where the gauge is not known yet.
    """
    given = site_lookups.names(conn, [record.station_id]).values()
    names = set(given) or gauges.names_of(conn, record.station_id)
    if not names or any(is_name_of(name, record.gauge_name) for name in names):
        return []
    return [
        RejectedRecord(
            source=TIPS_SOURCE,
            reason="another_name",
            raw=record.gauge_name,
            detail=f"gauge {record.station_id} is {' or '.join(map(repr, sorted(names)))} here and "
            f"{record.gauge_name!r} on its page of tips; is it the gauge that is meant?",
        )
    ]


def _series(station_id: str) -> Series:
    return Series(
        station_id=station_id,
        parameter_code=RAINFALL,
        statistic=INSTANTANEOUS,
        method=COUNTER_METHOD,
        unit=INCHES,
        source=TIPS_SOURCE,
        staleness_minutes=LONGEST_SILENCE // timedelta(minutes=1),
    )


def _measurements(station_id: str, told: Sequence[Tip], *, modified: datetime) -> Measurements[datetime]:
    """Make readings of transmissions. The page does not say when a row was changed: when we saw it, then."""
    return Measurements(
        (MeasuredSeries(station_id, RAINFALL, INSTANTANEOUS, INCHES, COUNTER_METHOD),),
        [0] * len(told),
        [tip.observed_at for tip in told],
        [tip.counter_inches for tip in told],
        [None] * len(told),
        [False] * len(told),
        [modified] * len(told),
    )
