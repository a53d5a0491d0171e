"""The API key of the USGS: it goes to the agency in its header, and nowhere else."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from gaugehouse.domain.errors import PollIncomplete
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network
from tests.integration.runtime.conftest import Handle
from tests.integration.runtime.streams import quarter_hour
from tests.integration.services.polling import states, stored, watch
from tests.integration.store.history import runs

RIGHT, WRONG = "a-right-key", "a-wrong-key"


@pytest.fixture
def use_key(aws: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a key into a secret, and the secret into the settings."""

    def use(key: str) -> None:
        name = f"usgs-{uuid4().hex[:8]}"
        secret = aws("secretsmanager").create_secret(Name=name, SecretString=f"{key}\n")
        monkeypatch.setenv("USGS_API_KEY_SECRET_ARN", secret["ARN"])

    return use


def keys(agency: Simulator) -> set[str | None]:
    assert agency.requests
    return {request.headers.get("x-api-key") for request in agency.requests}


def told(conn: psycopg.Connection, *texts: object) -> str:
    """Everything that is kept of a poll, as one text."""
    rows = conn.execute(
        "SELECT poll_targets::text FROM poll_targets UNION ALL SELECT job_runs::text FROM job_runs "
        "UNION ALL SELECT rejected_records::text FROM rejected_records"
    ).fetchall()
    assert rows
    return " ".join(map(str, (*rows, *texts)))


def test_the_right_key_comes_with_every_request_and_is_kept_nowhere(
    use_key: Callable[[str], None], poller: Handle, conn: psycopg.Connection, network: Network,
    agency: Simulator, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    use_key(RIGHT)
    watch(conn, network)

    poller(quarter_hour(network))

    assert stored(conn)
    assert keys(agency) == {RIGHT}
    assert not any(RIGHT in request.path + request.query for request in agency.requests)
    output = capsys.readouterr()
    assert "PollUsgsSucceeded" in output.out
    assert "poll sites" in caplog.text and "urllib3" in caplog.text
    assert RIGHT not in told(conn, output.out, output.err, caplog.text)


def test_without_a_key_none_is_sent(
    poller: Handle, conn: psycopg.Connection, network: Network, agency: Simulator
) -> None:
    watch(conn, network)
    poller(quarter_hour(network))
    assert keys(agency) == {None}


def test_a_wrong_key_fails_the_poll_at_once_and_is_shown_to_nobody(
    use_key: Callable[[str], None], poller: Handle, conn: psycopg.Connection, network: Network,
    agency: Simulator, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    use_key(WRONG)
    watch(conn, network)

    with pytest.raises(PollIncomplete, match=r"6 got no answer.*USGS_API_KEY_SECRET_ARN") as raised:
        poller(quarter_hour(network))

    assert keys(agency) == {WRONG}
    assert {request.status for request in agency.requests} == {403}
    cause = raised.value.__cause__
    assert type(cause).__name__ == "ApiKeyInvalid" and "API_KEY_INVALID" in str(cause)
    output = capsys.readouterr()
    assert WRONG not in told(conn, raised.value, cause, output.out, output.err, caplog.text)
    assert "API_KEY_INVALID" in str(runs(conn, "poll:usgs")[-1].error_text)


def test_a_key_that_is_refused_from_now_on_is_asked_about_once(
    use_key: Callable[[str], None], poller: Handle, conn: psycopg.Connection, network: Network,
    agency: Simulator, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from gaugehouse.services import usgs
    from gaugehouse_local.simulator.usgs.answer_faults import wrong_key

    use_key(RIGHT)
    watch(conn, network)
    poller(quarter_hour(network))
    monkeypatch.setattr(usgs, "MOST_SITE_HOURS", 2)  # a site a request
    agency.order("", wrong_key(), times=None, path_prefix="/ogcapi/")
    asked = len(agency.requests)
    network.advance(15)

    with pytest.raises(PollIncomplete, match="refuses our API key"):
        poller(quarter_hour(network))

    assert len(agency.requests) == asked + 1
    assert {state["status_reason"] for state in states(conn)} == {"request_failed"}
