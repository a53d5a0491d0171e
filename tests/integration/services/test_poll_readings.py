"""A poll through the product's own wiring: what is stored, and what is known of each series afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse.runtime.wiring import Wiring
from gaugehouse.services import usgs
from gaugehouse.services.usgs import USGS_QUOTA
from gaugehouse.sources.usgs.waterdata import addresses
from gaugehouse.store import poll_targets, quotas
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.answer_faults import (
    edited,
    next_link_elsewhere,
    rate_limited,
    repeated_cursor,
    values_replaced,
)
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.sites import DEAD, TWO_METHODS
from tests.conftest import NOON
from tests.integration.services.polling import (
    CONTINUOUS,
    TWO_HOURS,
    poll_now,
    polled,
    states,
    stored,
    truth,
    watch,
)


@pytest.fixture(autouse=True)
def watched(conn: psycopg.Connection, network: Network) -> None:
    watch(conn, network)


def test_a_first_poll_stores_exactly_what_the_agency_has(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    summary = poll_now(run, network)

    expected = truth(network, network.now - timedelta(days=7), network.now)
    assert stored(conn) == expected, "two hours by the poll, the days before by the first look back"
    assert summary.sites == len(network.sites)
    assert summary.inserted == len(truth(network, network.now - TWO_HOURS, network.now))
    assert (summary.sites_failed, summary.sites_not_asked, summary.unknown_series) == (0, 0, 0)


def test_polling_again_writes_only_what_is_new(run: Run, conn: psycopg.Connection, network: Network) -> None:
    poll_now(run, network)
    began, before = network.now - timedelta(days=7), stored(conn)

    summary = polled(run, network)

    known = truth(network, began, network.now)
    assert (summary.inserted, summary.revised) == (len(known) - len(before), 0)
    assert summary.inserted > 0 and summary.unchanged > 0
    assert stored(conn) == known


def test_values_of_another_sensor_are_counted_and_not_stored(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    assert any(not series.primary for series in network.series_of(network.sites[TWO_METHODS].site_id))

    summary = poll_now(run, network)

    assert summary.skipped > 0
    other = conn.execute("SELECT FROM gauge_readings JOIN series USING (series_id) WHERE NOT is_primary")
    assert other.rowcount == 0


def test_an_outage_of_four_polls_leaves_four_attempts_and_nothing_else(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poll_now(run, network)
    before, readings = states(conn), stored(conn)
    assert {state["status"] for state in before} == {"active"}
    agency.order("", Fault.status(503), times=None, path_prefix="/ogcapi/")

    for _ in range(4):
        with pytest.raises(PollIncomplete, match="503"):
            polled(run, network)

    assert stored(conn) == readings
    for old, new in zip(before, states(conn), strict=True):
        assert new["last_poll_attempted"] == network.now
        assert (new["consecutive_failures"], new["status"], new["status_reason"]) == (
            4, "offline", "request_failed"
        )  # fmt: skip
        for untouched in ("last_poll_succeeded", "last_data_received", "latest_reading_time"):
            assert new[untouched] == old[untouched]


def test_a_poll_that_is_tried_again_counts_its_failure_once(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poll_now(run, network)
    agency.order("", Fault.status(503), times=None, path_prefix="/ogcapi/")
    network.advance(15)
    for _ in range(3):
        with pytest.raises(PollIncomplete):
            poll_now(run, network)

    assert {state["consecutive_failures"] for state in states(conn)} == {1}

    agency.cancel_faults()
    assert poll_now(run, network).inserted > 0
    assert {(state["consecutive_failures"], state["status"]) for state in states(conn)} == {(0, "active")}


def test_a_silent_gauge_is_offline_for_want_of_data(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    poll_now(run, network)
    silent = [series for series in network.series_of(network.sites[0].site_id) if series.primary]
    network.silence(*silent)
    network.advance(180)

    summary = poll_now(run, network)

    assert summary.sites_failed == 0
    of_site = [state for state in states(conn) if state["site_code"] == network.sites[0].station_id]
    assert of_site and all(
        (state["status"], state["status_reason"], state["consecutive_failures"]) == ("offline", "no_data", 1)
        for state in of_site
    )
    others = [state for state in states(conn) if state["site_code"] != network.sites[0].station_id]
    assert {state["status"] for state in others} == {"active"}


def test_a_network_without_any_data_is_an_answer(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    poll_now(run, network)
    network.silence(*network.series)
    network.advance(240)

    summary = poll_now(run, network)

    assert (summary.inserted, summary.sites_failed) == (0, 0)
    assert {state["status_reason"] for state in states(conn)} == {"no_data"}
    assert all(state["last_poll_succeeded"] == network.now for state in states(conn))
    assert all(state["last_data_received"] < network.now for state in states(conn))


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault.html(), "web page"),
        (Fault.status(500), "500"),
        (Fault.truncated(200), "cut off|complete"),
        (Fault.empty(), "empty"),
    ],
)
def test_an_answer_that_is_none_stores_nothing(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, fault: Fault, says: str
) -> None:
    poll_now(run, network)
    readings = stored(conn)
    agency.order(CONTINUOUS, fault, times=None)

    with pytest.raises(PollIncomplete, match=says):
        polled(run, network)

    assert stored(conn) == readings
    assert {state["status_reason"] for state in states(conn)} == {"request_failed"}


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (lambda: Fault.too_many_requests(retry_after="3600"), 3600),
        (lambda: Fault.too_many_requests(retry_after=datetime.now(UTC) + timedelta(minutes=30)), 1800),
        (rate_limited, 900),
    ],
    ids=["seconds", "date", "no word"],
)
def test_a_quota_that_is_used_up_is_no_gauges_failure_and_holds_everybody(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator,
    monkeypatch: pytest.MonkeyPatch, fault: Callable[[], Fault], seconds: int,
) -> None:  # fmt: skip
    poll_now(run, network)
    before = states(conn)
    monkeypatch.setattr(usgs, "MOST_SITE_HOURS", 4)  # two sites a request
    agency.order(CONTINUOUS, fault(), times=1, after=1)
    asked = len(agency.requests)

    with pytest.raises(PollIncomplete, match=r"of 6 sites 0 got no answer and 4 were not asked: .*429"):
        polled(run, network)

    [wait] = [quota.wait_seconds for quota in quotas.all_quotas(conn) if quota.source == USGS_QUOTA]
    assert seconds - 120 < wait <= seconds
    with pytest.raises(PollIncomplete, match="6 were not asked: usgs may be asked again"):
        polled(run, network)
    assert len(agency.requests) == asked + 2

    late = {state["site_code"] for state in before} - {
        state["site_code"] for state in states(conn) if state["last_poll_attempted"] != NOON
    }
    assert len(late) == 4
    assert [state for state in states(conn) if state["site_code"] in late] == [
        state for state in before if state["site_code"] in late
    ], "not a failed gauge: nothing is known of it"
    assert set(poll_targets.due(conn, polled_at=network.now)[:4]) == late, "they come first next time"

    conn.execute("UPDATE upstream_quotas SET next_request_at = now()")
    assert poll_now(run, network).sites == 6
    assert {state["last_poll_attempted"] for state in states(conn)} == {network.now}


def test_a_long_threshold_widens_the_window_of_its_own_site_only(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poll_now(run, network)
    slow, dead = network.sites[0].station_id, network.sites[1].station_id
    conn.execute("UPDATE series SET staleness_minutes = 300 WHERE station_id = %s", (slow,))
    network.silence(*network.series)
    network.advance(240)
    asked = len(agency.requests)

    poll_now(run, network)

    windows = {
        tuple(sorted(request.parameters["monitoring_location_id"].split(","))): request.parameters["time"]
        for request in agency.requests[asked:]
        if request.path.endswith(CONTINUOUS) and "last_modified" not in request.parameters
    }
    assert len(windows) == 2
    for sites, window in windows.items():
        hours = 5 if sites == (network.sites[0].site_id,) else 2
        assert window.startswith((network.now - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")), sites
    reasons = {state["site_code"]: state["status_reason"] for state in states(conn)}
    assert (reasons[slow], reasons[dead]) == (None, "no_data")


def test_who_waited_longest_comes_first_whatever_the_window(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll_now(run, network)
    monkeypatch.setattr(usgs, "MOST_SITE_HOURS", 2)  # a site a request
    first, second = network.sites[4], network.sites[2]
    conn.execute("UPDATE series SET staleness_minutes = 300 WHERE station_id = %s", (second.station_id,))
    for site, hours in ((first, 2), (second, 1)):
        conn.execute(
            "UPDATE poll_targets SET last_polled_at = last_polled_at - make_interval(hours => %s) "
            "WHERE station_id = %s",
            (hours, site.station_id),
        )
    asked = len(agency.requests)

    polled(run, network)

    order = [request.parameters["monitoring_location_id"] for request in agency.requests[asked:][:6]]
    assert order[:2] == [first.site_id, second.site_id]


@pytest.mark.parametrize("time", ["1850-08-07T12:00:00+00:00", "1899-12-31T23:45:00+00:00"])
def test_a_reading_before_there_were_recorders_is_rejected_and_stops_nothing(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, time: str
) -> None:
    poll_now(run, network)

    def edit(document: Any) -> None:
        document["features"][0]["properties"]["time"] = time

    agency.order(CONTINUOUS, edited("long ago", edit), times=1)

    summary = polled(run, network)

    assert summary.rejected == {"implausible_time": 1}
    assert summary.inserted > 0 and summary.sites_failed == 0
    assert conn.execute("SELECT reason FROM rejected_records").fetchall() == [("implausible_time",)]


def test_groups_that_the_agency_refuses_do_not_make_it_look_down(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll_now(run, network)
    monkeypatch.setattr(usgs, "MOST_SITE_HOURS", 2)  # a site a request
    agency.order(CONTINUOUS, Fault.status(400), times=4)

    with pytest.raises(PollIncomplete, match=r"of 6 sites 4 got no answer and 0 were not asked: .*400"):
        polled(run, network)

    failed = {state["site_code"] for state in states(conn) if state["status_reason"] == "request_failed"}
    active = {state["site_code"] for state in states(conn) if state["status"] == "active"}
    assert (len(failed), len(active)) == (4, 2)


@pytest.mark.parametrize(
    ("fault", "query", "says"),
    [
        (Fault.status(502), "cursor", "page 2 .*502"),
        (Fault.truncated(2000), "cursor", "page 2 .*(cut off|complete)"),
        (Fault.drop(), "cursor", "page 2 .*could not be read"),
        (repeated_cursor(), "cursor", "page 3 .*circle"),
        (next_link_elsewhere(), "", "page 1: the next link leads to another host"),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_of_a_request_of_which_a_page_fails_nothing_is_stored(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, monkeypatch: pytest.MonkeyPatch,
    fault: Fault, query: str, says: str,
) -> None:  # fmt: skip
    poll_now(run, network)
    readings = stored(conn)
    monkeypatch.setattr(addresses, "PAGE_LIMIT", 20)  # small pages instead of 50,000 values
    agency.order(CONTINUOUS, fault, times=None, query=query)

    with pytest.raises(PollIncomplete, match=says):
        polled(run, network)

    assert stored(conn) == readings
    assert {state["status_reason"] for state in states(conn)} == {"request_failed"}


@pytest.mark.parametrize("text", [None, "-999999", "-999999.00", "Ice", "***", ""])
def test_what_stands_in_the_place_of_a_value_is_never_stored(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, text: str | None
) -> None:
    poll_now(run, network)
    readings = stored(conn)
    agency.order(CONTINUOUS, values_replaced(text), times=1)

    summary = polled(run, network)

    assert (summary.inserted, summary.revised, summary.sites_failed) == (0, 0, 0)
    assert summary.missing > 0
    assert stored(conn) == readings
    assert {state["status_reason"] for state in states(conn)} == {"no_data"}


def test_what_was_not_asked_in_time_says_so_and_comes_first_next_time(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, wiring: Wiring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """A sandbox whose time runs out between two groups: what was committed stays."""
    poll_now(run, network)
    monkeypatch.setattr(usgs, "MOST_SITE_HOURS", 4)  # two sites a request
    network.advance(15)
    left = iter([300.0, 300.0, 10.0])
    hasty = Run(wiring=wiring, request_id="hasty", lock_ttl_seconds=60, seconds_left=lambda: next(left, 10.0))

    with pytest.raises(PollIncomplete, match="were not asked: the time was up"):
        poll(PollerEvent(source="usgs", scheduled_time=network.now), hasty)

    attempted = {state["site_code"]: state["last_poll_attempted"] for state in states(conn)}
    late = [site for site, moment in attempted.items() if moment < network.now]
    assert 0 < len(late) < len(attempted)
    assert set(poll_targets.due(conn, polled_at=network.now)) >= set(late)
    assert set(poll_targets.due(conn, polled_at=network.now)[: len(late)]) >= set(late)

    poll_now(run, network)
    assert {state["last_poll_attempted"] for state in states(conn)} == {network.now}


def test_a_dead_gauge_is_found_out_at_the_first_poll(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    dead = network.sites[DEAD]
    assert not dead.site_id.startswith("MD")
    troubled = network.series_of(dead.site_id)
    network.silence(*troubled, since=network.now - timedelta(days=30))

    poll_now(run, network)

    of_dead = [state for state in states(conn) if state["site_code"] == dead.station_id]
    assert len(of_dead) == len({one.parameter.code for one in troubled} & {"00060", "00065", "00045"}) > 0
    assert all(
        (state["status"], state["status_reason"], state["last_data_received"]) == ("offline", "no_data", None)
        for state in of_dead
    )
    others = {state["status"] for state in states(conn) if state["site_code"] != dead.station_id}
    assert others == {"active"}
