"""Poll live rainfall: the totals of the last minutes and hours of every gauge, in one request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection

from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceBusy
from gaugehouse.domain.gauges import MCFCD, GaugeSummary
from gaugehouse.domain.live_rain import (
    INCHES,
    INTERVAL_METHODS,
    INTERVALS_HOURS,
    IntervalReport,
    IntervalTotals,
)
from gaugehouse.domain.measurements import MeasuredSeries, Measurements, Response
from gaugehouse.domain.polling import MOST_AHEAD
from gaugehouse.domain.rainfall import RAINFALL
from gaugehouse.domain.series import INSTANTANEOUS, Series
from gaugehouse.services.listed_gauges import add_unknown, one_row_each
from gaugehouse.services.store_measurements import prepare_partitions, store_readings
from gaugehouse.store import gauges, monitoring_state, rejected_records, series
from gaugehouse.store.connection import database_time

RAINFALL_SOURCE = "mcfcd_rainfall"


@dataclass(frozen=True, slots=True, kw_only=True)
class RainfallSummary:
    """What one poll of the report did. `missing` totals are no readings; `renamed` gauges have another name
    on the gauge list. The last three count all series of such totals as they are doing now.
    """

    gauges: int
    discovered: int
    renamed: int
    missing: int
    rejected: int
    inserted: int
    revised: int
    unchanged: int
    active: int
    degraded: int
    offline: int

    @property
    def rows_affected(self) -> int:
        """Gauges and readings that were written."""
        return self.discovered + self.inserted + self.revised


def poll_rainfall(
    *, conn: Connection, ask: Callable[[], IntervalReport], polled_at: datetime
) -> RainfallSummary:
    """Store the totals of every gauge in the report, and how each series is doing, in one transaction.

    The report's own time is that of its readings, so an old report makes every series stale. Without an
    answer all of them are offline, by one statement.

    Raises: SourceBusy (not asked); after recording it, what `ask` raises, and DocumentInvalid when the
    report is dated in the future.
    """
    try:
        report = ask()
        if report.observed_at > database_time(conn) + MOST_AHEAD:
            raise DocumentInvalid(
                f"prpt.txt: its time {report.observed_at:%Y-%m-%d %H:%M} UTC is still to come"
            )
    except SourceBusy:
        raise
    except GaugehouseError:
        monitoring_state.record_failure(
            conn, gauges.of_network(conn, MCFCD), attempted_at=polled_at, source=RAINFALL_SOURCE
        )
        raise
    return _store(report, conn=conn, polled_at=polled_at)


def _store(report: IntervalReport, *, conn: Connection, polled_at: datetime) -> RainfallSummary:
    known = gauges.listed_names_of(conn, [entry.station_id for entry in report.entries])
    entries, impostors = one_row_each(
        report.entries,
        known,
        source=RAINFALL_SOURCE,
        file_name="prpt.txt",
        describe=lambda entry: f"{entry.gauge_name} | {entry.station_id} | {entry.totals_inches}",
    )
    response = _response(entries, report.observed_at)
    prepare_partitions(response, conn=conn)
    with conn.transaction():
        summaries = [_summary_of(entry, report.observed_at) for entry in entries]
        discovered = add_unknown(conn, summaries, told_by="interval_report")
        gauges.upsert_summaries(conn, [each for each in summaries if each.station_id in discovered])
        _add_series(conn, response.measurements.series)
        rejected = rejected_records.record(conn, [*report.rejects, *impostors])
        counts = store_readings(response, conn=conn)
        states = monitoring_state.record_answer(
            conn,
            gauges.of_network(conn, MCFCD),
            attempted_at=polled_at,
            window_start=report.observed_at,
            measurements=response.measurements,
            source=RAINFALL_SOURCE,
        )
    return RainfallSummary(
        gauges=len(entries),
        discovered=len(discovered),
        renamed=sum(known.get(entry.station_id, entry.gauge_name) != entry.gauge_name for entry in entries),
        missing=response.missing,
        rejected=rejected,
        inserted=counts.inserted,
        revised=counts.revised,
        unchanged=counts.unchanged,
        active=states.active,
        degraded=states.degraded,
        offline=states.offline,
    )


def _response(entries: Sequence[IntervalTotals], observed_at: datetime) -> Response[datetime]:
    """Make a series of each gauge and interval, and a reading of each total that is there."""
    measured = tuple(
        MeasuredSeries(entry.station_id, RAINFALL, INSTANTANEOUS, INCHES, method)
        for entry in entries
        for method in INTERVAL_METHODS
    )
    totals = [total for entry in entries for total in entry.totals_inches]
    present = [(index, total) for index, total in enumerate(totals) if total is not None]
    return Response(
        measurements=Measurements(
            measured,
            [index for index, _ in present],
            [observed_at] * len(present),
            [total for _, total in present],
            [None] * len(present),
            [False] * len(present),
            [observed_at] * len(present),
        ),
        missing=len(totals) - len(present),
    )


def _add_series(conn: Connection, measured: Sequence[MeasuredSeries]) -> None:
    """Make the series that are not known yet, all by one statement."""
    found = series.find(conn, measured)
    new = [
        Series(
            station_id=each.station_id,
            parameter_code=each.parameter_code,
            statistic=each.statistic,
            method=each.method,
            unit=each.unit,
            source=RAINFALL_SOURCE,
        )
        for each, known in zip(measured, found, strict=True)
        if known is None
    ]
    if new:
        series.upsert(conn, new)


def _summary_of(entry: IntervalTotals, observed_at: datetime) -> GaugeSummary:
    past = dict(zip(INTERVALS_HOURS, entry.totals_inches, strict=True))
    return GaugeSummary(
        station_id=entry.station_id,
        gauge_name=entry.gauge_name,
        rainfall_past_6h_inches=past[6],
        rainfall_past_24h_inches=past[24],
        observed_at=observed_at,
    )
