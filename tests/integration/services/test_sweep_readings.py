"""Late and revised values: what the agency changes after it was polled is found by the looks back."""

from datetime import timedelta

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.runtime.invocation import Run
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network, create_network
from tests.conftest import NOON
from tests.integration.services.polling import CONTINUOUS, poll_now, polled, stored, truth, watch


@pytest.fixture
def network() -> Network:
    """A network with every trouble: values come up to eight hours late, and are revised for days."""
    return create_network(sites=8, now=NOON)


@pytest.fixture(autouse=True)
def watched(conn: psycopg.Connection, network: Network) -> None:
    watch(conn, network)


def test_after_a_day_of_polls_everything_is_as_the_agency_has_it(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    """With a poll every three hours: each alone would miss an hour, and everything that came late."""
    began = network.now - timedelta(days=7)
    poll_now(run, network)
    for _ in range(9):
        polled(run, network, minutes=180)

    held = stored(conn)
    known = truth(network, began, network.now)
    assert {key: held.get(key) for key in known} == known
    assert held.keys() == known.keys()


def test_a_look_asks_only_for_what_was_changed(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poll_now(run, network)
    seen = len(agency.requests)
    polled(run, network, minutes=60)

    asked = [request.parameters for request in agency.requests[seen:] if CONTINUOUS in request.path]
    assert len(asked) == 2, "the poll, and the look back over twelve hours"
    assert "last_modified" not in asked[0]
    assert asked[1]["last_modified"] == "2026-01-01T11:50:00Z/.."
    assert asked[1]["time"] == "2026-01-01T01:00:00Z/2026-01-01T13:00:00Z"

    seen = len(agency.requests)
    polled(run, network, minutes=15)
    assert sum(CONTINUOUS in request.path for request in agency.requests[seen:]) == 1, "it was an hour's look"


def test_a_look_that_failed_is_made_good_by_the_next(
    run: Run, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poll_now(run, network)
    began = network.now - timedelta(hours=1)
    agency.order(CONTINUOUS, Fault.status(503), times=None, query="last_modified")
    for _ in range(10):
        with pytest.raises(PollIncomplete):
            polled(run, network, minutes=60)
    agency.cancel_faults()

    polled(run, network, minutes=15)

    known = truth(network, began, network.now)
    held = stored(conn)
    assert {key: held.get(key) for key in known} == known


def test_daily_values_come_with_the_daily_look_and_never_among_the_readings(
    run: Run, conn: psycopg.Connection, network: Network
) -> None:
    poll_now(run, network)

    daily = conn.execute("SELECT DISTINCT statistic FROM daily_values JOIN series USING (series_id)")
    assert {statistic for (statistic,) in daily} == {"00003", "00006"}, "means, and sums of rain"
    kinds = conn.execute(
        "SELECT DISTINCT statistic FROM gauge_readings JOIN series USING (series_id)"
    ).fetchall()
    assert kinds == [("00011",)]
