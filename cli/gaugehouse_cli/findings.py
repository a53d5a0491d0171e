"""What is out of order, and what to do about it. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gaugehouse_cli.dead_letters import Depth
from gaugehouse_cli.jobs import Job

LONGEST_DUE_SECONDS = 3600.0  # as the alarm of the template
NO_WORKBOOK = "DocumentNotFound"  # many gauges have none; the monthly refresh asks again


class Severity(StrEnum):
    """Whether a finding makes the system unhealthy, or is only good to know."""

    UNHEALTHY = "unhealthy"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that an operator should know, and the next step."""

    severity: Severity
    says: str
    next_step: str


def findings(
    status: Mapping[str, Any], jobs: Sequence[Job], dead_letters: Depth, *, stays: bool
) -> list[Finding]:
    """Judge what the operation `status` answered; the unhealthy first.

    `stays` is False for a house that only lives for this command: there, nothing is done by itself.
    """
    found = [
        *_of_queues(status, dead_letters, stays=stays),
        *_of_jobs(jobs),
        *_of_imports(status["failures"]),
        *_of_pauses(status["pauses"]),
        *_of_data(status["state"]),
    ]
    return sorted(found, key=lambda finding: finding.severity is not Severity.UNHEALTHY)


def _of_queues(status: Mapping[str, Any], dead_letters: Depth, *, stays: bool) -> Iterator[Finding]:
    dead = dead_letters.waiting + dead_letters.in_flight
    if dead:
        yield Finding(
            severity=Severity.UNHEALTHY,
            says=f"{dead} messages failed every try",
            next_step="gaugehouse dlq show; mend the reason, then gaugehouse dlq redrive",
        )
    state = status["state"]
    paused = any(pause["name"] == "imports" for pause in status["pauses"])
    if state["oldest_due_seconds"] > LONGEST_DUE_SECONDS and not paused:
        hours = state["oldest_due_seconds"] / 3600
        yield Finding(
            severity=Severity.UNHEALTHY if stays else Severity.NOTICE,
            says=f"an import has been due for {hours:.1f} h",
            next_step="gaugehouse task run requeue_imports; look at the importer's log"
            if stays
            else "gaugehouse up",
        )


def _of_jobs(jobs: Sequence[Job]) -> Iterator[Finding]:
    for job in jobs:
        history = f"gaugehouse jobs history {job.job_name}"
        if job.is_failing:
            why = job.last_run["error_text"] if job.last_run else None
            yield Finding(
                severity=Severity.UNHEALTHY,
                says=f"{job.job_name} {job.status}{f': {why}' if why else ''}",
                next_step=history,
            )
        elif job.is_overdue:
            yield Finding(
                severity=Severity.UNHEALTHY,
                says=f"{job.job_name} has missed {job.missed} or more of its times ({job.schedule})",
                next_step=f"{history}; are the schedules enabled?",
            )


def _of_imports(failures: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Group the final failures by the kind of their error."""
    kinds = Counter(str(failure["error_message"] or "unknown").split(":")[0] for failure in failures)
    for kind, count in kinds.most_common():
        if kind == NO_WORKBOOK:
            yield Finding(
                severity=Severity.NOTICE,
                says=f"{count} gauges have no document at the agency",
                next_step="nothing: the monthly refresh asks again",
            )
        else:
            yield Finding(
                severity=Severity.UNHEALTHY,
                says=f"{count} imports failed for good with {kind}",
                next_step="gaugehouse imports list --status failed; then gaugehouse imports retry ID",
            )


def _of_pauses(pauses: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for pause in pauses:
        yield Finding(
            severity=Severity.NOTICE,
            says=f"{pause['name']} is paused: {pause['reason']}",
            next_step=f"gaugehouse resume {pause['name']}",
        )


def _of_data(state: Mapping[str, Any]) -> Iterator[Finding]:
    if state["rejects"]:
        yield Finding(
            severity=Severity.NOTICE,
            says="1 record was dropped"
            if state["rejects"] == 1
            else f"{state['rejects']:,} records were dropped",
            next_step="gaugehouse rejects list",
        )
    if state["series_request_failed"]:
        yield Finding(
            severity=Severity.UNHEALTHY,
            says=f"the agency left the last poll of {state['series_request_failed']:,} series unanswered",
            next_step="gaugehouse jobs history poll:usgs; gaugehouse quota",
        )
    silent = state["series_offline"] - state["series_request_failed"]
    if silent or state["series_degraded"]:
        yield Finding(
            severity=Severity.NOTICE,
            says=f"{silent:,} series send no data, {state['series_degraded']:,} are stale",
            next_step="gaugehouse targets list --unhealthy",
        )
    yield from _of_live_rain(state)
    if state["stale_summaries"]:
        yield Finding(
            severity=Severity.NOTICE,
            says=f"{state['stale_summaries']} gauges are missing from the agency's newest lists",
            next_step="gaugehouse jobs history poll:mcfcd_gauge_list",
        )


def _of_live_rain(state: Mapping[str, Any]) -> Iterator[Finding]:
    unanswered = state["rain_series_request_failed"]
    if unanswered:
        yield Finding(
            severity=Severity.UNHEALTHY,
            says=f"the agency left the last poll of {unanswered:,} series of live rainfall unanswered",
            next_step="gaugehouse jobs history poll:mcfcd_rainfall; gaugehouse targets list --unhealthy",
        )
    silent = state["rain_series_offline"] - unanswered
    if silent or state["rain_series_degraded"]:
        yield Finding(
            severity=Severity.NOTICE,
            says=f"{silent:,} series of live rainfall send no data, "
            f"{state['rain_series_degraded']:,} are stale",
            next_step="SELECT * FROM live_rainfall WHERE status <> 'active'",
        )
