"""What cannot be asked: a clear 4xx that says what to send instead, and never a page of the wrong thing."""

import json

import pytest

from gaugehouse.runtime.api.cursors import write_cursor
from tests.integration.api.conftest import Call

INJECTION = "%27;%20DROP%20TABLE%20gauges;--"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/imports?page=0", 422, "No parameter is called page; there are status, kind, limit, cursor."),
        ("/jobs?limit=5", 422, "No parameter is called limit; there are none here."),
        ("/imports?Limit=5", 422, "No parameter is called Limit"),
        ("/imports?limit=0", 422, "limit: Input should be greater than or equal to 1"),
        ("/imports?limit=-1", 422, "limit: Input should be greater than or equal to 1"),
        ("/imports?limit=1001", 422, "limit: Input should be less than or equal to 1000"),
        ("/rejects?limit=1e9", 422, "limit: Input should be a valid integer"),
        ("/rejects?limit=abc", 422, "limit: Input should be a valid integer"),
        ("/rejects?limit=", 422, "limit: Input should be a valid integer"),
        ("/rejects?limit=5&limit=6", 422, "limit: "),
        ("/rejects?limit=99999999999999999999999", 422, "limit: "),
        ("/imports?status=done", 422, "status: Input should be 'pending', 'in_progress', 'completed', "),
        ("/imports?kind=pdf", 422, "kind: Input should be 'fopr', 'water_year', 'monthly_pdf', "),
        (f"/imports?kind={INJECTION}", 422, "kind: Input should be"),
        ("/imports/pdf/59700", 422, "kind: Input should be 'fopr', 'water_year', 'monthly_pdf', "),
        ("/imports/fopr/99999", 404, "The ledger has no fopr import of 99999; /api/v1/imports lists"),
        (f"/imports/fopr/{INJECTION}", 422, "subject: send one as 59700 (Which one: a station id"),
        (f"/imports/fopr/{'9' * 41}", 422, "subject: send one as 59700 (Which one: a station id"),
        ("/imports/fopr/a%00b", 404, "There is no GET"),
        (f"/jobs/{'x' * 101}", 422, "job_name: String should have at most 100 characters"),
        ("/jobs/a%2Fb", 404, "There is no GET /api/v1/jobs/a/b"),
        ("/jobs/", 404, "There is no GET"),
        ("/nothing?page=0", 404, "There is no GET /api/v1/nothing; /api/v1/openapi.json lists what"),
    ],
)  # fmt: skip
def test_a_wrong_question_says_what_to_ask(path: str, status: int, said: str, call: Call) -> None:
    answer = call("GET", path)

    assert (answer.status, answer.body["status"]) == (status, status), answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.body["detail"]


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage",
        "%00",
        "W10",  # []
        "bnVsbA",  # null
        "WyJmb3ByIl0",  # ["fopr"]: half a key
        "WzEsMl0",  # [1,2]: of other kinds
        "WyJmb3ByIiwiXHUwMDAwIl0",  # ["fopr","\u0000"], which PostgreSQL would not take
        "WyJmb3ByIiwiXHVkODAwIl0",  # ["fopr","\ud800"], half a character
        "W1tbW1tbW1tbW1tbW1tbW1tb",
        "é",
        "x" * 401,
    ],
)
@pytest.mark.parametrize("path", ["/imports", "/jobs/check_staleness", "/rejects"])
def test_a_cursor_that_is_none_of_ours_is_refused(path: str, cursor: str, call: Call) -> None:
    answer = call("GET", f"{path}?cursor={cursor}")

    assert answer.status == 422
    assert answer.body["detail"].startswith("cursor: ")


@pytest.mark.parametrize(
    "key",
    [
        ("now and then", 1),
        ("2026-01-01", 1),  # in no zone
        ("2026-01-01T00:00Z", True),  # which is an int to Python alone
        ("2026-01-01T00:00Z", 2**63),
        ("2026-01-01T00:00Z", -(10**30)),
    ],
)
def test_a_cursor_without_a_moment_and_an_id_is_none_of_a_history(key: tuple[str, int], call: Call) -> None:
    assert call("GET", f"/jobs/check_staleness?cursor={write_cursor(*key)}").status == 422


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/jobs", "GET, HEAD"),
        ("PUT", "/imports/fopr/59700", "GET, HEAD"),
        ("OPTIONS", "/rejects", "GET, HEAD"),
        ("GET", "/admin/imports", "POST"),
        ("HEAD", "/admin/imports", "POST"),
        ("POST", "/admin/pauses/imports", "DELETE"),
    ],
)
def test_a_method_that_a_path_does_not_have(method: str, path: str, allowed: str, call: Call) -> None:
    """405 names those that it has. Acting without a key is refused before."""
    answer = call(method, path)

    if method in ("GET", "HEAD", "OPTIONS"):
        assert (answer.status, answer.headers["allow"]) == (405, allowed)
    else:
        assert answer.status == 401


def test_the_headers_alone(call: Call) -> None:
    """HEAD answers as GET does, without the body."""
    whole, head = call("GET", "/jobs"), call("HEAD", "/jobs")

    assert (head.status, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    assert call("HEAD", "/nothing").status == 404


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"kind=fopr&subject=59700"),
        ("multipart/form-data", b"no boundary"),
        ("text/plain", b"{}"),
        ("application/json", b'"\xff"'),
        ("application/json", b'{"kind": '),
        ("application/json", b'{"kind": ' + b"1" * 5000 + b"}"),  # more digits than Python reads
        *(("application/json", b"[" * depth + b"]" * depth) for depth in (1000, 100_000)),
    ],
)
def test_a_body_is_json(kind: str, body: bytes, call: Call) -> None:
    answer = call("POST", "/admin/imports", body=body, headers={"content-type": kind})

    assert (answer.status, answer.body["detail"]) == (415, "Send the body as application/json, in UTF-8.")


def test_no_depth_of_a_body_is_a_defect(call: Call) -> None:
    """Whether Python can still read it depends on how deep in the calls it is asked to."""
    depths = range(850, 1000, 10)
    answers = [call("POST", "/admin/imports", body=b"[" * depth + b"]" * depth) for depth in depths]
    assert {answer.status for answer in answers} == {415, 422}


@pytest.mark.parametrize(
    "body", [{"\x01" * 100_000: 1}, {str(number): 1 for number in range(10_000)}], ids=["long", "many"]
)
def test_a_body_of_nothing_but_faults_is_not_sent_back(body: object, call: Call) -> None:
    answer = call("POST", "/admin/imports", body=json.dumps(body).encode())

    assert answer.status == 422 and "kind: Field required" in answer.body["detail"]
    assert len(answer.content) < 1000


def test_a_wrong_field_of_a_body_is_told_with_what_to_send(call: Call) -> None:
    answer = call("POST", "/admin/pauses", body={"name": "usgs", "reason": ""})

    assert answer.status == 422
    assert answer.body["detail"] == (
        "name: send one as source:usgs (source:NAME, task:NAME or imports); reason: send one as the agency"
        " moves its servers (A line of 1 to 500 characters for those who wonder)"
    )
    answer = call("POST", "/admin/imports", body={"kind": "fopr", "subject": "a/b"})
    assert answer.body["detail"].startswith("subject: send one as 59700 (Which one: a station id, a water")


def test_a_form_that_there_is_not(call: Call) -> None:
    answer = call("GET", "/jobs", headers={"Accept": "application/xml"})

    assert (answer.status, answer.body["detail"]) == (
        406,
        "Accept: there is application/json, text/csv here, and nothing else.",
    )
