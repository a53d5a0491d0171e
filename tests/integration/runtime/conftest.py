"""Handlers in this process, sandboxes beside each other, and what they emitted."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any
from uuid import uuid4

import pytest
from awslambdaric.lambda_context import LambdaContext  # type: ignore[import-untyped]

from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.wiring import Wiring
from tests.integration.conftest import Cloud
from tests.real_files import PROJECT_ROOT

Handle = Callable[..., dict[str, Any]]  # of an event, and the seconds that the platform gives it
Sandbox = Callable[[], Run]


@pytest.fixture
def sandbox(wiring: Wiring) -> Iterator[Sandbox]:
    """Makes runs that share nothing but the database, as two invocations in two sandboxes do."""
    with ExitStack() as stack:

        def start() -> Run:
            wired = Wiring()
            stack.enter_context(wired.connection())
            return Run(wiring=wired, request_id=f"request-{uuid4().hex[:8]}", lock_ttl_seconds=60)

        yield start


@pytest.fixture
def maintenance(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    """The handler of the maintenance function, imported anew as a cold start does."""
    yield from _handler("maintenance", monkeypatch)


@pytest.fixture
def poller(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    """The handler of the poller."""
    yield from _handler("poller", monkeypatch)


@pytest.fixture
def importer(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    """The handler of the importer."""
    yield from _handler("fopr_importer", monkeypatch)


@pytest.fixture
def schema(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    """The handler of the schema function, which is told of the database and of nothing else."""
    monkeypatch.setenv("DATABASE_SECRET_ARN", cloud.secret_arn)
    yield from _handler("schema", monkeypatch)


def emitted(log: str) -> dict[str, float]:
    """The metrics in a function's log, by name: lines in CloudWatch's embedded metric format."""
    found: dict[str, float] = {}
    for line in log.splitlines():
        if '"_aws"' in line:
            blob = json.loads(line)
            for directive in blob["_aws"]["CloudWatchMetrics"]:
                for metric in directive["Metrics"]:
                    found[metric["Name"]] = blob[metric["Name"]][-1]
    return found


def _handler(function: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", function)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", function)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
    spec = spec_from_file_location(f"app_{function}", PROJECT_ROOT / "functions" / function / "app.py")
    assert spec is not None and spec.loader is not None
    app = module_from_spec(spec)
    spec.loader.exec_module(app)

    def handle(event: Any, *, seconds: float = 300) -> dict[str, Any]:
        deadline_ms = int((time.time() + seconds) * 1000)
        context = LambdaContext(f"request-{uuid4().hex[:8]}", None, None, deadline_ms, "arn:aws:lambda:test")
        answer: dict[str, Any] = app.lambda_handler(event, context)
        return answer

    yield handle
    app.wiring.connection().close()
