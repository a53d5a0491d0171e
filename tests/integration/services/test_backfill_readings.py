"""Asking the past again by hand: a window before a reference time, for some sites or all."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from gaugehouse.domain.errors import EventInvalid, PollIncomplete
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.poller_event import PollerEvent
from gaugehouse.runtime.polls import poll
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.services.polling import poll_now, polled, states, stored, truth, watch


@pytest.fixture(autouse=True)
def watched(run: Run, conn: psycopg.Connection, network: Network) -> None:
    watch(conn, network)
    poll_now(run, network)


@pytest.fixture
def past(network: Network) -> datetime:
    return network.now - timedelta(days=60)


def ask(run: Run, reference_time: datetime, **options: Any) -> Any:
    """Invoke the poller; every invocation has a request id of its own."""
    event = PollerEvent(source="usgs", reference_time=reference_time, **options)
    return poll(event, replace(run, request_id=str(uuid4())))


def test_a_past_window_is_stored_and_the_present_is_not_touched(
    run: Run, conn: psycopg.Connection, network: Network, past: datetime
) -> None:
    before = states(conn)

    summary = ask(run, past, backfill_hours=48)

    window = truth(network, past - timedelta(hours=48), past)
    assert summary.inserted == len(window) > 0
    assert (summary.sites, summary.sites_left) == (len(network.sites), 0)
    held = stored(conn)
    assert {key: held[key] for key in window} == window
    assert states(conn) == before


def test_without_hours_it_is_the_poll_of_that_time(run: Run, network: Network, past: datetime) -> None:
    assert ask(run, past).inserted == len(truth(network, past - timedelta(hours=2), past))


def test_a_limited_backfill_advances_until_nothing_is_left(
    run: Run, conn: psycopg.Connection, network: Network, past: datetime
) -> None:
    asked = [ask(run, past, backfill_hours=24, limit=4) for _ in range(3)]

    assert [(summary.sites, summary.sites_left) for summary in asked] == [(4, 2), (2, 0), (0, 0)]
    assert sum(summary.inserted for summary in asked) == len(truth(network, past - timedelta(days=1), past))


def test_force_asks_all_sites_once_more(run: Run, network: Network, past: datetime) -> None:
    ask(run, past, backfill_hours=24)

    again = ask(run, past, backfill_hours=24, force=True)

    assert (again.sites, again.inserted, again.sites_left) == (len(network.sites), 0, 0)
    assert again.unchanged > 0


def test_force_with_a_limit_goes_round(run: Run, network: Network, agency: Simulator, past: datetime) -> None:
    ask(run, past, backfill_hours=24)
    seen = len(agency.requests)

    for _ in range(3):
        assert ask(run, past, backfill_hours=24, force=True, limit=2).sites == 2

    asked = [request.parameters["monitoring_location_id"] for request in agency.requests[seen:]]
    assert {site for group in asked for site in group.split(",")} == {
        f"USGS-{site.station_id}" if site.station_id[0].isdigit() else site.station_id
        for site in network.sites
    }


def test_force_retry_takes_only_the_sites_whose_last_poll_failed(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, past: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from gaugehouse.services import usgs

    monkeypatch.setattr(usgs, "MOST_SITE_HOURS", 4)  # two sites a request
    agency.order("/continuous/items", Fault.status(503), times=1)
    with pytest.raises(PollIncomplete, match="of 6 sites 2 got no answer"):
        polled(run, network)

    summary = ask(run, past, backfill_hours=2, force_retry=True)

    assert (summary.sites, summary.sites_left) == (2, 0)
    assert ask(run, past, backfill_hours=2, force_retry=True).sites == 0


def test_a_backfill_that_failed_is_left_for_the_next(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator, past: datetime
) -> None:
    agency.order("/continuous/items", Fault.status(503), times=1)
    with pytest.raises(PollIncomplete):
        ask(run, past, backfill_hours=24)

    assert ask(run, past, backfill_hours=24).inserted == len(truth(network, past - timedelta(days=1), past))


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ({"source": "mcfcd_gauge_list", "backfill_hours": 2}, "mcfcd_gauge_list has no past to ask for"),
        ({"source": "mcfcd_gauge_list", "limit": 2}, "has no past"),
        ({"source": "usgs_sites", "force_retry": True}, "has no past"),
        ({"source": "usgs", "backfill_hours": 2}, "need a reference_time"),
        ({"source": "usgs", "limit": 5}, "need a reference_time"),
    ],
)
def test_options_that_make_no_sense_are_refused(run: Run, event: dict[str, Any], says: str) -> None:
    with pytest.raises(EventInvalid, match=says):
        poll(PollerEvent(**event), run)
