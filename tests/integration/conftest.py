"""The product's own wiring against real PostgreSQL, AWS as moto serves it, and a simulated agency."""

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from moto.server import ThreadedMotoServer
from psycopg.conninfo import conninfo_to_dict

from gaugehouse.domain.gauges import GaugeSummary
from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.runtime.import_queue import ImportMessage
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.wiring import Wiring
from gaugehouse_local.clients import local_client
from gaugehouse_local.physical_names import REGION
from gaugehouse_local.simulator.server import Simulator


@pytest.fixture(scope="session")
def aws_endpoint() -> Iterator[str]:
    """AWS over HTTP on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def aws_client(aws_endpoint: str) -> Callable[[str], Any]:
    """One client of each service for all tests: to make one takes as long as ten requests."""
    return functools.cache(functools.partial(local_client, endpoint=aws_endpoint))


@pytest.fixture
def aws(
    aws_endpoint: str, aws_client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Any]:
    """Gives clients; the product's own boto3 finds the same endpoint."""
    for name, value in {
        "AWS_ENDPOINT_URL": aws_endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return aws_client


@dataclass(frozen=True, slots=True)
class Cloud:
    """The physical names of what the functions use."""

    queue_url: str
    bucket: str
    secret_arn: str


def database_secret(database_url: str) -> str:
    """Write what a secret says of a database, as the functions read it."""
    told = conninfo_to_dict(database_url)
    return json.dumps(
        {
            "host": told["host"],
            "port": told["port"],
            "username": told["user"],
            "password": told["password"],
            "dbname": told["dbname"],
            "sslmode": "disable",
        }
    )


@pytest.fixture
def cloud(aws: Callable[[str], Any], database_url: str) -> Cloud:
    """A queue, a bucket and the database's secret of this test's own."""
    name = f"test-{uuid4().hex[:12]}"
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return Cloud(
        queue_url=aws("sqs").create_queue(QueueName=name)["QueueUrl"],
        bucket=name,
        secret_arn=aws("secretsmanager").create_secret(Name=name, SecretString=database_secret(database_url))[
            "ARN"
        ],
    )


@pytest.fixture
def wiring(cloud: Cloud, agency: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wiring]:
    """What one sandbox has, read from an environment as the template sets it."""
    for name, value in {
        "DATABASE_SECRET_ARN": cloud.secret_arn,
        "IMPORT_QUEUE_URL": cloud.queue_url,
        "DOCUMENT_BUCKET": cloud.bucket,
        "MCFCD_BASE_URL": agency.url,
        "USGS_BASE_URL": f"{agency.url}/ogcapi/v1",
        "USGS_LEGACY_BASE_URL": agency.url,
        "MCFCD_DOWNLOAD_INTERVAL_SECONDS": "0",
        "CONTACT_URL": "https://gauges.example.org",
    }.items():
        monkeypatch.setenv(name, value)
    wired = Wiring()
    yield wired
    wired.connection().close()


@pytest.fixture
def run(wiring: Wiring) -> Run:
    """A run of the importer."""
    return Run(wiring=wiring, request_id=f"request-{uuid4().hex[:8]}", lock_ttl_seconds=60)


def message(station_id: str, summary: GaugeSummary | None = None) -> str:
    """The body of an import message."""
    wish = ImportRequest(kind=Kind.FOPR, subject=station_id, gauge_summary=summary)
    return ImportMessage.model_validate(wish, from_attributes=True).model_dump_json()


def due_now(conn: psycopg.Connection) -> None:
    """Let all waiting times be over, without waiting for them."""
    conn.execute(
        "UPDATE import_jobs SET next_retry_at = now() - interval '1 s' WHERE next_retry_at IS NOT NULL"
    )
    conn.execute("UPDATE upstream_quotas SET next_request_at = now()")
