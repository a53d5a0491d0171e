"""What CloudWatch is told: the names that alarms watch, from the first invocation of a sandbox on."""

from dataclasses import fields

import psycopg
import pytest

from gaugehouse.domain.system_state import SystemState
from gaugehouse_local.stack import LocalStack
from tests.integration.runtime.conftest import emitted
from tests.integration.store.history import runs

STATE = {"task": "publish_system_state", "scheduled_time": "2026-01-01T12:00:00Z"}
SOME = """
INSERT INTO gauges (station_id, network, name, time_zone, metadata_source)
    SELECT n::text, 'mcfcd', 'a', 'America/Phoenix', 'test' FROM generate_series(1, 7) AS n;
INSERT INTO import_jobs (subject, status, created_at, completed_at, first_completed_at)
    VALUES ('1', 'completed', now() - interval '90 minutes', now(), now());
INSERT INTO import_jobs (subject) VALUES ('2');
UPDATE import_jobs SET due_since = now() - interval '100 minutes' WHERE subject = '2';
"""


@pytest.fixture
def run_event_sources() -> bool:
    """Nothing is imported here."""
    return False


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def test_a_cold_start_publishes_every_column_of_the_state_as_it_is(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    """Counters in memory once began at 0 after each cold start."""
    conn.execute(SOME.encode())

    first = stack.invoke("MaintenanceFunction", STATE)

    assert first.cold_start
    metrics = emitted("\n".join(first.log))
    columns = {f"PublishSystemState{camel(field.name)}" for field in fields(SystemState)}
    assert columns - set(metrics) == {
        "PublishSystemStateGaugesByNetwork",  # one metric for each network
        "PublishSystemStateNextRetrySeconds",  # nothing waits for a retry here
        "PublishSystemStateNewestReadingSeconds",  # nothing is polled here
        "PublishSystemStateNewestRainSeconds",
    }
    assert metrics["PublishSystemStateGauges"] == metrics["PublishSystemStateGaugesByNetworkMcfcd"] == 7
    assert metrics["PublishSystemStateOldestDueSeconds"] == pytest.approx(6000, abs=30)
    assert metrics["PublishSystemStateMedianSecondsToRecord"] == pytest.approx(5400, abs=1)
    assert metrics["PublishSystemStateShareSucceeded7d"] == 1.0
    assert metrics["PublishSystemStateSucceeded"] == 1
    [run] = runs(conn, "publish_system_state")
    assert (run.status, run.metadata["gauges"]) == ("succeeded", 7)


def test_units_and_dimensions_are_those_that_alarms_ask_for(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    conn.execute(SOME.encode())

    log = stack.invoke("MaintenanceFunction", STATE).log

    [blob] = [line for line in log if '"PublishSystemStateGauges"' in line and '"_aws"' in line]
    assert f'"service":"{stack.physical("AWS::StackName")}-maintenance"' in blob.replace(" ", "")
    compact = blob.replace(" ", "")
    assert '{"Name":"PublishSystemStateOldestDueSeconds","Unit":"Seconds"}' in compact
    assert '{"Name":"PublishSystemStateShareSucceeded7d","Unit":"None"}' in compact
    assert '{"Name":"PublishSystemStateGauges","Unit":"Count"}' in compact


def test_a_state_that_cannot_be_read_is_a_failed_run_and_no_metric_of_it(
    stack: LocalStack, conn: psycopg.Connection
) -> None:
    conn.execute("DROP VIEW system_state")

    failed = stack.invoke("MaintenanceFunction", STATE)

    assert failed.error_type == "UndefinedTable"
    metrics = emitted("\n".join(failed.log))
    assert metrics["PublishSystemStateFailed"] == 1
    assert not {name for name in metrics if "Gauges" in name or name.endswith("Succeeded")}
    assert runs(conn, "publish_system_state")[-1].status == "failed"
