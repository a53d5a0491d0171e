"""Jobs, imports, quotas, rejects and pauses, as the API tells of them."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.domain.import_jobs import ImportRequest, Kind
from gaugehouse.domain.system_state import SystemState
from gaugehouse.store import import_jobs, rejected_records
from tests.integration.api.conftest import Answered, Call
from tests.integration.api.day import FAILED, IMPORTED, NOW, POLL, let_a_day_pass


@pytest.fixture(scope="module")
def house(owner: psycopg.Connection) -> None:
    """What a day brings."""
    let_a_day_pass(owner)


def items(answer: Answered) -> list[dict[str, Any]]:
    """The items of an answered list."""
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.body["items"]
    return found


def test_each_job_has_one_row(call: Call) -> None:
    """Its newest run, when it last went well, and when it is due."""
    jobs = {job["job_name"]: job for job in items(call("GET", "/jobs"))}

    assert sorted(jobs) == ["a_mistyped_name", "cleanup_rejects", POLL]
    poll = jobs[POLL]
    assert poll["last_run"]["status"] == "failed" and poll["is_failing"]
    assert poll["schedule"] == "rate(1 hour)"
    assert datetime.fromisoformat(poll["next_run_at"]) == NOW + timedelta(minutes=40)
    assert poll["last_succeeded_at"] < poll["last_failed_at"]
    assert poll["last_run"]["started_at"].endswith("Z")
    assert poll["pause"]["reason"] == "storm"


def test_a_calendar_says_the_next_time_and_a_name_that_no_job_has_has_none(call: Call) -> None:
    before = datetime.now(UTC)
    jobs = {job["job_name"]: job for job in items(call("GET", "/jobs"))}

    due = datetime.fromisoformat(jobs["cleanup_rejects"]["next_run_at"])
    assert (due.hour, due.minute) == (5, 0)
    assert before < due <= datetime.now(UTC) + timedelta(days=1)
    assert not jobs["cleanup_rejects"]["is_failing"]
    assert (jobs["a_mistyped_name"]["schedule"], jobs["a_mistyped_name"]["next_run_at"]) == (None, None)


def test_the_history_of_a_job_is_newest_first_and_comes_in_pages(call: Call) -> None:
    """Each run once, whatever begins meanwhile."""
    whole = items(call("GET", f"/jobs/{POLL}"))
    assert [run["status"] for run in whole] == ["failed"] + ["succeeded"] * 5
    assert whole == sorted(whole, key=lambda run: run["started_at"], reverse=True)

    paged: list[dict[str, Any]] = []
    query = "limit=2"
    for _ in range(3):
        page = call("GET", f"/jobs/{POLL}?{query}")
        paged += items(page)
        query = f"limit=2&cursor={page.body['next_cursor']}"
    assert (paged, page.body["next_cursor"]) == (whole, None)


@pytest.mark.parametrize("name", ["nothing", "poll:nothing", "a b", "%27%20OR%201=1--", "x" * 100])
def test_a_job_that_never_ran_has_no_history(name: str, call: Call) -> None:
    assert call("GET", f"/jobs/{name}").body == {"items": [], "next_cursor": None}


def test_imports_come_in_pages_without_loss_or_repetition(call: Call, owner: psycopg.Connection) -> None:
    """Also when a job is added to a page that was read already."""
    first = call("GET", "/imports?kind=fopr&limit=3")
    import_jobs.create_missing(owner, [ImportRequest(kind=Kind.FOPR, subject="00001")], source="discovery")
    second = call("GET", f"/imports?kind=fopr&limit=3&cursor={first.body['next_cursor']}")

    subjects = [entry["subject"] for entry in items(first) + items(second)]
    assert subjects == [*IMPORTED, FAILED]
    assert second.body["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("status=waiting", [FAILED]),
        ("status=failed", []),
        ("kind=water_year", ["2023"]),
        ("kind=water_year&status=pending", ["2023"]),
        ("kind=monthly_pdf", []),
    ],
)
def test_imports_by_state_and_kind(query: str, subjects: list[str], call: Call) -> None:
    assert [entry["subject"] for entry in items(call("GET", f"/imports?{query}"))] == subjects


def test_one_import_tells_each_failure(call: Call) -> None:
    found = call("GET", f"/imports/fopr/{FAILED}").body

    assert (found["status"], found["retry_count"], found["import_stats"]) == ("failed", 1, None)
    assert found["next_retry_at"] is not None
    (error,) = found["error_history"]["errors"]
    assert (error["attempt"], error["error"]) == (1, "SourceUnavailable: no answer")


def test_an_import_that_nobody_asked_for_is_not_found(call: Call) -> None:
    answer = call("GET", "/imports/fopr/99999")
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "99999" in answer.body["detail"]


def test_pauses_quotas_and_rejects(call: Call) -> None:
    (pause,) = items(call("GET", "/pauses"))
    (quota,) = items(call("GET", "/quota"))
    (reject,) = items(call("GET", "/rejects"))

    assert (pause["name"], pause["resumes_at"]) == ("source:mcfcd_gauge_list", None)
    assert (quota["source"], quota["remaining"]) == ("mcfcd", None) and 0 < quota["wait_seconds"] <= 60
    assert (reject["detail"], reject["raw"], reject["seen_count"]) == ("59700, row 7", "32 May", 1)


def test_rejects_come_in_pages_newest_first(call: Call, owner: psycopg.Connection) -> None:
    """Also those of one document, which were seen at one moment, and while others come."""

    def drop(*details: str) -> None:
        rejected_records.record(
            owner, [RejectedRecord(source="test", reason="odd", detail=each, raw="") for each in details]
        )

    drop("row 3, a\nline", "row 1", "row 2", "row 4")
    try:
        whole = [item["detail"] for item in items(call("GET", "/rejects"))]
        paged: list[str] = []
        query = "limit=2"
        for number in range(3):
            page = call("GET", f"/rejects?{query}")
            paged += [item["detail"] for item in items(page)]
            drop(f"row {number} of another")
            query = f"limit=2&cursor={page.body['next_cursor']}"
        assert whole == ["row 1", "row 2", "row 3, a\nline", "row 4", "59700, row 7"]
        assert (paged, page.body["next_cursor"]) == (whole, None)
    finally:
        owner.execute("DELETE FROM rejected_records WHERE source = 'test'")


@pytest.mark.parametrize(
    ("path", "begins"),
    [
        ("/jobs", "job_name,schedule,next_run_at,is_failing,last_succeeded_at,last_failed_at,"),
        (f"/jobs/{POLL}", "id,job_name,slot,reference_time,trigger,status,started_at,completed_at,"),
        ("/imports", "kind,subject,status,priority,retry_count,next_retry_at,error_message,"),
        ("/quota", "source,wait_seconds,request_limit,remaining,resets_at"),
        ("/rejects", "source,reason,detail,raw,first_seen_at,last_seen_at,seen_count"),
        ("/pauses", "name,reason,paused_at,resumes_at"),
    ],
)
def test_each_list_is_also_a_table(path: str, begins: str, call: Call) -> None:
    """One line for each item, and the next page in a header."""
    told = items(call("GET", path))
    answer = call("GET", path, headers={"Accept": "text/csv"})
    header, *rows = csv.reader(StringIO(answer.body))

    assert answer.headers["content-type"].startswith("text/csv")
    assert ",".join(header).startswith(begins)
    assert len(rows) == len(told) > 0
    first = [str(item[header[0]]) for item in told]
    assert [row[0] for row in rows] == first


def test_a_table_says_where_its_next_page_is(call: Call) -> None:
    first = call("GET", "/imports?limit=2", headers={"Accept": "text/csv"})
    following = first.headers["link"].partition(">")[0].removeprefix("</api/v1")
    second = call("GET", following, headers={"Accept": "text/csv"})

    assert 'rel="next"' in first.headers["link"]
    assert second.body.splitlines()[0] == first.body.splitlines()[0]
    assert not set(second.body.splitlines()[1:]) & set(first.body.splitlines())


def test_the_state_has_every_column_of_the_view(call: Call, owner: psycopg.Connection) -> None:
    """One row, as the view counts it."""
    state = call("GET", "/system/state").body
    columns = owner.execute("SELECT * FROM system_state").description

    assert columns is not None and list(state) == [column.name for column in columns]
    assert set(state) == set(SystemState.__dataclass_fields__)
    assert (state["import_jobs_waiting"], state["pauses"], state["rejects"]) == (1, 1, 1)
