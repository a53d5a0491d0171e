"""A poll of the multi-interval report through the product's own wiring."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import DocumentInvalid, PollIncomplete, SourceBusy, SourceUnavailable
from gaugehouse.domain.live_rain import INTERVAL_METHODS, INTERVALS_HOURS
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse.sources.mcfcd.arizona_time import to_utc
from gaugehouse.store.live_rainfall import live_rain
from gaugehouse.store.system_state import get_system_state
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.live_documents import write_interval_report
from gaugehouse_local.simulator.record import inches
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.services.polling import poll_now, polled, states, watch
from tests.integration.services.raining import live_states, poll_rain

REPORT = "prpt.txt"


@pytest.fixture
def wet(climate: Climate) -> datetime:
    """A whole minute within a storm at the first gauge: its totals differ."""
    moment = climate.record("59700").tips[-30]
    return moment.replace(second=0) + timedelta(minutes=5)


def rained(run: Run, publisher: ClimateAgency, now: datetime) -> Any:
    return poll_rain(run, publisher, "mcfcd_rainfall", now)


def unmoved(run: Run, publisher: ClimateAgency, now: datetime, *, minutes: float) -> Any:
    """Poll so many minutes later, while the agency's report stays as it is."""
    publisher.now = lambda: now
    scheduled_time = to_utc(now + timedelta(minutes=minutes))
    return poll(PollerEvent(source="mcfcd_rainfall", scheduled_time=scheduled_time), run)


def readings(conn: psycopg.Connection) -> dict[tuple[str, str, datetime], float]:
    rows = conn.execute(
        "SELECT station_id, method, reading_time, value FROM series JOIN gauge_readings USING (series_id) "
        "WHERE source = 'mcfcd_rainfall'"
    )
    return {(station, method, moment): value for station, method, moment, value in rows}


def truth(climate: Climate, now: datetime) -> dict[tuple[str, str, datetime], float]:
    return {
        (gauge.station_id, method, to_utc(now)): round(
            inches(climate.record(gauge.station_id).tips_within(timedelta(hours=hours), now)), 2
        )
        for gauge in climate.gauges
        for method, hours in zip(INTERVAL_METHODS, INTERVALS_HOURS, strict=True)
    }


def test_one_request_stores_the_totals_of_every_gauge(
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    climate: Climate,
    agency: Simulator,
    wet: datetime,
) -> None:
    summary = rained(run, publisher, wet)

    assert readings(conn) == truth(climate, wet)
    assert (summary.gauges, summary.inserted, summary.missing) == (3, 18, 0)
    assert (summary.active, summary.degraded, summary.offline) == (18, 0, 0)
    assert [request.path for request in agency.requests] == ["/alert/Rain/prpt.txt"]
    described = conn.execute(
        "SELECT DISTINCT parameter_code, statistic, unit, is_primary, staleness_minutes, source FROM series"
    ).fetchall()
    assert described == [("00045", "00011", "in", True, 120, "mcfcd_rainfall")]


def test_the_newest_totals_of_a_gauge_are_in_the_order_of_the_report(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate, wet: datetime
) -> None:
    rained(run, publisher, wet - timedelta(minutes=15))
    rained(run, publisher, wet)

    told = {
        ("59700", total.method, total.latest_reading_time): total.inches
        for total in live_rain(conn, "59700")
        if total.status == "active"
    }
    assert [method for _, method, _ in told] == list(INTERVAL_METHODS)
    assert told == {key: value for key, value in truth(climate, wet).items() if key[0] == "59700"}


def test_the_same_report_again_writes_nothing(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, wet: datetime
) -> None:
    rained(run, publisher, wet)
    before = conn.execute("SELECT * FROM gauge_readings ORDER BY series_id").fetchall()

    summary = unmoved(run, publisher, wet, minutes=15)

    assert (summary.inserted, summary.revised, summary.unchanged) == (0, 0, 18)
    assert conn.execute("SELECT * FROM gauge_readings ORDER BY series_id").fetchall() == before


def test_the_next_report_adds_its_own_readings(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate, wet: datetime
) -> None:
    rained(run, publisher, wet)
    later = wet + timedelta(minutes=15)

    rained(run, publisher, later)

    assert readings(conn) == truth(climate, wet) | truth(climate, later)
    [(series,)] = conn.execute("SELECT count(*) FROM series").fetchall()
    assert series == 18


def test_an_unknown_gauge_is_discovered_and_a_known_one_stays(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate, wet: datetime
) -> None:
    poll(PollerEvent(source="mcfcd_gauge_list"), run)
    conn.execute("DELETE FROM import_jobs WHERE subject = '59700'")
    conn.execute("DELETE FROM gauge_summaries WHERE station_id = '59700'")
    conn.execute("DELETE FROM gauges WHERE station_id = '59700'")
    known = conn.execute("SELECT * FROM gauges ORDER BY station_id").fetchall()

    summary = rained(run, publisher, wet)

    assert (summary.discovered, summary.renamed) == (1, 0)
    [(name, network, told_by)] = conn.execute(
        "SELECT name, network, metadata_source FROM gauges WHERE station_id = '59700'"
    ).fetchall()
    assert (name, network, told_by) == (climate.gauges[0].name, "mcfcd", "interval_report")
    jobs = conn.execute(
        "SELECT kind, source, gauge_summary ->> 'gauge_name' FROM import_jobs WHERE subject = '59700'"
    ).fetchall()
    assert jobs == [("fopr", "discovery", climate.gauges[0].name)]
    others = conn.execute("SELECT * FROM gauges WHERE station_id <> '59700' ORDER BY station_id").fetchall()
    assert others == known
    assert rained(run, publisher, wet + timedelta(minutes=15)).discovered == 0


def test_a_missing_total_is_no_reading_and_its_series_has_no_data(
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    agency: Simulator,
    climate: Climate,
    wet: datetime,
) -> None:
    report = write_interval_report(climate, wet).decode()
    row = next(line for line in report.splitlines() if " 59700 " in line)
    cells = row.split()
    spoilt = row.removesuffix(cells[-1]) + "----"
    agency.order(REPORT, Fault.replace(report.replace(row, spoilt).encode()))

    summary = rained(run, publisher, wet)

    assert (summary.missing, summary.inserted, summary.offline) == (1, 17, 1)
    by_method = {state["method"]: state for state in live_states(conn, "59700")}
    assert (by_method["past_72_h"]["status"], by_method["past_72_h"]["status_reason"]) == (
        "offline",
        "no_data",
    )
    assert by_method["past_72_h"]["inches"] is None
    assert by_method["past_24_h"]["status"] == "active"


def test_an_old_report_makes_every_series_stale(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, wet: datetime
) -> None:
    rained(run, publisher, wet)

    for minutes, status in [(120, "active"), (121, "degraded")]:
        unmoved(run, publisher, wet, minutes=minutes)
        assert {state["status"] for state in live_states(conn)} == {status}
    assert {state["status_reason"] for state in live_states(conn)} == {"stale"}


def test_a_gauge_that_left_the_report_has_no_data(
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    agency: Simulator,
    climate: Climate,
    wet: datetime,
) -> None:
    rained(run, publisher, wet)
    later = wet + timedelta(minutes=15)
    lines = write_interval_report(climate, later).decode().splitlines(keepends=True)
    agency.order(REPORT, Fault.replace("".join(line for line in lines if " 59700 " not in line).encode()))

    rained(run, publisher, later)

    told = {state["station_id"]: state["status_reason"] for state in live_states(conn)}
    assert told == {gauge.station_id: None for gauge in climate.gauges} | {"59700": "no_data"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.status(503), SourceUnavailable),
        (Fault.html(), SourceUnavailable),
        (Fault.truncated(500), SourceUnavailable),
        (Fault.replace(b"no report at all\n"), DocumentInvalid),
    ],
)
def test_without_an_answer_every_series_is_offline_and_nothing_else_changes(
    fault: Fault,
    error: type[Exception],
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    agency: Simulator,
    wet: datetime,
) -> None:
    rained(run, publisher, wet)
    stored = readings(conn)
    agency.order(REPORT, fault, times=None)

    for n in (1, 2):
        with pytest.raises(error):
            rained(run, publisher, wet + timedelta(minutes=15 * n))

    assert readings(conn) == stored
    for state in live_states(conn):
        assert (state["status"], state["status_reason"], state["consecutive_failures"]) == (
            "offline", "request_failed", 2
        )  # fmt: skip
        assert state["latest_reading_time"] == state["last_data_received"] == to_utc(wet)

    agency.cancel_faults()
    rained(run, publisher, wet + timedelta(minutes=45))
    assert {(state["status"], state["consecutive_failures"]) for state in live_states(conn)} == {
        ("active", 0)
    }


def test_a_quota_that_is_used_up_is_no_failure_of_any_gauge(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator, wet: datetime
) -> None:
    rained(run, publisher, wet)
    agency.order(REPORT, Fault.too_many_requests(retry_after="3600"))
    with pytest.raises(SourceUnavailable):
        rained(run, publisher, wet + timedelta(minutes=15))
    before = live_states(conn)

    with pytest.raises(SourceBusy):
        rained(run, publisher, wet + timedelta(minutes=30))

    assert live_states(conn) == before


def test_a_report_of_the_future_is_refused(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator, climate: Climate
) -> None:
    agency.order(REPORT, Fault.replace(write_interval_report(climate, datetime(2069, 1, 1))))  # noqa: DTZ001
    with pytest.raises(DocumentInvalid, match="still to come"):
        poll(PollerEvent(source="mcfcd_rainfall"), run)
    assert readings(conn) == {}


def test_a_second_gauge_under_a_known_id_is_rejected(
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    agency: Simulator,
    climate: Climate,
    wet: datetime,
) -> None:
    poll(PollerEvent(source="mcfcd_gauge_list"), run)
    report = write_interval_report(climate, wet).decode()
    row = next(line for line in report.splitlines() if " 59700 " in line)
    impostor = f"{'Sycamore FRS #3':<36}" + row[36:-4] + "9.99"
    agency.order(REPORT, Fault.replace(report.replace(row, f"{impostor}\n{row}").encode()))

    summary = rained(run, publisher, wet)

    assert (summary.gauges, summary.rejected) == (3, 1)
    assert readings(conn) == truth(climate, wet)
    [(reason, detail)] = conn.execute("SELECT reason, detail FROM rejected_records").fetchall()
    assert reason == "duplicate_station_id"
    assert "prpt.txt: id 59700 stands for" in detail and "Sycamore FRS #3" in detail


def test_a_gauge_with_another_name_than_on_the_list_is_counted(
    run: Run, publisher: ClimateAgency, agency: Simulator, climate: Climate, wet: datetime
) -> None:
    poll(PollerEvent(source="mcfcd_gauge_list"), run)
    report = write_interval_report(climate, wet).decode().replace(climate.gauges[0].name, "Another Park ")
    agency.order(REPORT, Fault.replace(report.encode()))

    assert rained(run, publisher, wet).renamed == 1


def test_stream_gauges_and_rain_gauges_keep_apart(
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    network: Network,
    agency: Simulator,
    wet: datetime,
) -> None:
    watch(conn, network)
    poll_now(run, network)
    streams, state = states(conn), get_system_state(conn)
    views = "SELECT count(*) FROM usgs_raw.gauge_readings"
    readings_before = conn.execute(views).fetchone()

    rained(run, publisher, wet)

    assert states(conn) == streams
    assert conn.execute(views).fetchone() == readings_before
    after = get_system_state(conn)
    assert (after.series_active, after.poll_targets) == (state.series_active, state.poll_targets)
    assert (after.rain_series_active, after.gauges_with_record) == (18, state.gauges_with_record)
    assert after.newest_rain_seconds == pytest.approx(
        (datetime.now(UTC) - to_utc(wet)).total_seconds(), abs=60
    )

    agency.order("", Fault.status(503), times=None, path_prefix="/ogcapi/")
    rain_states = live_states(conn)
    with pytest.raises(PollIncomplete, match="503"):
        polled(run, network)
    assert live_states(conn) == rain_states
