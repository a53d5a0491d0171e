"""A poll of watched rain gauges' tips through the product's own wiring."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.domain.gauges import ARIZONA, MCFCD
from gaugehouse.domain.import_jobs import Kind
from gaugehouse.domain.rainfall import DailyRainfall, RainRecord
from gaugehouse.runtime.invocation import Run
from gaugehouse.sources.mcfcd.arizona_time import day_start, to_utc
from gaugehouse.store import minimal_gauges, poll_targets, rain_readings, stream_reports
from gaugehouse.store.system_state import get_system_state
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.live_documents import write_tips
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.services.importing import bring
from tests.integration.services.polling import poll_now, watch
from tests.integration.services.raining import live_days, live_states, poll_rain
from tests.integration.store.ledger import job_row
from tests.real_files import MCFCD as REAL_FOLDER
from tests.real_files import requires_real_files

PAGE = "showdata4.php"
NOW = datetime(2025, 9, 20, 9, 30)  # noqa: DTZ001 - in Arizona, as the simulator has it


@pytest.fixture(autouse=True)
def watched(conn: psycopg.Connection) -> None:
    poll_targets.add(conn, ["59700"], source="mcfcd_tips")


def tipped(run: Run, publisher: ClimateAgency, now: datetime = NOW) -> Any:
    return poll_rain(run, publisher, "mcfcd_tips", now)


def stored(conn: psycopg.Connection, station_id: str = "59700") -> dict[datetime, float]:
    rows = conn.execute(
        "SELECT reading_time, value FROM series JOIN gauge_readings USING (series_id) "
        "WHERE source = 'mcfcd_tips' AND station_id = %s",
        (station_id,),
    )
    return dict(rows.fetchall())


def page_of(climate: Climate, now: datetime = NOW, *, rows: int = 1000) -> str:
    return write_tips(climate.gauges[0], climate.record("59700"), now, rows).decode()


def official(day: date, inches: float, document_date: date) -> RainRecord:
    return RainRecord(
        station_id="59700",
        data_source="fopr",
        document_date=document_date,
        days=(DailyRainfall(day, inches),),
        missing=(),
        gaps=(),
    )


def publish(conn: psycopg.Connection, record: RainRecord) -> None:
    """Store what a document says."""
    rain_readings.merge(conn, [record])


def test_a_poll_stores_the_counter_and_closes_the_days_that_are_over(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate
) -> None:
    summary = tipped(run, publisher)

    assert (summary.sites, summary.sites_failed, summary.gaps, summary.rejected) == (1, 0, 0, 0)
    assert summary.inserted == len(stored(conn)) > 100
    assert max(stored(conn)) <= to_utc(NOW)
    days = live_days(conn)
    assert summary.days_closed == len(days) >= 15
    assert NOW.date() not in days, "today is a view, never a row"
    for day, (inches, quality, source, document_date) in days.items():
        assert (quality, source, document_date) == ("provisional", "live_scrape", day)
        assert inches == pytest.approx(climate.record("59700").inches_on(day), abs=0.0101)
    described = conn.execute(
        "SELECT parameter_code, statistic, method, unit, staleness_minutes FROM series"
    ).fetchall()
    assert described == [("00045", "00011", "counter", "in", 420)]


def test_polling_again_writes_only_what_is_new(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    tipped(run, publisher)
    assert tipped(run, publisher, NOW + timedelta(minutes=15)).rows_affected == 0
    before = len(stored(conn))

    summary = tipped(run, publisher, NOW + timedelta(hours=24))

    assert (summary.inserted, summary.revised) == (len(stored(conn)) - before, 0)
    assert summary.inserted >= 3
    assert summary.days_closed == (NOW.date() in live_days(conn))


def test_a_late_row_is_found_and_closes_its_day(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator, climate: Climate
) -> None:
    page = page_of(climate)
    day = max(day for day in _closed_days(run, publisher, conn) if day < NOW.date() - timedelta(days=3))
    conn.execute("DELETE FROM rain_readings")
    conn.execute("DELETE FROM gauge_readings")
    conn.execute("DELETE FROM monitoring_state")
    late = [line for line in page.splitlines() if line.startswith(f"{day:%m/%d/%Y}") and ":00:00 " in line]
    without = "".join(f"{line}\n" for line in page.splitlines() if line not in late)
    agency.order(PAGE, Fault.replace(without.encode()))
    tipped(run, publisher, NOW + timedelta(minutes=15))
    assert day not in live_days(conn)

    summary = tipped(run, publisher, NOW + timedelta(minutes=30))

    assert summary.inserted >= len(late)
    assert day in live_days(conn)


def _closed_days(run: Run, publisher: ClimateAgency, conn: psycopg.Connection) -> list[date]:
    tipped(run, publisher)
    return list(live_days(conn))


def test_a_counter_that_the_agency_corrects_is_revised_and_its_day_too(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator, climate: Climate
) -> None:
    tipped(run, publisher)
    page = page_of(climate)
    newest = next(line for line in page.splitlines() if line[:1].isdigit() and line.startswith("09/20"))
    corrected = f"{newest[:19]}{float(newest[19:27]) + 0.5:8.2f}{newest[27:]}"
    agency.order(PAGE, Fault.replace(page.replace(newest, corrected).encode()))

    summary = tipped(run, publisher, NOW + timedelta(minutes=15))

    assert (summary.inserted, summary.revised) == (0, 1)
    assert stored(conn)[max(stored(conn))] == float(corrected[19:27])
    tipped(run, publisher, NOW + timedelta(minutes=30))
    assert stored(conn)[max(stored(conn))] == float(newest[19:27]), "also downwards"


def test_an_official_value_is_never_overruled(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    day = max(_closed_days(run, publisher, conn))
    conn.execute("DELETE FROM rain_readings")
    conn.execute("DELETE FROM gauge_readings")
    publish(conn, official(day, 7.5, day + timedelta(days=90)))

    tipped(run, publisher, NOW + timedelta(minutes=15))

    assert live_days(conn)[day] == (7.5, "measured", "fopr", day + timedelta(days=90))


def test_a_live_value_gives_way_to_an_official_one(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    day = max(_closed_days(run, publisher, conn))

    publish(conn, official(day, 7.5, day))
    assert live_days(conn)[day][0] == 7.5
    publish(conn, replace(official(day, 0, day + timedelta(days=1)), days=(), missing=(day,)))
    assert day not in live_days(conn)


@pytest.mark.parametrize("first", ["tips", "workbook"])
def test_the_days_of_the_years_workbook_stand_whichever_comes_first(
    first: str, run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate
) -> None:
    closed = _closed_days(run, publisher, conn) if first == "tips" else set()
    publisher.now = lambda: NOW

    bring(Kind.WATER_YEAR, "2025", run)
    if first == "workbook":
        assert tipped(run, publisher).days_closed == 0

    days = live_days(conn)
    assert {told[2] for told in days.values()} == {"excel_WY_2025"}
    assert {told[1] for told in days.values()} <= {"measured", "estimated", "assigned", "incomplete"}
    assert all(told[0] == climate.record("59700").inches_on(day) for day, told in days.items())
    stats = job_row(conn, "2025")["import_stats"]
    assert (stats["revised"], stats["disagreeing_days"]) == (len(closed), 0)


def test_over_fifteen_inches_in_a_day_are_suspect(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator
) -> None:
    rows = "".join(
        f"09/{19 + hour // 24:02}/2025 {hour % 24:02}:00:00{16.0 if hour >= 12 else 0.0:8.2f}     0.00\n"
        for hour in (30, 24, 18, 12, 6, 0)
    )
    agency.order(PAGE, Fault.replace(_page(rows)))

    tipped(run, publisher)

    assert live_days(conn)[date(2025, 9, 19)][:2] == (16.0, "suspect")


def _page(rows: str, heading: str = "59700 Mesquite Park") -> bytes:
    return f"<H3><PRE>\n{heading}\n</PRE></H3><PRE>\nDate Time inches inches\n{rows}</PRE>".encode()


@requires_real_files
def test_the_real_page_becomes_days(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator
) -> None:
    agency.order(PAGE, Fault.replace((REAL_FOLDER / "showdata4_59700.html").read_bytes()))

    summary = tipped(run, publisher, datetime(2025, 10, 14, 14, 30))  # noqa: DTZ001

    assert summary.inserted == 195
    days = live_days(conn)
    assert round(sum(told[0] for day, told in days.items() if day.month == 10), 2) == 1.85
    assert (days[date(2025, 9, 30)][0], days[date(2025, 10, 1)][0]) == (0.0, 0.0)
    assert live_states(conn)[0]["inches"] == 1.85


@pytest.mark.parametrize(
    ("hours", "status", "reason"),
    [(7, "active", None), (7.25, "degraded", "stale"), (47, "degraded", "stale"), (49, "offline", "no_data")],
)
def test_a_silent_gauge_is_stale_after_seven_hours_and_offline_after_two_days(
    hours: float,
    status: str,
    reason: str | None,
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    agency: Simulator,
    climate: Climate,
) -> None:
    at_six = NOW.replace(hour=6, minute=0)
    page = page_of(climate, at_six)
    newest = datetime.strptime(  # noqa: DTZ007 - in Arizona
        next(line for line in page.splitlines() if line[:1].isdigit() and "/" in line[:3])[:19],
        "%m/%d/%Y %H:%M:%S",
    )
    agency.order(PAGE, Fault.replace(page.encode()))

    tipped(run, publisher, newest + timedelta(hours=hours))

    [state] = live_states(conn)
    assert (state["status"], state["status_reason"]) == (status, reason)


def test_a_page_that_does_not_reach_back_leaves_a_gap(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator, climate: Climate
) -> None:
    tipped(run, publisher)
    last = max(stored(conn))
    later = NOW + timedelta(days=3)
    agency.order(PAGE, Fault.replace(page_of(climate, later, rows=4).encode()))

    summary = tipped(run, publisher, later)

    assert summary.gaps == 1
    [(source, cause, start, end)] = conn.execute(
        "SELECT source, cause, gap_start, gap_end FROM data_gaps"
    ).fetchall()
    assert (source, cause, start) == ("mcfcd_tips", "not_polled_in_time", last)
    assert end == min(moment for moment in stored(conn) if moment > last)


def test_a_gauge_that_is_not_known_is_discovered_by_its_page(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate
) -> None:
    assert tipped(run, publisher).discovered == 1

    gauges = conn.execute("SELECT station_id, name, network, metadata_source FROM gauges").fetchall()
    assert gauges == [("59700", climate.gauges[0].name, "mcfcd", "tips")]
    assert conn.execute("SELECT kind, subject FROM import_jobs").fetchall() == [("fopr", "59700")]


def test_another_name_is_reported_and_stored(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator
) -> None:
    tipped(run, publisher)
    agency.order(PAGE, Fault.replace(_page("09/20/2025 09:00:00    5.00     0.04\n", "59700 Other Wash")))

    summary = tipped(run, publisher, NOW + timedelta(minutes=15))

    assert (summary.renamed, summary.inserted) == (1, 1)
    [(reason, detail)] = conn.execute("SELECT reason, detail FROM rejected_records").fetchall()
    assert reason == "another_name" and "'Other Wash' on its page of tips" in detail


def test_a_gauge_of_which_only_a_book_told_has_no_name_to_compare(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    minimal_gauges.insert(conn, ["59700"], network=MCFCD, time_zone=ARIZONA, metadata_source=Kind.WATER_YEAR)

    assert tipped(run, publisher).renamed == 0


@pytest.mark.parametrize(("name", "renamed"), [("mesquite park", 0), ("Aztec Park", 1)])
def test_the_name_that_was_given_with_the_id_is_compared(
    name: str, renamed: int, run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    poll_targets.add(conn, ["59700"], name=name, source="mcfcd_tips")

    assert tipped(run, publisher).renamed == renamed


def test_another_gauges_page_fails_and_stores_nothing(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator
) -> None:
    tipped(run, publisher)
    before = stored(conn)
    agency.order(PAGE, Fault.replace(_page("09/20/2025 09:00:00    5.00     0.04\n", "50500 Elsewhere")))

    with pytest.raises(PollIncomplete, match="is of gauge 50500 'Elsewhere'"):
        tipped(run, publisher, NOW + timedelta(minutes=15))

    assert stored(conn) == before
    [target] = stream_reports.target_states(conn)
    assert target.last_poll_failed and "50500" in (target.last_poll_error or "")
    [state] = live_states(conn)
    assert (state["status"], state["status_reason"]) == ("offline", "request_failed")


def test_an_agency_that_is_down_is_asked_three_times_and_fails_all(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator
) -> None:
    poll_targets.add(conn, ["1000", "1001", "1002", "1003"], source="mcfcd_tips")
    agency.order(PAGE, Fault.status(503), times=None)

    with pytest.raises(PollIncomplete, match="of 5 sites 5 got no answer and 0 were not asked"):
        tipped(run, publisher)

    assert len(agency.requests) == 3
    assert all(target.last_poll_failed for target in stream_reports.target_states(conn))


def test_whom_the_time_does_not_reach_is_first_next_time(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, climate: Climate, agency: Simulator
) -> None:
    others = [gauge.station_id for gauge in climate.gauges[1:]]
    poll_targets.add(conn, others, source="mcfcd_tips")
    left = iter([200.0, 200.0, 10.0])

    summary = tipped(replace(run, seconds_left=lambda: next(left)), publisher)

    assert (summary.sites, summary.sites_failed, summary.sites_not_asked) == (3, 0, 1)
    [unpolled] = [
        each.station_id for each in stream_reports.target_states(conn) if each.last_polled_at is None
    ]
    asked = len(agency.requests)
    tipped(run, publisher, NOW + timedelta(minutes=15))
    assert f"ID={unpolled}&" in agency.requests[asked].query


def test_a_poll_that_could_ask_nobody_is_no_success(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator
) -> None:
    """Else a quota that is held for hours would look like a good run every quarter of an hour."""
    conn.execute("INSERT INTO upstream_quotas (source, next_request_at) VALUES ('mcfcd', now() + '1 hour')")

    with pytest.raises(PollIncomplete, match="0 got no answer and 1 were not asked: mcfcd may be"):
        tipped(run, publisher)

    assert agency.requests == ()
    [target] = stream_reports.target_states(conn)
    assert (target.last_polled_at, target.last_poll_failed) == (None, False)


def test_a_gauge_that_is_watched_no_longer_is_not_asked_and_not_counted(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator
) -> None:
    tipped(run, publisher)
    poll_targets.remove(conn, ["59700"])
    asked = len(agency.requests)

    summary = tipped(run, publisher, NOW + timedelta(minutes=15))

    assert (summary.sites, len(agency.requests)) == (0, asked)
    state = get_system_state(conn)
    assert (state.rain_series_active, state.watched_gauges) == (0, 0)


def test_the_usgs_is_never_asked_for_a_rain_gauge(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency, agency: Simulator, network: Network
) -> None:
    watch(conn, network)
    poll_now(run, network)
    tipped(run, publisher)
    network.advance(24 * 60)
    poll_now(run, network)

    asked = [request.query for request in agency.requests if request.path.startswith("/ogcapi/")]
    assert asked and not [query for query in asked if "59700" in query]
    rain = [request.query for request in agency.requests if request.path.endswith(PAGE)]
    assert rain == ["ID=59700&NM=1000"]
    state = get_system_state(conn)
    assert (state.poll_targets, state.watched_gauges) == (len(network.sites), 1)


def test_the_newer_page_is_asked_by_post_where_the_settings_say_so(
    run: Run,
    conn: psycopg.Connection,
    publisher: ClimateAgency,
    agency: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MCFCD_TIPS_PATH", "/php/showdata2.php")
    monkeypatch.setenv("MCFCD_TIPS_METHOD", "POST")

    summary = tipped(run, publisher)

    assert summary.inserted > 100
    [request] = agency.requests
    assert (request.method, request.body) == ("POST", b"ID1=59700&ST=rain&NM=1000")


def test_the_day_before_the_new_water_year_ends_with_the_old_counter(
    run: Run, conn: psycopg.Connection, publisher: ClimateAgency
) -> None:
    tipped(run, publisher, datetime(2025, 10, 2, 9))  # noqa: DTZ001

    counters = stored(conn)
    assert counters[day_start(date(2025, 10, 1))] == 0.0
    assert max(counters.values()) > 1
    days = live_days(conn)
    assert all(0 <= days[day][0] < 5 for day in days)
