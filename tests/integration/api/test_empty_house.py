"""A house in which nothing has happened yet: lists are empty, and no schedule that is switched off is due."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.integration.api.conftest import Call
from tests.integration.store.history import add_run

LISTS = ["/jobs", "/jobs/check_staleness", "/imports", "/quota", "/rejects", "/pauses"]


@pytest.fixture(scope="module")
def api_environment() -> dict[str, str]:
    return {"SCHEDULES_STATE": "DISABLED"}


@pytest.mark.parametrize("path", LISTS)
def test_there_is_nothing(path: str, call: Call) -> None:
    answer = call("GET", path)
    assert (answer.status, answer.body) == (200, {"items": [], "next_cursor": None})


@pytest.fixture
def one_run(owner: psycopg.Connection) -> Iterator[None]:
    """A run of a task with a schedule; it is gone afterwards."""
    run_id = add_run(owner, "succeeded", ago="1 hour", slot="2026-01-01T05:00Z", job="cleanup_rejects")
    yield
    owner.execute("DELETE FROM job_runs WHERE id = %s", (run_id,))


def test_where_no_schedule_runs_nothing_is_next(one_run: None, call: Call) -> None:
    (job,) = call("GET", "/jobs").body["items"]
    assert (job["schedule"], job["next_run_at"]) == ("cron(0 5 * * ? *)", None)
