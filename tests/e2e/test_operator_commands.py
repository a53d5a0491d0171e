"""The operator's verbs against a running house: what they print, what they do, and their exit codes."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gaugehouse.domain.documents import RejectedRecord
from gaugehouse.runtime.tasks import TASKS
from gaugehouse.store import rejected_records
from tests.e2e.operator import Operator
from tests.integration.faults.conftest import wait_for
from tests.real_files import PROJECT_ROOT

LATEST = "SELECT DISTINCT ON (job_name) * FROM job_runs ORDER BY job_name, started_at DESC"
RUNS = "SELECT * FROM job_runs WHERE job_name = %(job)s ORDER BY started_at DESC"
JOB = "SELECT * FROM import_jobs WHERE subject = %(id)s"
# The simulated district of three: one with a record, one whose first download fails, one without a document.
SOUND, TROUBLED, MISSING = "59700", "11000", "80500"
EVENT = PROJECT_ROOT / "events" / "maintenance_check_staleness_manual.json"


@pytest.fixture
def dead_letter(operator: Operator) -> Iterator[str]:
    """A dead letter for a gauge, in the dead-letter queue alone."""
    url = operator.house.outputs["ImportDeadLetterQueueUrl"]
    body = json.dumps({"kind": "fopr", "subject": MISSING})
    operator.sqs().send_message(QueueUrl=url, MessageBody=body)
    yield body
    operator.empty(url)


def test_tasks_are_listed_with_their_last_and_next_run(operator: Operator) -> None:
    listed = {task["job_name"]: task for task in operator.asks("task", "list")}

    assert set(listed) == set(TASKS) - {"operate"}
    assert {name: task["schedule"] for name, task in listed.items()} == {
        name: TASKS[name].schedule for name in listed
    }
    sweep = listed["requeue_imports"]
    runs = operator.rows(RUNS, job="requeue_imports")
    assert sweep["last_run"]["slot"] in {run["slot"] for run in runs}
    scheduled = {datetime.fromisoformat(run["slot"]) for run in runs if run["trigger"] == "schedule"}
    next_run = datetime.fromisoformat(sweep["next_run_at"])
    # The last one may just be starting.
    since = {next_run - timedelta(minutes=minutes) for minutes in (5, 10)}
    assert since & scheduled
    cleanup = datetime.fromisoformat(listed["cleanup_rejects"]["next_run_at"])
    assert (cleanup.hour, cleanup.minute) == (5, 0)

    table = operator.reads("task", "list")
    assert all(name in table for name in listed)
    assert f"{cleanup:%Y-%m-%d %H:%M}" in table and "manual" in table


def test_a_task_runs_once_for_its_time_unless_it_is_forced(operator: Operator) -> None:
    command = ("task", "run", "cleanup_rejects", "--reference-time", "2026-01-05T06:00-07:00")

    preview = operator.asks(*command, "--dry-run")
    assert preview == {
        "task": "cleanup_rejects",
        "slot": "2026-01-05T13:00:00+00:00",
        "in_future": False,
        "done": False,
        "pause": None,
        "lock": None,
        "would_run": True,
        "why_not": None,
    }
    ours = RUNS.replace("WHERE", "WHERE trigger = 'operator' AND")  # its schedule may come meanwhile: at 5:00
    assert operator.rows(ours, job="cleanup_rejects") == []

    assert operator.asks(*command) == {"deleted": 0, "truncated": False}
    assert "its slot was done before" in operator.reads(*command)
    assert "no: its slot was done before" in operator.reads(*command, "--dry-run")
    assert "succeeded" in operator.reads(*command, "--force")

    runs = operator.rows(ours, job="cleanup_rejects")
    assert [(run["status"], run["forced"]) for run in runs] == [
        ("succeeded", True),
        ("skipped", False),
        ("succeeded", False),
    ]
    newest = [run["id"] for run in operator.rows(RUNS, job="cleanup_rejects")[:2]]
    history = operator.asks("jobs", "history", "cleanup_rejects", "--limit", "2")
    assert [run["id"] for run in history] == newest
    table = operator.reads("jobs", "history", "cleanup_rejects")
    assert "its slot was done before" in table and "2026-01-05T13:00:00+00:00" in table


def test_the_house_that_runs_invokes_a_function_with_an_event_file(
    operator: Operator, tmp_path: Path
) -> None:
    done = operator.types_here("invoke", "maintenance", "--event", str(EVENT))
    assert (done.returncode, done.stderr) == (0, "")
    assert set(json.loads(done.stdout)) == {"turned_stale", "turned_fresh"}

    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"task": "tidy"}')
    done = operator.types_here("invoke", "maintenance", "--event", str(wrong))
    assert (done.returncode, done.stdout) == (1, "") and "tidy" in done.stderr


def test_jobs_are_listed_as_the_database_has_them(operator: Operator) -> None:
    before = {run["job_name"]: run for run in operator.rows(LATEST)}
    listed = {job["job_name"]: job for job in operator.asks("jobs", "list")}

    assert {name for name, job in listed.items() if job["last_run"]} >= set(before)
    for name, run in before.items():
        shown = listed[name]["last_run"]
        assert shown["id"] >= run["id"]
        if shown["id"] == run["id"]:
            assert (shown["slot"], shown["status"], shown["rows_affected"]) == (
                run["slot"],
                run["status"],
                run["rows_affected"],
            )
            assert datetime.fromisoformat(shown["started_at"]) == run["started_at"]
    assert listed["poll:mcfcd_gauge_list"]["schedule"] == "rate(1 hour)"
    assert listed["poll:mcfcd_gauge_list"]["next_run_at"] is not None
    table = operator.reads("jobs", "list")
    assert re.search(r"poll:mcfcd_gauge_list +succeeded", table)


def test_a_job_that_failed_is_unhealthy_until_it_succeeds(operator: Operator) -> None:
    operator.conn.execute(
        "INSERT INTO job_runs (job_name, slot, trigger, request_id, status, completed_at, error_text)"
        " VALUES ('purge_security_events', 'x', 'manual', 'x', 'failed', clock_timestamp(), 'OutOfLuck: [x]')"
    )  # of a job that its schedule does not run meanwhile
    for command in (("jobs", "list"), ("status",)):
        assert "OutOfLuck: [x]" in operator.reads(*command, exit_code=1)
    assert operator.asks("status", exit_code=1)["healthy"] is False

    operator.asks("task", "run", "purge_security_events")

    assert operator.asks("status")["healthy"] is True


def test_imports_are_listed_and_shown_as_the_ledger_has_them(operator: Operator) -> None:
    entries = {entry["subject"]: entry for entry in operator.asks("imports", "list")}
    jobs = {job["subject"]: job for job in operator.rows("SELECT * FROM import_jobs")}
    assert {name: entry["retry_count"] for name, entry in entries.items()} == {
        name: job["retry_count"] for name, job in jobs.items()
    }
    completed = operator.asks("imports", "list", "--status", "completed")
    assert {entry["subject"] for entry in completed} == {
        name for name, job in jobs.items() if job["status"] == "completed"
    }

    shown = operator.asks("imports", "show", MISSING)
    assert shown["error_history"] == jobs[MISSING]["error_history"]
    text = operator.reads("imports", "show", SOUND)
    assert "0 do not hold" in text and f"{jobs[SOUND]['import_stats']['total_rows']:,} days" in text
    table = operator.reads("imports", "list", "--status", "waiting")
    assert MISSING in table and "DocumentNotFound" in table and SOUND not in table


def test_an_import_is_done_at_once_and_proven(operator: Operator) -> None:
    (found,) = operator.asks("import", "fopr", "--station-id", SOUND)

    (job,) = operator.rows(JOB, id=SOUND)
    assert (found["status"], found["mismatches"]) == ("completed", 0)
    assert (found["days"], found["claims"]) == (
        job["import_stats"]["total_rows"],
        job["import_stats"]["claims"],
    )
    assert (job["source"], job["priority"]) == ("operator", 10)

    table = operator.reads("import", "fopr", "--station-ids", f"{SOUND},{MISSING}", exit_code=1)
    assert f"✓ {found['claims']}" in table
    assert "waiting" in table and "DocumentNotFound" in table


def test_an_import_that_is_only_enqueued_is_not_waited_for(operator: Operator) -> None:
    assert operator.asks("import", "fopr", "--station-id", TROUBLED, "--enqueue-only") == {
        TROUBLED: "pending"
    }
    wait_for(
        "the import",
        lambda: operator.rows(f"{JOB} AND status IN ('completed', 'failed')", id=TROUBLED),
    )
    assert operator.rows(JOB, id=TROUBLED)[0]["source"] == "operator"


def test_a_retry_reopens_what_was_named_and_only_that(operator: Operator) -> None:
    assert "no fopr import of 99999" in operator.is_refused("imports", "retry", MISSING, "99999")
    assert operator.rows(JOB, id="99999") == []

    before = operator.rows(JOB, id=MISSING)[0]["error_history"]["errors"]
    assert operator.asks("imports", "retry", MISSING) == {"reopened": 1}
    wait_for(
        "the next failure",
        lambda: len(operator.rows(JOB, id=MISSING)[0]["error_history"]["errors"]) > len(before),
    )
    assert "Reopened" in operator.reads("imports", "retry", "--failed")


def test_what_is_paused_waits_and_says_so(operator: Operator) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    paused = operator.asks(
        "pause", "task:publish_system_state", "--reason", "a [storm]", "--until", until.isoformat()
    )
    assert paused[0]["resumes_at"] == until.isoformat()
    assert operator.rows("SELECT name, reason, resumes_at FROM pauses") == [
        {"name": "task:publish_system_state", "reason": "a [storm]", "resumes_at": until}
    ]

    assert operator.asks("task", "run", "publish_system_state") == {"skipped": "paused: a [storm]"}
    assert operator.asks("task", "run", "publish_system_state", "--dry-run")["would_run"] is False
    status = operator.reads("status")
    assert "a [storm]" in status and "gaugehouse resume task:publish_system_state" in status

    assert "nothing" in operator.reads("resume", "task:publish_system_state")
    assert operator.rows("SELECT FROM pauses") == []
    assert "is not paused" in operator.is_refused("resume", "task:publish_system_state")


def test_imports_that_are_paused_are_not_waited_for(operator: Operator) -> None:
    operator.asks("pause", "imports", "--reason", "storm")
    try:
        (found,) = operator.asks("import", "fopr", "--station-id", SOUND, exit_code=1)
        assert found["status"] == "pending"
    finally:
        operator.asks("resume", "imports")


def test_dead_letters_are_seen_without_being_taken_and_purged_on_request(
    operator: Operator, dead_letter: str
) -> None:
    (letter,) = operator.asks("dlq", "show", exit_code=1)
    assert letter["body"] == dead_letter and letter["reason"].startswith("DocumentNotFound")
    assert MISSING in operator.reads("dlq", "show", exit_code=1)
    status = operator.asks("status", exit_code=1)
    assert status["queues"]["dead_letters"] == {"waiting": 1, "in_flight": 0}

    assert "Delete 1 dead letters" in operator.is_refused("dlq", "purge")
    assert operator.asks("dlq", "purge", "--yes") == {"purged": 1}
    assert operator.asks("dlq", "show") == []


def test_a_redrive_sends_dead_letters_to_the_importer(operator: Operator, dead_letter: str) -> None:
    assert operator.asks("dlq", "redrive") == {"moved": 1}

    depths = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    url = operator.house.outputs["ImportQueueUrl"]

    def is_handled() -> bool:
        found = operator.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=[*depths])["Attributes"]
        return all(found[name] == "0" for name in depths)

    wait_for("the importer takes it", is_handled)
    assert "none" in operator.reads("dlq", "show")


def test_rejects_and_quotas(operator: Operator) -> None:
    reject = RejectedRecord(source="fopr", reason="not_a_number", detail="x.xlsx, sheet 2", raw="[1;2]")
    rejected_records.record(operator.conn, [reject])

    (shown,) = operator.asks("rejects", "list")
    assert (shown["reason"], shown["detail"], shown["raw"]) == ("not_a_number", "x.xlsx, sheet 2", "[1;2]")
    assert "[1;2]" in operator.reads("rejects", "list")
    quotas = {quota["source"]: quota["remaining"] for quota in operator.asks("quota")}
    assert quotas["mcfcd"] is None, "it tells no budget"
    assert 0 < quotas["usgs"] < 50
    assert "mcfcd" in operator.reads("quota")


def test_status_counts_what_the_database_counts(operator: Operator) -> None:
    status = operator.asks("status")

    (state,) = operator.rows("SELECT gauges, gauges_with_record, gauges_without_record FROM system_state")
    assert {name: status["state"][name] for name in state} == state
    assert status["queues"]["dead_letters"] == {"waiting": 0, "in_flight": 0}
    screen = operator.reads("status")
    assert f"{state['gauges_with_record']} of {state['gauges']} gauges have a record" in screen
    assert "house simulator_3: healthy" in screen


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("task", "run", "tidy"), "no task 'tidy'; there are check_staleness"),
        (("task", "run", "cleanup_rejects", "--reference-time", "2026-01-05"), "lacks a time zone"),
        (("task", "run", "cleanup_rejects", "--reference-time", "2199-01-05T00:00Z"), "is still to come"),
        (("pause", "task:tidy", "--reason", "x"), "nothing is called 'task:tidy'"),
        (("pause", "imports", "--reason", "x", "--until", "2020-01-01T00:00Z"), "has passed"),
        (("imports", "show", "99999"), "no fopr import of 99999"),
        (("import", "fopr", "--station-id", "no/such id"), "OperationRefused: operate imports_request"),
        (("jobs", "history", "poll:nosuch"), "no job is called poll:nosuch; there are poll:mcfcd_gauge_list"),
        (("invoke", "nosuch", "--event", str(EVENT)), "there is no function nosuch"),
        (("imports", "retry"), "name station ids, or use --failed"),
        (("status", "--stack", "x", "--gauges", "3"), "--stack excludes"),
    ],
)
def test_a_wrong_command_is_told_in_a_line_and_is_no_failed_run(
    operator: Operator, command: tuple[str, ...], told: str
) -> None:
    before = operator.rows("SELECT count(*) FROM job_runs WHERE status = 'failed'")

    assert told in operator.is_refused(*command)

    assert operator.rows("SELECT count(*) FROM job_runs WHERE status = 'failed'") == before
