"""Messages and connections are lost, doubled and refused.

After each: no reading lost, none twice, no job stuck.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from gaugehouse_local.postgres import LocalPostgres
from gaugehouse_local.simulator.climate import Climate
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.stack import LocalStack
from gaugehouse_local.worker import Invocation
from tests.integration.conftest import message
from tests.integration.faults.conftest import Importer, wait_for
from tests.integration.store.ledger import job_row


def statuses(conn: psycopg.Connection) -> set[str]:
    return {status for (status,) in conn.execute("SELECT status FROM import_jobs").fetchall()}


def test_the_same_message_three_times_imports_once(
    importer: Importer, conn: psycopg.Connection, agency: Simulator, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    for _ in range(3):
        importer.send(message(station))
    wait_for("completed", lambda: statuses(conn) == {"completed"})
    importer.wait_until_idle()

    downloads = [request for request in agency.requests if request.path.endswith(f"{station}_FOPR.xlsx")]
    assert len(downloads) == 1
    assert job_row(conn, station)["error_history"] == {"errors": []}


def test_a_malformed_message_ends_in_the_dead_letter_queue_and_the_others_are_unharmed(
    template: dict[str, Any], importer: Importer, conn: psycopg.Connection, climate: Climate
) -> None:
    station = climate.gauges[0].station_id
    importer.send('{"kind": "fopr", "subject": ""}')
    importer.send(message(station))

    wait_for("dead letter", lambda: importer.stack.queue_depth("ImportDeadLetterQueue")[0] == 1, seconds=60)

    assert job_row(conn, station)["status"] == "completed"
    log = importer.stack.log_file("FoprImporterFunction").read_text()
    refusals = [json.loads(line) for line in log.splitlines() if "import message failed" in line]
    assert (
        len(refusals)
        == template["Resources"]["ImportQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"]
    )
    assert "subject" in refusals[-1]["exception"] and "EventInvalid" in refusals[-1]["exception_name"]


def test_a_send_that_sqs_refuses_is_made_up_for(
    stack: LocalStack, conn: psycopg.Connection, climate: Climate
) -> None:
    sqs, url = stack.client("sqs"), stack.queue_url("ImportQueue")
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.delete_queue(QueueUrl=url)

    refused = stack.invoke("PollerFunction", {"source": "mcfcd_gauge_list"})

    assert refused.error_type == "QueueUnavailable"
    assert statuses(conn) == {"pending"}, "discovered, committed, and due"
    assert conn.execute("SELECT count(published_at) FROM import_jobs").fetchone() == (0,)

    sqs.create_queue(QueueName=url.rsplit("/", 1)[-1], Attributes=attributes)
    assert stack.invoke("MaintenanceFunction", {"task": "requeue_imports"}).error_type is None
    wait_for("all imported", lambda: statuses(conn) == {"completed"})


def test_a_message_that_was_lost_is_sent_again(
    stack: LocalStack, conn: psycopg.Connection, climate: Climate
) -> None:
    sqs, url = stack.client("sqs"), stack.queue_url("ImportQueue")
    conn.execute("UPDATE upstream_quotas SET next_request_at = now()")
    conn.execute(
        "INSERT INTO import_jobs (subject, source) VALUES (%s, 'discovery')", (climate.gauges[0].station_id,)
    )
    conn.execute("UPDATE import_jobs SET published_at = now() - interval '46 minutes'")
    sqs.purge_queue(QueueUrl=url)

    stack.invoke("MaintenanceFunction", {"task": "requeue_imports"})

    wait_for("imported", lambda: statuses(conn) == {"completed"})


def test_postgresql_restarted_between_two_messages(
    importer: Importer, postgres: LocalPostgres, database_url: str, climate: Climate
) -> None:
    first, second = (gauge.station_id for gauge in climate.gauges[:2])

    def done(station: str) -> bool:
        with psycopg.connect(database_url) as fresh:
            found = fresh.execute(
                "SELECT 1 FROM import_jobs WHERE subject = %s AND status = 'completed'", (station,)
            )
            return found.fetchone() is not None

    importer.send(message(first))
    wait_for("first", lambda: done(first))
    importer.wait_until_idle()
    pids = importer.stack.worker_pids("FoprImporterFunction")

    postgres.restart()
    importer.send(message(second))

    wait_for("second", lambda: done(second))
    assert set(pids) & set(importer.stack.worker_pids("FoprImporterFunction")), "the warm worker reconnected"


@pytest.mark.parametrize("publishers", [2, 6])
@pytest.mark.parametrize("run_event_sources", [False])
def test_publishers_at_once_keep_the_cap_and_send_each_job_once(
    publishers: int, stack: LocalStack, conn: psycopg.Connection
) -> None:
    """Two publishers with a cap of 10 once put 20 messages in flight."""
    conn.execute(
        "INSERT INTO import_jobs (subject, source) SELECT (90000 + n)::text, 'discovery' "
        "FROM generate_series(1, 40) AS n"
    )

    def publish(_: int) -> Invocation:
        return stack.invoke("MaintenanceFunction", {"task": "requeue_imports"})

    with ThreadPoolExecutor(publishers) as pool:
        results = list(pool.map(publish, range(publishers)))

    assert all(result.error_type is None for result in results)
    assert stack.queue_depth("ImportQueue") == (10, 0)
    in_flight = conn.execute("SELECT count(*) FROM import_jobs WHERE published_at IS NOT NULL")
    assert in_flight.fetchone() == (10,)
