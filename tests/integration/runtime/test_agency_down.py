"""The agency itself is down: what is left of it in the database, and who hears of it."""

from datetime import timedelta

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.runtime.conftest import Handle, emitted
from tests.integration.runtime.streams import quarter_hour
from tests.integration.services.polling import states, stored, watch
from tests.integration.store.history import runs
from tests.integration.store.test_stream_statements import SILENT

UNTOUCHED = ("last_poll_succeeded", "last_data_received", "latest_reading_time", "latest_reading_value")


@pytest.mark.parametrize(
    "fault", [Fault.status(503), Fault.drop(), Fault.html()], ids=lambda fault: fault.name
)
def test_an_outage_of_four_polls_leaves_four_attempts_and_one_thing_to_hear(
    fault: Fault, poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    watch(conn, network)
    poller(quarter_hour(network))
    assert emitted(capsys.readouterr().out)["PollUsgsSucceeded"] == 1
    before, readings = states(conn), stored(conn)
    assert len(before) > 6 and {state["status"] for state in before} == {"active"}
    agency.order("", fault, times=None, path_prefix="/ogcapi/")

    for failures in range(1, 5):
        network.advance(15)
        with pytest.raises(PollIncomplete, match=r"of 6 sites 6 got no answer"):
            poller(quarter_hour(network))
        # The alarm on three quarters of an hour without a success is the one that says so (tests/template).
        metrics = emitted(capsys.readouterr().out)
        assert metrics["PollUsgsFailed"] == 1 and "PollUsgsSucceeded" not in metrics
        now = states(conn)
        assert {state["last_poll_attempted"] for state in now} == {network.now}
        assert {state["consecutive_failures"] for state in now} == {failures}

    assert {(state["status"], state["status_reason"]) for state in now} == {("offline", "request_failed")}
    assert stored(conn) == readings
    assert [[state[name] for name in UNTOUCHED] for state in now] == [
        [state[name] for name in UNTOUCHED] for state in before
    ]
    history = runs(conn, "poll:usgs")
    assert [run.status for run in history] == ["succeeded", *["failed"] * 4]
    assert len({run.slot for run in history}) == 5
    gaps = conn.execute(SILENT.encode()).fetchall()
    assert len(gaps) == len(now) and {gap for *_, gap in gaps} == {timedelta(hours=1)}

    agency.cancel_faults()
    network.advance(15)
    assert poller(quarter_hour(network))["sites"] == 6
    assert {(state["status"], state["consecutive_failures"]) for state in states(conn)} == {("active", 0)}
