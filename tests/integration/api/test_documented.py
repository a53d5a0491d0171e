"""Whatever is asked, the answer is one that the document describes: schemathesis asks what nobody would.

It reads docs/openapi.json, so a new route is asked as soon as it is described there.
"""

import json
import shlex
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from gaugehouse.domain.api_keys import Scope
from gaugehouse.domain.errors import OperationRefused
from gaugehouse.runtime.operations import operate
from gaugehouse.services.create_api_key import create_api_key
from gaugehouse_local.lambda_api import LambdaApi
from gaugehouse_local.worker import Invocation
from tests.integration.api import world
from tests.integration.api.conftest import BASE, Call
from tests.integration.api.day import let_a_day_pass
from tests.real_files import PROJECT_ROOT


class Served:
    """The handler as a WSGI application, which schemathesis asks without a network."""

    call: Call | None = None

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
    ) -> list[bytes]:
        """Answer one request. See PEP 3333."""
        assert self.call is not None
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_") or (name == "CONTENT_TYPE" and value)
        }
        del headers["ACCEPT-ENCODING"]  # a client of WSGI undoes no compression
        path = quote(environ["PATH_INFO"].encode("latin-1")).removeprefix(BASE)
        answer = self.call(
            environ["REQUEST_METHOD"],
            f"{path}?{environ['QUERY_STRING']}",
            headers=headers,
            body=environ["wsgi.input"].read() or None,
        )
        start_response(f"{answer.status} ", list(answer.headers.items()))
        return [answer.content]


SERVED = Served()
CURL = ArgumentParser()  # as much of it as the examples need
CURL.add_argument("url")
CURL.add_argument("-X", dest="method")
CURL.add_argument("-H", dest="headers", action="append", default=[])
CURL.add_argument("--json", dest="body", type=str.encode)
CURL.add_argument("--compressed", action="store_true")
SCHEMA = schemathesis.openapi.from_path(PROJECT_ROOT / "docs" / "openapi.json")
SCHEMA.app = SERVED


@pytest.fixture(scope="module")
def api_environment(owner: psycopg.Connection) -> Iterator[dict[str, str]]:
    """Acting reaches the operator's verbs, which do in this database what they are asked."""

    def maintain(event: Any) -> Invocation:
        if event["task"] != "operate":
            return _invocation(payload=None)
        try:
            done = operate(event["operation"], event["arguments"], conn=owner)
        except OperationRefused as error:
            return _invocation(error=error)
        return _invocation(payload={"answer": done.answer})

    functions = LambdaApi({"maintenance": maintain})
    yield {"AWS_ENDPOINT_URL_LAMBDA": functions.endpoint}
    functions.close()


def _invocation(payload: object = None, error: Exception | None = None) -> Invocation:
    return Invocation(
        request_id="1",
        payload=json.loads(json.dumps(payload)),
        error_type=type(error).__name__ if error else None,
        error_message=str(error) if error else None,
        duration_seconds=0,
        cold_start=False,
        log=(),
    )


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection) -> None:
    """Something to tell of. What the document's examples name is in it."""
    world.fill(owner)
    let_a_day_pass(owner)


@pytest.fixture(scope="module")
def key(owner: psycopg.Connection) -> str:
    """A key that may act."""
    return create_api_key("Schemathesis", Scope.OPERATE, days=1, conn=owner)[0]


@pytest.fixture(scope="module", autouse=True)
def served(call: Call) -> Iterator[None]:
    """The handler is there to be asked."""
    SERVED.call = call
    yield
    SERVED.call = None


def test_the_examples_for_people_are_answered(call: Call, key: str) -> None:
    """What the guide and the README say that one can ask, in their order."""
    lines = [
        line
        for document in ("docs/api.md", "README.md")
        for line in (PROJECT_ROOT / document).read_text().splitlines()
        if line.startswith("    curl ")
    ]
    assert len(lines) > 30
    for line in lines:
        _, *words = shlex.split(line.replace("$KEY", key), comments=True)
        asked = CURL.parse_args(words)
        method = asked.method or ("POST" if asked.body else "GET")
        answer = call(
            method,
            asked.url.removeprefix("$API"),
            headers=dict(header.split(": ") for header in asked.headers),
            body=asked.body,
        )
        assert answer.status == (200 if method == "GET" else 202), (line, answer.body)


@SCHEMA.parametrize()
@settings(
    derandomize=True,  # what fails here fails everywhere
    database=None,
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_is_documented(case: schemathesis.Case[Any], key: str) -> None:
    """No 5xx; status, content type and body are described, wrong data and wrong methods are refused.

    That all is accepted which the schema allows cannot be asked for: by it, any text is a cursor, and the
    name of a pause.
    """
    case.call_and_validate(
        headers={"Authorization": f"Bearer {key}"}, excluded_checks=[positive_data_acceptance]
    )
