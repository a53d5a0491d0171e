"""What the command calls unhealthy, and what it says to do."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gaugehouse_cli.dead_letters import Depth
from gaugehouse_cli.findings import Finding, Severity, findings
from gaugehouse_cli.jobs import Job

EMPTY = Depth(waiting=0, in_flight=0)
CALM: dict[str, Any] = {
    "state": {
        "oldest_due_seconds": 0.0,
        "rejects": 0,
        "stale_summaries": 0,
        "series_degraded": 0,
        "series_offline": 0,
        "series_request_failed": 0,
        "rain_series_degraded": 0,
        "rain_series_offline": 0,
        "rain_series_request_failed": 0,
    },
    "failures": [],
    "pauses": [],
}
JOB = Job(
    job_name="tidy",
    schedule="rate(5 minutes)",
    next_run_at=None,
    pause=None,
    last_run={"status": "failed", "error_text": "QueueUnavailable: no"},
    last_succeeded_at=None,
    last_failed_at=None,
    missed=0,
    is_known=True,
)


def look(status: dict[str, Any] = CALM, **options: Any) -> list[Finding]:
    """Judge a status that is calm but for what is given."""
    jobs, dead, stays = options.get("jobs", ()), options.get("dead", EMPTY), options.get("stays", True)
    return findings({**CALM, **status}, jobs, dead, stays=stays)


def test_nothing_to_say_of_a_calm_system() -> None:
    assert look(jobs=[JOB]) == []


@pytest.mark.parametrize("dead", [Depth(waiting=2, in_flight=0), Depth(waiting=1, in_flight=1)])
def test_dead_letters_are_unhealthy_also_while_somebody_looks_at_them(dead: Depth) -> None:
    (finding,) = look(dead=dead)

    assert finding.severity is Severity.UNHEALTHY
    assert finding.says.startswith("2 messages") and "dlq show" in finding.next_step


def test_an_import_that_is_due_for_long_is_unhealthy_where_it_should_run() -> None:
    status = {"state": {**CALM["state"], "oldest_due_seconds": 7200.0}}

    assert [found.severity for found in look(status)] == [Severity.UNHEALTHY]
    assert "2.0 h" in look(status)[0].says
    assert [found.severity for found in look(status, stays=False)] == [Severity.NOTICE]
    pause = {"name": "imports", "reason": "storm"}
    assert [found.says for found in look({**status, "pauses": [pause]})] == ["imports is paused: storm"]


def test_failing_and_overdue_jobs_are_unhealthy() -> None:
    failing = replace(JOB, last_failed_at=datetime(2026, 11, 20, tzinfo=UTC))
    overdue = replace(JOB, missed=3)

    found = look(jobs=[failing, overdue])

    assert [finding.severity for finding in found] == [Severity.UNHEALTHY] * 2
    assert found[0].says == "tidy failed: QueueUnavailable: no"
    assert "missed 3" in found[1].says
    assert all("jobs history tidy" in finding.next_step for finding in found)


def test_a_gauge_without_a_document_is_normal_and_other_final_failures_are_not() -> None:
    failures = [
        {"error_message": "DocumentInvalid: 1_FOPR.xlsx, sheet 2: nonsense"},
        {"error_message": "DocumentNotFound: 2_FOPR.xlsx"},
        {"error_message": "DocumentNotFound: 3_FOPR.xlsx"},
    ]

    found = look({"failures": failures})

    assert [(finding.severity, finding.says) for finding in found] == [
        (Severity.UNHEALTHY, "1 imports failed for good with DocumentInvalid"),
        (Severity.NOTICE, "2 gauges have no document at the agency"),
    ]


def test_notices_name_their_verb() -> None:
    status = {
        "state": {**CALM["state"], "rejects": 3, "stale_summaries": 1},
        "pauses": [{"name": "task:tidy", "reason": "storm"}],
    }

    found = look(status)

    assert {finding.severity for finding in found} == {Severity.NOTICE}
    assert [finding.next_step for finding in found] == [
        "gaugehouse resume task:tidy",
        "gaugehouse rejects list",
        "gaugehouse jobs history poll:mcfcd_gauge_list",
    ]


def test_an_agency_that_is_down_is_one_finding_and_silent_gauges_are_a_notice() -> None:
    state = {**CALM["state"], "series_offline": 30_000, "series_request_failed": 29_990, "series_degraded": 4}

    down, silent = look({"state": state})

    assert (down.severity, silent.severity) == (Severity.UNHEALTHY, Severity.NOTICE)
    assert "29,990 series" in down.says and "poll:usgs" in down.next_step
    assert silent.says == "10 series send no data, 4 are stale"


def test_live_rainfall_has_findings_of_its_own() -> None:
    state = {
        **CALM["state"],
        "rain_series_offline": 2_268,
        "rain_series_request_failed": 2_260,
        "rain_series_degraded": 3,
    }

    down, silent = look({"state": state})

    assert (down.severity, silent.severity) == (Severity.UNHEALTHY, Severity.NOTICE)
    assert "2,260 series of live rainfall" in down.says and "poll:mcfcd_rainfall" in down.next_step
    assert silent.says == "8 series of live rainfall send no data, 3 are stale"
