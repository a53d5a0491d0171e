"""The operator's verbs that look at how the service is doing: status, runs, quotas, rejects."""

from typing import Any

from psycopg import Connection

from gaugehouse.domain.locks import slot_lock
from gaugehouse.domain.pauses import task_pause
from gaugehouse.runtime.invocation import ScheduledEvent
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import Arguments, History, Limit, Preview
from gaugehouse.store import job_runs, locks, pauses, quotas, rain_coverage, rejected_records, reports
from gaugehouse.store.connection import database_time
from gaugehouse.store.system_state import get_system_state


def _status(conn: Connection, _: Arguments) -> Answer:
    return Answer(
        answer={
            "state": plain(get_system_state(conn)),
            **_jobs(conn),
            "quotas": plain(quotas.all_quotas(conn)),
            "failures": plain(reports.ledger(conn, status="failed", limit=500)),
            "gauges_by_water_year": rain_coverage.gauges_by_water_year(conn),
        }
    )


def _jobs_list(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=_jobs(conn))


def _jobs(conn: Connection) -> dict[str, Any]:
    """Return what is to be known of all jobs: newest runs, turning points, and what is paused."""
    return {
        "runs": plain(job_runs.latest(conn)),
        "milestones": plain(job_runs.milestones(conn)),
        "pauses": plain(pauses.active(conn)),
    }


def _jobs_history(conn: Connection, arguments: History) -> Answer:
    return Answer(answer=plain(job_runs.history(conn, arguments.job_name, limit=arguments.limit)))


def _preview(conn: Connection, arguments: Preview) -> Answer:
    """Say what a run would meet, without running it. A run for no certain time has a slot of its own."""
    time = arguments.reference_time
    slot = ScheduledEvent(reference_time=time).slot("") or None
    pause = pauses.find(conn, task_pause(arguments.task)) if arguments.in_slot else None
    looked_up = slot if arguments.in_slot else None
    done = looked_up is not None and job_runs.is_done(conn, arguments.task, looked_up)
    holder = locks.find_holder(conn, slot_lock(arguments.task, looked_up)) if looked_up else None
    in_future = time is not None and time > database_time(conn)
    reasons = {
        "its time is still to come": in_future,
        f"paused: {pause.reason if pause else ''}": pause is not None,
        "its slot was done before": done and not arguments.force,
        "another run holds its slot": holder is not None,
    }
    return Answer(
        answer={
            "task": arguments.task,
            "slot": slot,
            "in_future": in_future,
            "done": done,
            "pause": plain(pause),
            "lock": plain(holder),
            "would_run": not any(reasons.values()),
            "why_not": next((reason for reason, applies in reasons.items() if applies), None),
        }
    )


def _quota(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(quotas.all_quotas(conn)))


def _rejects_list(conn: Connection, arguments: Limit) -> Answer:
    return Answer(answer=plain(rejected_records.newest(conn, limit=arguments.limit)))


OPERATIONS = {
    "status": Operation(Arguments, _status),
    "jobs_list": Operation(Arguments, _jobs_list),
    "jobs_history": Operation(History, _jobs_history),
    "preview": Operation(Preview, _preview),
    "quota": Operation(Arguments, _quota),
    "rejects_list": Operation(Limit, _rejects_list),
}
