"""What every answer of the API has: caching, compression, and problems that say what to send instead."""

import gzip

import pytest

from tests.integration.api.conftest import Call


def test_service_and_database_answer(call: Call) -> None:
    """The health route says so, with the version of both."""
    answer = call("GET", "/health")
    assert answer.status == 200
    assert answer.body["status"] == "ok" and answer.body["schema_version"] > 0


def test_what_the_caller_has_is_not_sent_again(call: Call) -> None:
    """The ETag of an answer, sent back, makes 304 without a body."""
    first = call("GET", "/health")
    again = call("GET", "/health", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_long_answers_are_compressed_for_who_takes_it(call: Call) -> None:
    """The same text, compressed; and as it is for who does not ask."""
    plain = call("GET", "/openapi.json")
    packed = call("GET", "/openapi.json", headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "openapi.json"),
        ("/health?page=0", 422, "No parameter is called page"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(call: Call, path: str, status: int, said: str) -> None:
    """Problem details with the status in them, for nobody's cache."""
    answer = call("GET", path)
    assert (answer.status, answer.body["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert said in answer.body["detail"]
