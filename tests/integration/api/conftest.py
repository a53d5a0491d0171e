"""The API's handler as Lambda has it, asked by events of its HTTP API; one database for each module.

A module that wants something in that database overrides `house`; tests that write do so about gauges, jobs
and keys of their own.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
import psycopg
import pytest
from awslambdaric.lambda_context import LambdaContext  # type: ignore[import-untyped]

from gaugehouse.store.connection import connect
from gaugehouse_local.http_event import HttpRequest, http_answer, http_event
from gaugehouse_local.postgres import LocalPostgres
from gaugehouse_local.template import load_template
from tests.integration.conftest import database_secret
from tests.real_files import PROJECT_ROOT

BASE = "/api/v1"
CALLER = "192.0.2.1"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the caller gets. Header names are in lower case; `body` is parsed where it is JSON, else text."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The content, as its type says."""
        if "json" in self.headers.get("content-type", ""):
            return json.loads(self.content)
        return self.content.decode()


class Call(Protocol):
    """Makes a request; `path` is what follows /api/v1, with its query."""

    def __call__(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        source_ip: str = CALLER,
    ) -> Answered: ...


@pytest.fixture(scope="module")
def database_url(postgres: LocalPostgres, migrated_template: str) -> Iterator[str]:
    """A migrated database of the module's own."""
    name = f"api_{uuid4().hex[:12]}"
    yield postgres.create_database(name, template=migrated_template)
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def owner(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection as the database's owner, for what a module puts into its house."""
    with connect(database_url, application_name="test") as conn:
        yield conn


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection) -> None:
    """What is in the module's database before its first request: nothing, unless it overrides this."""


@pytest.fixture(scope="module")
def api_environment() -> dict[str, str]:
    """What a module sets otherwise than the laptop's stack does."""
    return {}


@pytest.fixture(scope="module")
def call(
    aws_endpoint: str, database_url: str, api_environment: Mapping[str, str], house: None
) -> Iterator[Call]:
    """Asks the handler of functions/api, which has the role that the template gives it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": aws_endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_LAMBDA_FUNCTION_NAME": "api",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            "POWERTOOLS_SERVICE_NAME": "api",
            "DATABASE_ROLE": _role_of_the_api(),
            "PUBLIC_READ": "true",
            "MAINTENANCE_FUNCTION": "maintenance",
            **api_environment,
        }.items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        patch.setenv("DATABASE_SECRET_ARN", _secret(database_url))
        for name in ("IMPORT_DEAD_LETTER_QUEUE_URL", "FAILED_EVENTS_QUEUE_URL"):
            queue = boto3.client("sqs").create_queue(QueueName=f"api-{uuid4().hex[:12]}")
            patch.setenv(name, queue["QueueUrl"])
        app = _imported()
        yield lambda method, path, *, headers=None, body=None, source_ip=CALLER: _answered(
            app, method, path, headers or {}, _encoded(body), source_ip
        )
        app.wiring.connection().close()


def _encoded(body: object) -> bytes:
    """Bytes are sent as they are."""
    if isinstance(body, bytes):
        return body
    return b"" if body is None else json.dumps(body).encode()


def _role_of_the_api() -> str:
    functions = load_template(PROJECT_ROOT / "template.yaml")["Resources"]
    role: str = functions["ApiFunction"]["Properties"]["Environment"]["Variables"]["DATABASE_ROLE"]
    return role


def _secret(database_url: str) -> str:
    made = boto3.client("secretsmanager").create_secret(
        Name=f"api-{uuid4().hex[:12]}", SecretString=database_secret(database_url)
    )
    return made["ARN"]


def _imported() -> Any:
    """Import the function anew, as a cold start does."""
    spec = spec_from_file_location("app_api", PROJECT_ROOT / "functions" / "api" / "app.py")
    assert spec is not None and spec.loader is not None
    app = module_from_spec(spec)
    spec.loader.exec_module(app)
    return app


def _answered(
    app: Any, method: str, path: str, headers: Mapping[str, str], body: bytes, source_ip: str
) -> Answered:
    address = urlsplit(BASE + path)
    request = HttpRequest(
        method=method,
        path=address.path,
        query=address.query,
        headers={"content-type": "application/json", **headers} if body else headers,
        body=body,
        source_ip=source_ip,
    )
    deadline_ms = int((time.time() + 20) * 1000)
    context = LambdaContext(f"request-{uuid4().hex[:8]}", None, None, deadline_ms, "arn:aws:lambda:test")
    answer = http_answer(app.lambda_handler(http_event(request, route_key="ANY /api/{proxy+}"), context))
    return Answered(answer.status, answer.headers, answer.body)
