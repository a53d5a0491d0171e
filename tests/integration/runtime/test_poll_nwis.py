"""Polls through the legacy service, as the settings may choose it until it is shut down."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.sources.usgs.nwis import fetching
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.answer_faults import edited
from gaugehouse_local.simulator.usgs.network import Network
from gaugehouse_local.simulator.usgs.sites import TWO_METHODS
from tests.integration.runtime.conftest import Handle
from tests.integration.runtime.streams import paths, quarter_hour
from tests.integration.services.polling import states, stored, truth, watch

NOT_PRIMARY = "SELECT FROM gauge_readings JOIN series USING (series_id) WHERE NOT is_primary"
ANOTHER_NAME = "SELECT source, raw, detail, seen_count FROM rejected_records WHERE reason = 'another_name'"
IV = "/nwis/iv/"


@pytest.fixture(autouse=True)
def legacy(conn: psycopg.Connection, network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a stack that polls the legacy service, at a time at which it still exists."""
    monkeypatch.setenv("USGS_SERVICE", "nwis")
    monkeypatch.setattr(fetching, "RETIRED_FROM", date(2999, 1, 1))
    watch(conn, network)


def of_two_sensors(network: Network) -> tuple[str, list[Any], list[Any]]:
    """The site with several sensors of one parameter: its id, its primary and its other series."""
    site = network.sites[TWO_METHODS]
    series = network.series_of(site.site_id)
    return site.station_id, [one for one in series if one.primary], [one for one in series if not one.primary]


def test_the_primary_sensors_are_stored_as_the_agency_has_them(
    poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    site, primaries, others = of_two_sensors(network)
    assert {one.parameter.code for one in others} <= {one.parameter.code for one in primaries}

    first = poller(quarter_hour(network))
    network.advance(15)
    second = poller(quarter_hour(network))

    began = network.now - timedelta(days=7, minutes=15)
    known = stored(conn)
    expected = truth(network, began, network.now)
    assert known == {key: value for key, value in expected.items() if key in known}
    two_hours = truth(network, network.now - timedelta(hours=2), network.now)
    assert two_hours and two_hours.items() <= known.items()
    assert {key[0] for key in two_hours} >= {site}
    assert first["inserted"] > 0 and second["inserted"] > 0 and second["unchanged"] > 0
    assert first["skipped"] > 0 and first["unknown_series"] == second["unknown_series"] == 0
    assert conn.execute(NOT_PRIMARY).rowcount == 0
    assert {state["status"] for state in states(conn)} == {"active"}
    assert "/nwis/iv" in paths(agency)
    assert not any(path.endswith("/continuous/items") for path in paths(agency))


def test_another_sensor_that_measures_alone_is_not_taken_for_the_primary_one(
    poller: Handle, conn: psycopg.Connection, network: Network
) -> None:
    poller(quarter_hour(network))
    site, primaries, others = of_two_sensors(network)
    code = others[0].parameter.code
    network.silence(*(one for one in primaries if one.parameter.code == code))
    silent_since = network.now
    network.advance(180)

    summary = poller(quarter_hour(network))

    assert summary["skipped"] > 0 and summary["unknown_series"] == 0
    assert not [key for key in stored(conn) if key[:2] == (site, code) and key[2] > silent_since]
    [state] = [
        state for state in states(conn) if (state["site_code"], state["parameter_code"]) == (site, code)
    ]
    assert (state["status"], state["status_reason"]) == ("offline", "no_data")


def test_that_it_has_nothing_is_an_answer(poller: Handle, conn: psycopg.Connection, network: Network) -> None:
    poller(quarter_hour(network))
    network.silence(*network.series)
    network.advance(240)

    summary = poller(quarter_hour(network))  # a 404

    assert (summary["inserted"], summary["sites_failed"]) == (0, 0)
    assert {(state["status_reason"], state["last_poll_succeeded"]) for state in states(conn)} == {
        ("no_data", network.now)
    }


def test_a_site_of_another_name_is_reported_once_and_keeps_ours(
    poller: Handle, conn: psycopg.Connection, network: Network
) -> None:
    poller(quarter_hour(network))
    assert conn.execute(ANOTHER_NAME).fetchall() == []
    site = network.sites[0]
    network.rename(site.site_id, "QUITE ANOTHER RIVER AT ELSEWHERE, XX")

    for _ in range(2):
        network.advance(15)
        assert poller(quarter_hour(network))["inserted"] > 0

    [(source, raw, detail, count)] = conn.execute(ANOTHER_NAME).fetchall()
    assert (source, raw) == ("usgs_nwis", "QUITE ANOTHER RIVER AT ELSEWHERE, XX")
    assert site.station_id in detail and site.name in detail
    assert count == 2
    ours = conn.execute("SELECT name FROM gauges WHERE station_id = %s", (site.station_id,)).fetchone()
    assert ours == (site.name,)


def test_a_value_that_was_revised_downwards_replaces_the_old_one(
    poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poller(quarter_hour(network))
    network.advance(15)

    def edit(document: Any) -> None:
        notes = document["value"]["queryInfo"]["note"]
        notes[:] = [note for note in notes if note["title"] != "requestDT"]
        for series in document["value"]["timeSeries"]:
            for value in series["values"][0]["value"]:
                value["value"] = "-9.5"

    agency.order(IV, edited("revised, of no date", edit), times=None)

    summary = poller(quarter_hour(network))

    assert summary["revised"] > 0
    since = network.now - timedelta(hours=2)
    assert {value for (_, _, moment), value in stored(conn).items() if moment >= since} == {-9.5}


@pytest.mark.parametrize("fault", [Fault.status(403), Fault.status(500), Fault.html(), Fault.truncated(500)])
def test_an_answer_that_is_none_fails_the_poll(
    fault: Fault, poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poller(quarter_hour(network))
    readings = stored(conn)
    agency.order(IV, fault, times=None)
    network.advance(15)

    with pytest.raises(PollIncomplete, match="6 got no answer"):
        poller(quarter_hour(network))

    assert stored(conn) == readings
    assert {state["status_reason"] for state in states(conn)} == {"request_failed"}


def test_a_quota_that_is_used_up_is_no_failure(
    poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    poller(quarter_hour(network))
    before = states(conn)
    agency.order(IV, Fault.too_many_requests(retry_after="600"), times=None)
    network.advance(15)

    for why in ("status 429", "may be asked again"):
        with pytest.raises(PollIncomplete, match=f"0 got no answer and 6 were not asked: .*{why}"):
            poller(quarter_hour(network))

    assert states(conn) == before
    assert len([request for request in agency.requests if request.status == 429]) == 1


def test_after_its_end_it_names_its_replacement(
    poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    poller(quarter_hour(network))
    monkeypatch.setattr(fetching, "RETIRED_FROM", date(2026, 1, 1))
    asked = len(agency.requests)
    network.advance(15)

    with pytest.raises(PollIncomplete, match="usgs_waterdata"):
        poller(quarter_hour(network))

    assert len(agency.requests) == asked
    assert {state["status_reason"] for state in states(conn)} == {"request_failed"}
