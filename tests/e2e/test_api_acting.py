"""Acting by the HTTP API: its function has maintenance do it."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.e2e.operator import Operator
from tests.integration.faults.conftest import wait_for

SOUND = "59700"
JOB = "SELECT * FROM import_jobs WHERE kind = 'fopr' AND subject = %(id)s"
PAUSES = "SELECT name, reason, resumes_at FROM pauses"


class Acting:
    """A person with a key for acting."""

    def __init__(self, operator: Operator) -> None:
        self.key = operator.asks("keys", "create", "Ops", "--scope", "operate")["key"]
        self._base = f"{operator.house.outputs['ApiUrl']}/api/v1"

    def does(self, method: str, path: str, body: object = None, *, status: int) -> Any:
        """Make a request; return the document of its answer."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = requests.request(method, f"{self._base}{path}", json=body, headers=headers, timeout=30)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def acting(operator: Operator) -> Iterator[Acting]:
    yield Acting(operator)
    operator.conn.execute("DELETE FROM pauses")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/admin/imports/fopr/{SOUND}/retry", None),
        ("/admin/imports", {"kind": "fopr", "subject": SOUND}),
    ],
)
def test_an_import_that_is_asked_for_happens(
    path: str, body: object, operator: Operator, acting: Acting
) -> None:
    [before] = operator.rows(JOB, id=SOUND)

    assert acting.does("POST", path, body, status=202) == {
        "kind": "fopr",
        "subject": SOUND,
        "status": "pending",
    }

    wait_for(
        "the import that was asked for",
        lambda: operator.rows(JOB, id=SOUND)[0]["last_completed_at"] > before["last_completed_at"],
    )
    event = next(each for each in operator.asks("keys", "events") if each["kind"] == "acted")
    assert (event["key_prefix"], event["address"]) == (acting.key[3:11], "127.0.0.1")
    assert event["detail"] == f"imports_request: kind fopr, subjects ['{SOUND}']"


def test_pauses_begin_and_end(operator: Operator, acting: Acting) -> None:
    wish = {"name": "task:cleanup_rejects", "reason": "flood", "resumes_at": "2199-01-01T00:00:00Z"}

    paused = acting.does("POST", "/admin/pauses", wish, status=202)

    [told] = paused["items"]
    assert (told["name"], told["reason"]) == ("task:cleanup_rejects", "flood")
    assert told["resumes_at"] == "2199-01-01T00:00:00Z"
    assert [row["name"] for row in operator.rows(PAUSES)] == ["task:cleanup_rejects"]
    assert acting.does("DELETE", "/admin/pauses/task:cleanup_rejects", status=202)["items"] == []
    assert operator.rows(PAUSES) == []


def test_what_an_operation_refuses_is_told_in_its_words(acting: Acting) -> None:
    refused = acting.does("POST", "/admin/pauses", {"name": "task:tidy", "reason": "a"}, status=422)
    assert "nothing is called 'task:tidy'" in refused["detail"]
    refused = acting.does("DELETE", "/admin/pauses/imports", status=404)
    assert refused["detail"] == "'imports' is not paused."
    refused = acting.does("POST", "/admin/imports", {"kind": "water_year", "subject": "23"}, status=422)
    assert "23" in refused["detail"]
