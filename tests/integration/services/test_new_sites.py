"""Sites and series that come later: found when they are met, in a run's share of time, whatever the area."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from gaugehouse.domain.errors import EventInvalid, GaugehouseError, PollIncomplete, SourceUnavailable
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse.services.usgs import Waterdata
from gaugehouse.store import poll_targets, rejected_records, stream_reports
from gaugehouse.store.connection import database_time
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.services.conftest import Configured
from tests.integration.services.polling import (
    CONTINUOUS,
    TWO_HOURS,
    forget,
    poll_now,
    polled,
    states,
    stored,
    truth,
    watch,
)

LOOKUPS = "/time-series-metadata/items"
WEEK = timedelta(days=7)
SITE = "05568500"


def look(run: Run, **options: Any) -> Any:
    """Look at the sites by hand; every invocation has a request id of its own."""
    return poll(PollerEvent(source="usgs_sites", **options), replace(run, request_id=str(uuid4())))


def ask_the_past(run: Run, network: Network, **options: Any) -> Any:
    """Ask for the two hours before the network's present, as an operator does."""
    return poll(PollerEvent(source="usgs", reference_time=network.now, **options), run)


def lookups(agency: Simulator) -> int:
    return sum(LOOKUPS in request.path for request in agency.requests)


def hurried(run: Run, agency: Simulator, *, seconds: float = 285, for_each: float = 40) -> Run:
    """A run in which every look-up takes so long."""
    before = lookups(agency)
    return replace(
        run,
        request_id=str(uuid4()),
        seconds_left=lambda: seconds - for_each * (lookups(agency) - before),
    )


def has_its_last_week(conn: psycopg.Connection, network: Network) -> bool:
    """Whether the database has exactly what the agency has of the last week."""
    began = network.now - WEEK
    held = {key: value for key, value in stored(conn).items() if key[2] >= began}
    return held == truth(network, began, network.now) and len(held) > 1000


def state_of(conn: psycopg.Connection, station_id: str, parameter_code: str) -> str | None:
    """The status of a series; None where it is not monitored."""
    found = [
        state["status"]
        for state in states(conn)
        if (state["site_code"], state["parameter_code"]) == (station_id, parameter_code)
    ]
    return found[0] if found else None


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each site is a request of its own, as a thousand sites are several."""
    monkeypatch.setattr(Waterdata, "groups", lambda _, sites, hours=0: [[site] for site in sites])


def test_a_series_that_the_agency_added_is_found_by_the_poll_that_meets_it(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    watch(conn, network)
    poll_now(run, network)
    forget(conn, SITE, "00065")

    summary = polled(run, network)

    assert summary.unknown_series > 0
    assert has_its_last_week(conn, network)
    assert polled(run, network).unknown_series == 0


def test_a_look_up_that_failed_is_made_good_by_the_next_poll(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    watch(conn, network)
    poll_now(run, network)
    forget(conn, SITE, "00065")
    agency.order(LOOKUPS, Fault.status(503), times=1)

    with pytest.raises(PollIncomplete, match="503"):
        polled(run, network)
    polled(run, network)

    assert has_its_last_week(conn, network)


def test_a_parameter_that_is_configured_later_is_asked_for_at_once(
    configured: Configured, conn: psycopg.Connection, network: Network
) -> None:
    watch(conn, network)
    poll_now(configured(USGS_PARAMETERS="00060"), network)
    assert {parameter for _, parameter, _ in stored(conn)} == {"00060"}

    polled(configured(USGS_PARAMETERS="00060,00065,00045"), network)

    assert has_its_last_week(conn, network)


def test_a_parameter_that_is_no_longer_asked_for_is_no_dead_gauge(
    configured: Configured, conn: psycopg.Connection, network: Network
) -> None:
    watch(conn, network)
    poll_now(configured(USGS_PARAMETERS="00060,00065"), network)
    readings = stored(conn)

    polled(configured(USGS_PARAMETERS="00060"), network, minutes=240)

    assert {state["parameter_code"] for state in states(conn)} == {"00060"}
    assert conn.execute("SELECT series_offline FROM system_state").fetchone() == (0,)
    assert stored(conn).keys() >= readings.keys()


def test_a_series_that_ended_long_ago_is_no_dead_gauge_until_it_measures_again(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    watch(conn, network)
    ended, dead = (
        [one for one in network.series_of(site.site_id) if one.parameter.code == "00065"]
        for site in network.sites[:2]
    )
    network.silence(*ended, since=network.now - timedelta(days=100))
    network.silence(*dead, since=network.now - timedelta(days=30))

    poll_now(run, network)

    assert state_of(conn, network.sites[1].station_id, "00065") == "offline", "thirty days are a dead gauge"
    assert state_of(conn, SITE, "00065") is None
    assert conn.execute("SELECT series_offline FROM system_state").fetchone() == (1,)
    [target] = stream_reports.target_states(conn, station_ids=[SITE])
    assert (target.series, target.offline, target.ended) == (1, 0, 1)

    network.restore(ended)
    polled(run, network)

    assert state_of(conn, SITE, "00065") == "active"


def test_looking_by_hand_always_asks_and_the_schedule_does_not_ask_twice(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    watch(conn, network)

    assert [look(run).sites for _ in range(2)] == [6, 6]
    assert look(run, scheduled_time=network.now).sites == 0
    assert lookups(agency) == 2


def test_looking_at_one_site_leaves_the_others_and_polls_nobody(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    watch(conn, network)
    poll_targets.remove(conn, [SITE])

    summary = look(run, sites=(SITE,))

    assert (summary.sites, summary.gauges_discovered) == (1, 1)
    assert conn.execute("SELECT station_id FROM gauges").fetchall() == [(SITE,)]
    assert not [
        target for target in stream_reports.target_states(conn) if target.active and target.station_id == SITE
    ]


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ({"source": "usgs", "sites": ["05568500"]}, "sites are for the source usgs_sites"),
        ({"source": "usgs_sites", "sites": ["a b"]}, "'a b' is no station id"),
        (
            {"source": "usgs", "scheduled_time": "2026-01-01T12:00Z", "reference_time": "2026-01-01T12:00Z"},
            "give one of them",
        ),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(run: Run, event: dict[str, Any], says: str) -> None:
    with pytest.raises(EventInvalid, match=says):
        poll(PollerEvent(**event), run)


def test_a_wrong_area_stops_no_site_that_is_named(
    configured: Configured, conn: psycopg.Connection, network: Network
) -> None:
    """Those that an operator added, and those that the settings name themselves."""
    poll_targets.add(conn, [site.station_id for site in network.sites[:2]])
    named = [site.station_id for site in network.sites[2:4]]
    run = configured(USGS_STATES="Atlantis", USGS_SITES=",".join(named))

    for poll_of_time in (poll_now, polled):
        with pytest.raises(GaugehouseError, match=r"Atlantis|states or the box"):
            poll_of_time(run, network)

    sites = {site for site, _, _ in stored(conn)}
    assert sites == {site.station_id for site in network.sites[:4]}
    assert {state["last_poll_attempted"] for state in states(conn)} == {network.now}
    with pytest.raises(GaugehouseError, match=r"Atlantis|states or the box"):
        look(run)


def test_an_area_that_could_not_be_asked_for_is_asked_for_by_the_next_poll(
    configured: Configured, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    # The agency tells the area's sites by what they measured lately, on the database's clock.
    network.move_to(database_time(conn) - timedelta(hours=1))
    state = network.sites[0].state
    run = configured(USGS_STATES=state.name)
    agency.order(LOOKUPS, Fault.status(503), times=1)
    with pytest.raises(SourceUnavailable, match="503"):
        poll_now(run, network)

    assert polled(run, network).sites == sum(site.state == state for site in network.sites) > 0


def test_other_sites_in_the_settings_are_taken_by_the_next_poll(
    configured: Configured, conn: psycopg.Connection, network: Network
) -> None:
    first, second = (site.station_id for site in network.sites[:2])
    assert poll_now(configured(USGS_SITES=first), network).sites == 1

    summary = polled(configured(USGS_SITES=f"{first},{second}"), network)

    assert summary.sites == 2
    assert {site for site, _, _ in stored(conn)} == {first, second}


@pytest.mark.usefixtures("one_by_one")
def test_many_new_sites_come_over_several_runs_and_never_before_the_known_ones(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    known = [site.station_id for site in network.sites[:1]]
    poll_targets.add(conn, known)
    poll_now(run, network)
    watch(conn, network)
    seen = len(agency.requests)

    first = polled(hurried(run, agency), network)

    assert CONTINUOUS in agency.requests[seen].path, "the known ones first"
    assert first.sites == 1 + 3, "and as many of the new ones as the run's share of time allows"
    assert polled(hurried(run, agency), network).sites == 6
    assert has_its_last_week(conn, network)


@pytest.mark.usefixtures("one_by_one")
def test_a_run_that_could_look_up_none_of_them_says_so(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    watch(conn, network)

    with pytest.raises(PollIncomplete, match="of 6 sites 0 got no answer and 6 were not asked"):
        poll_now(hurried(run, agency, seconds=100), network)


def test_asking_the_past_looks_the_sites_up_first(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    watch(conn, network)

    summary = ask_the_past(run, network)

    assert (summary.sites, summary.sites_left) == (6, 0)
    assert stored(conn) == truth(network, network.now - TWO_HOURS, network.now)


@pytest.mark.usefixtures("one_by_one")
def test_the_past_of_sites_that_are_not_looked_up_yet_is_not_done(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    watch(conn, network)
    with pytest.raises(PollIncomplete, match="3 sites are not looked up yet"):
        ask_the_past(hurried(run, agency), network)
    limited = ask_the_past(hurried(run, agency, seconds=240), network, limit=1)

    assert (limited.sites, limited.sites_left) == (1, 2), (
        "one was looked up and asked; one is left of those, and one unknown"
    )
    assert ask_the_past(run, network).sites_left == 0
    assert stored(conn) == truth(network, network.now - TWO_HOURS, network.now)


def test_a_site_that_is_called_otherwise_than_the_settings_say_is_reported(
    configured: Configured, conn: psycopg.Connection, network: Network
) -> None:
    """An id with a digit wrong is another river, and measures as well as the right one."""
    wrong = network.sites[1]
    names = f"{SITE}=Illinois River at Kingston Mines,{wrong.station_id}=Potomac River"

    poll_now(configured(USGS_SITES=names), network)

    [reject] = rejected_records.newest(conn, limit=5)
    assert (reject.source, reject.reason, reject.raw) == ("usgs_sites", "another_name", wrong.name)
    assert reject.detail.startswith(f"site {wrong.station_id} is 'Potomac River' here")


def test_a_name_that_is_given_later_is_compared_by_the_next_poll(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    watch(conn, network)
    poll_now(run, network)
    poll_targets.add(conn, [SITE], name="Fox River")

    polled(run, network)

    [reject] = rejected_records.newest(conn, limit=5)
    assert (reject.reason, reject.raw) == ("another_name", network.sites[0].name)
