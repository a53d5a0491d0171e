"""An agency that takes a request and does not answer, or not now: what of it is recorded, and in time."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse.services import ask_sites
from gaugehouse.sources.usgs.waterdata import addresses
from gaugehouse.store import quotas
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.faults import Fault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.runtime.conftest import Handle
from tests.integration.runtime.streams import quarter_hour
from tests.integration.services.polling import CONTINUOUS, states, stored, watch
from tests.integration.store.history import runs
from tests.integration.store.ledger import job_row
from tests.real_files import PROJECT_ROOT

LIMIT = 19.0  # the platform's; 15 s before it nothing may be asked any more


@pytest.fixture
def known(
    poller: Handle, conn: psycopg.Connection, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that was polled before. A group is begun also where little time is left."""
    watch(conn, network)
    poller(quarter_hour(network))
    network.advance(15)
    monkeypatch.setattr(ask_sites, "LONGEST_REQUEST_SECONDS", 1.0)


@pytest.mark.parametrize("page", [1, 2])
def test_a_poll_records_it_whichever_page_it_is(
    page: int, known: None, poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    readings, slot = stored(conn), quarter_hour(network)
    monkeypatch.setattr(addresses, "PAGE_LIMIT", 20)  # small pages instead of 50,000 values
    agency.order(CONTINUOUS, Fault.timeout(), times=None, query="cursor" if page == 2 else "")
    began = time.monotonic()

    with pytest.raises(PollIncomplete, match=f"page {page}.* was not complete after [1-4]"):
        poller(slot, seconds=LIMIT)

    assert time.monotonic() - began < LIMIT - 10
    assert stored(conn) == readings
    assert {(state["status"], state["status_reason"]) for state in states(conn)} == {
        ("offline", "request_failed")
    }
    assert {state["last_poll_attempted"] for state in states(conn)} == {network.now}
    run = runs(conn, "poll:usgs")[-1]
    assert run.status == "failed" and "was not complete" in str(run.error_text)


def test_a_wait_for_our_turn_that_is_longer_than_the_time_left_is_none(
    known: None, poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    quotas.hold(conn, "usgs", seconds=8)
    before, asked, began = states(conn), len(agency.requests), time.monotonic()

    with pytest.raises(PollIncomplete, match="0 got no answer and 6 were not asked: usgs may be asked again"):
        poller(quarter_hour(network), seconds=LIMIT)

    assert time.monotonic() - began < 6
    assert len(agency.requests) == asked
    assert states(conn) == before


def test_a_look_for_new_sites_records_it(
    poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ask_sites, "LONGEST_REQUEST_SECONDS", 1.0)
    watch(conn, network)
    agency.order("/items", Fault.timeout(), times=None, path_prefix="/ogcapi/")
    began = time.monotonic()

    with pytest.raises(PollIncomplete, match="was not complete"):
        poller({"source": "usgs_sites", "scheduled_time": network.now.isoformat()}, seconds=LIMIT)

    assert time.monotonic() - began < LIMIT - 10
    assert runs(conn, "poll:usgs_sites")[-1].status == "failed"


@pytest.mark.parametrize("kind", ["usgs_continuous", "usgs_daily", "fopr"])
def test_an_import_records_it(
    kind: str, importer: Handle, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    subject = {
        "usgs_continuous": "05568500:2024",
        "usgs_daily": "05568500:1940-1949",
        "fopr": climate.gauges[0].station_id,
    }[kind]
    agency.order("", Fault.timeout(), times=None)
    began = time.monotonic()

    answer = importer(message(kind, subject), seconds=LIMIT)

    assert time.monotonic() - began < LIMIT - 10
    assert answer == {"batchItemFailures": []}
    job = job_row(conn, subject)
    assert (job["status"], job["retry_count"]) == ("failed", 1)
    assert job["next_retry_at"] is not None
    assert "was not complete after" in job["error_message"]
    assert conn.execute("SELECT FROM job_locks WHERE id LIKE 'import:%'").rowcount == 0


@pytest.mark.parametrize("path", ["/time-series-metadata/items", CONTINUOUS])
def test_an_import_whose_quota_is_used_up_waits_without_an_attempt(
    path: str, importer: Handle, conn: psycopg.Connection, agency: Simulator
) -> None:
    agency.order(path, Fault.too_many_requests(retry_after="1200"), times=None)

    importer(message("usgs_continuous", "05568500:2024"))
    asked = len(agency.requests)
    importer(message("usgs_continuous", "05568500:2023"))

    assert len(agency.requests) == asked, "the agency told us to wait, so nobody asks"
    for subject in ("05568500:2024", "05568500:2023"):
        job = job_row(conn, subject)
        assert (job["retry_count"], job["error_history"]["errors"]) == (0, [])
        wait = job["next_retry_at"] - datetime.now(UTC)
        assert timedelta(minutes=19) < wait < timedelta(minutes=25)


def message(kind: str, subject: str) -> dict[str, Any]:
    """The event of a message as SQS delivers it."""
    event: dict[str, Any] = json.loads((PROJECT_ROOT / "events/fopr_importer_sqs_backfill.json").read_text())
    event["Records"][0]["body"] = json.dumps({"kind": kind, "subject": subject})
    return event
