"""Whatever is asked, the answer is one that the OpenAPI document describes: schemathesis asks what nobody would."""

from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from tests.integration.api.conftest import BASE, Call
from tests.real_files import PROJECT_ROOT

schema = schemathesis.openapi.from_path(PROJECT_ROOT / "docs" / "openapi.json")


@pytest.fixture(scope="module")
def served(call: Call) -> Any:
    """The handler as a WSGI application, which schemathesis asks without a network."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = quote(environ["PATH_INFO"].encode("latin-1"))
        query = environ["QUERY_STRING"]
        headers = {
            name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["content-type"] = environ["CONTENT_TYPE"]
        answer = call(
            environ["REQUEST_METHOD"],
            f"{path.removeprefix(BASE)}{'?' if query else ''}{query}",
            headers=headers,
            body=environ["wsgi.input"].read() or None,
        )
        start_response(f"{answer.status} .", list(answer.headers.items()))
        return [answer.content]

    return application


@schema.include(method="GET").parametrize()
@settings(derandomize=True, database=None, max_examples=25, deadline=None)
def test_x(case: schemathesis.Case, served: Any) -> None:
    case.call_and_validate(app=served)
