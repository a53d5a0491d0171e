"""`gaugehouse status`: the whole system on one screen."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from gaugehouse.runtime.job_schedules import job_schedules
from gaugehouse_cli.coverage import gauges_in_years
from gaugehouse_cli.dead_letters import Depth
from gaugehouse_cli.deployment import Deployment
from gaugehouse_cli.findings import Finding, Severity, findings
from gaugehouse_cli.import_verbs import print_entries
from gaugehouse_cli.job_verbs import print_jobs
from gaugehouse_cli.jobs import jobs_of
from gaugehouse_cli.pause_verbs import print_pauses
from gaugehouse_cli.report_verbs import print_quotas
from gaugehouse_cli.screen import Cell, out, print_facts, print_rows, text
from gaugehouse_cli.verbs import Answer

NOT_TOLD = "the HTTP API does not tell"
MOST_FAILURES = 5  # one screen; `imports list --status failed` has them all


def status(deployment: Deployment) -> Answer:
    """Show the whole system on one screen: health, queues, runs, coverage, failures, and what to do next.

    Exit code 1 if something is unhealthy.
    """
    answer = deployment.operate("status")
    jobs = jobs_of(
        answer,
        job_schedules(),
        now=datetime.now(UTC),
        runs_schedules=deployment.runs_schedules,
        since=deployment.since,
    )
    imports, dead_letters = deployment.queue_depths()
    found = findings(answer, jobs, dead_letters, stays=deployment.stays)
    healthy = all(finding.severity is not Severity.UNHEALTHY for finding in found)

    def show() -> None:
        _print_health(deployment.name, found, healthy=healthy)
        print_facts(_facts(answer, imports, dead_letters))
        out.print()
        print_jobs(jobs)
        print_quotas(answer["quotas"])
        print_pauses(answer["pauses"])
        _print_failures(answer["failures"])

    document = {
        "healthy": healthy,
        "findings": [asdict(finding) for finding in found],
        "state": answer["state"],
        "gauges_by_water_year": answer["gauges_by_water_year"],
        "queues": {"imports": imports and asdict(imports), "dead_letters": asdict(dead_letters)},
        "jobs": [job.as_dict() for job in jobs],
        "quotas": answer["quotas"],
        "pauses": answer["pauses"],
        "failures": answer["failures"],
    }
    return Answer(document=document, show=show, healthy=healthy)


def _print_health(name: str, found: list[Finding], *, healthy: bool) -> None:
    verdict = "[bold green]healthy[/]" if healthy else "[bold red]unhealthy[/]"
    out.print(f"{name}: {verdict}\n")
    if found:
        rows = [(finding.severity.value, finding.says, finding.next_step) for finding in found]
        print_rows("What to do next", [text("Severity"), text("What"), text("Next step")], rows)


def _facts(answer: dict[str, Any], imports: Depth | None, dead_letters: Depth) -> dict[str, Cell]:
    state, by_year = answer["state"], answer["gauges_by_water_year"]
    median, share = state["median_seconds_to_record"], state["share_succeeded_7d"]
    networks = ", ".join(f"{name} {count:,}" for name, count in state["gauges_by_network"].items())
    return {
        "Coverage": f"{state['gauges_with_record']:,} of {state['gauges']:,} gauges have a record"
        f" ({networks or 'none known'}), {state['gauges_without_record']:,} have none",
        "Record": f"{_days(state)}, {state['gaps']:,} gaps, "
        f"{state['documents']:,} documents, {state['rejects']:,} records dropped",
        "Streams": _streams(state),
        "Live rain": _live_rain(state),
        "Imports": f"{state['import_jobs_completed']:,} completed, {state['import_jobs_pending']:,} pending, "
        f"{state['import_jobs_in_progress']:,} in progress, {state['import_jobs_waiting']:,} waiting, "
        f"{state['import_jobs_failed']:,} failed",
        "Last 7 days": f"{'no imports' if share is None else f'{share:.0%} of imports succeeded'}"
        f"{'' if median is None else f', {median:,.0f} s from discovery to record'}",
        "Queue": f"{_queue(imports)}; dead letters: {dead_letters.waiting + dead_letters.in_flight}",
        "Failed runs": f"{state['runs_failed_24h']:,} in 24 hours",
        "Water years": NOT_TOLD if by_year is None else gauges_in_years(by_year),
    }


def _days(state: dict[str, Any]) -> str:
    """Say about how many days there are. The planner knows it only some time after the first import."""
    days, is_counted = state["readings_estimate"], state["readings_estimate"] or not state["documents"]
    return f"about {days:,} days of rain" if is_counted else "days of rain not counted yet"


def _queue(imports: Depth | None) -> str:
    return f"{imports.waiting} waiting, {imports.in_flight} being handled" if imports else NOT_TOLD


def _streams(state: dict[str, Any]) -> str:
    if not state["poll_targets"]:
        return "no sites are polled"
    age = state["newest_reading_seconds"]
    return (
        f"{state['poll_targets']:,} sites polled, {state['targets_never_polled']:,} never; "
        f"series: {state['series_active']:,} active, {state['series_degraded']:,} stale, "
        f"{state['series_offline']:,} offline; "
        f"{'no reading yet' if age is None else f'newest reading {age / 60:,.0f} min old'}"
    )


def _live_rain(state: dict[str, Any]) -> str:
    active, stale, offline = (state[f"rain_series_{how}"] for how in ("active", "degraded", "offline"))
    age = state["newest_rain_seconds"]
    totals = f"series: {active:,} active, {stale:,} stale, {offline:,} offline; "
    return (
        f"{totals if active + stale + offline else ''}"
        f"{'no reading yet' if age is None else f'newest reading {age / 60:,.0f} min old'}; "
        f"{state['watched_gauges']:,} gauges watched, {state['watched_never_polled']:,} of them never polled"
    )


def _print_failures(failures: list[dict[str, Any]]) -> None:
    if failures:
        print_entries("Imports that failed for good", failures[:MOST_FAILURES])
        if len(failures) > MOST_FAILURES:
            out.print(f"{len(failures) - MOST_FAILURES} more: gaugehouse imports list --status failed\n")
