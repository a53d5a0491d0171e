"""A question that takes too long is told so, instead of being cut off."""

import psycopg
import pytest

from gaugehouse_local.template import load_template
from tests.integration.api.conftest import Call
from tests.real_files import PROJECT_ROOT


@pytest.fixture(scope="module")
def api_environment() -> dict[str, str]:
    return {"DATABASE_STATEMENT_SECONDS": "1"}


def test_a_statement_is_cancelled_and_the_next_one_answered(call: Call, owner: psycopg.Connection) -> None:
    with owner.transaction():
        owner.execute("LOCK TABLE gauges IN ACCESS EXCLUSIVE MODE")
        answer = call("GET", "/gauges")

    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "took too long" in answer.body["detail"]
    assert call("GET", "/gauges").status == 200


def test_the_template_leaves_time_to_say_so() -> None:
    function = load_template(PROJECT_ROOT / "template.yaml")["Resources"]["ApiFunction"]["Properties"]
    seconds = int(function["Environment"]["Variables"]["DATABASE_STATEMENT_SECONDS"])
    assert seconds + 3 <= function["Timeout"]
