"""The registry of maintenance tasks: the one table that says which there are, and when they run."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import psycopg

from gaugehouse.domain.errors import EventInvalid, MigrationRefused
from gaugehouse.domain.pauses import task_pause
from gaugehouse.runtime import import_tasks
from gaugehouse.runtime.invocation import Run
from gaugehouse.runtime.maintenance_event import MaintenanceEvent
from gaugehouse.runtime.operation import Answer
from gaugehouse.runtime.operations import operate
from gaugehouse.runtime.slots import Summary, new_run, refuse_future, run_in_slot, run_unlocked
from gaugehouse.services.check_staleness import check_staleness
from gaugehouse.services.cleanup_rejects import cleanup_rejects
from gaugehouse.services.ensure_partitions import ensure_partitions
from gaugehouse.services.purge_security_events import purge_security_events
from gaugehouse.store.connection import database_time
from gaugehouse.store.migrate import migrate
from gaugehouse.store.system_state import get_system_state

Work = Callable[[MaintenanceEvent, Run], Summary]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `schedule` is the template's expression, None for manual; `timeout` is in seconds.

    `in_slot` is False for two: `migrate` (an empty database has no locks and no history yet) and
    `operate` (an operator who looks or acts twice means it).
    """

    name: str
    does: str
    schedule: str | None
    timeout: int
    run: Work
    in_slot: bool = True


def run_task(event: MaintenanceEvent, run: Run) -> Summary:
    """Run the task that the event names; return its summary.

    Raises: EventInvalid for an unknown task, SlotBusy when another run holds the slot, and whatever the
    task raises.
    """
    task = TASKS.get(event.task)
    if task is None:
        known = ", ".join(sorted(TASKS))
        raise EventInvalid(f"MaintenanceEvent: unknown task {event.task!r}; there are {known}")
    if not task.in_slot:
        refuse_future(event, run.wiring.connection())
        return task.run(event, run)
    return run_in_slot(task.name, task_pause(task.name), event, run, lambda: task.run(event, run))


def _migrate(event: MaintenanceEvent, run: Run) -> Summary:
    """Migrate under the migration lock alone, and record the run afterwards."""
    conn = run.wiring.connection()
    # Migrating for the same time twice is no mistake, and both runs are to be seen.
    new = replace(new_run("migrate", event, run), forced=True)
    return run_unlocked(new, conn, lambda: _migrate_as_owner(conn))


def _migrate_as_owner(conn: psycopg.Connection) -> Summary:
    try:
        return migrate(conn)
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationRefused(
            "this function's role may not change the schema: a deployment does, by the schema function"
        ) from error


def _operate(event: MaintenanceEvent, run: Run) -> Answer:
    return operate(event.operation, event.arguments, conn=run.wiring.connection())


def _check_staleness(event: MaintenanceEvent, run: Run) -> Summary:
    conn = run.wiring.connection()
    return check_staleness(conn=conn, reference_time=event.reference_time or database_time(conn))


def _publish_system_state(_: MaintenanceEvent, run: Run) -> Summary:
    return get_system_state(run.wiring.connection())


def _ensure_partitions(event: MaintenanceEvent, run: Run) -> Summary:
    conn = run.wiring.connection()
    return ensure_partitions(conn=conn, reference_time=event.reference_time or database_time(conn))


def _cleanup_rejects(_: MaintenanceEvent, run: Run) -> Summary:
    return cleanup_rejects(conn=run.wiring.connection(), time_is_up=run.time_is_up)


def _purge_security_events(_: MaintenanceEvent, run: Run) -> Summary:
    return purge_security_events(conn=run.wiring.connection())


TASKS = {
    task.name: task
    for task in (
        Task(
            name="requeue_imports",
            does="sends the imports that are due, and counts dead workers' jobs as failed attempts",
            schedule="rate(5 minutes)",
            timeout=60,
            run=import_tasks.requeue,
        ),
        Task(
            name="check_staleness",
            does="marks gauges that the agency's list has not shown for three hours",
            schedule="rate(15 minutes)",
            timeout=60,
            run=_check_staleness,
        ),
        Task(
            name="publish_system_state",
            does="turns the one row that counts everything into metrics",
            schedule="rate(15 minutes)",
            timeout=60,
            run=_publish_system_state,
        ),
        Task(
            name="refresh_gauge_records",
            does="asks again for every full record that is more than 30 days old, at low priority",
            schedule="cron(0 2 1 * ? *)",
            timeout=60,
            run=import_tasks.refresh_full_records,
        ),
        Task(
            name="import_current_water_year",
            does="asks for the workbook of the water year that is under way",
            schedule="cron(0 3 * * ? *)",
            timeout=60,
            run=import_tasks.ask_for_current_water_year,
        ),
        Task(
            name="import_recent_water_years",
            does="asks for the workbooks of this water year and the last, which the agency still corrects",
            schedule="cron(0 4 ? * SUN *)",
            timeout=60,
            run=import_tasks.ask_for_recent_water_years,
        ),
        Task(
            name="reparse_documents",
            does="has stored documents read again that an older parser has read",
            schedule="cron(30 5 * * ? *)",
            timeout=60,
            run=import_tasks.reparse,
        ),
        Task(
            name="ensure_partitions",
            does="makes the partitions of the readings of the coming three months",
            schedule="cron(0 1 * * ? *)",
            timeout=60,
            run=_ensure_partitions,
        ),
        Task(
            name="cleanup_rejects",
            does="forgets rejected records not seen for 90 days",
            schedule="cron(0 5 * * ? *)",
            timeout=300,
            run=_cleanup_rejects,
        ),
        Task(
            name="purge_security_events",
            does="forgets what happened to keys of the API more than 7 days ago",
            schedule="cron(15 5 * * ? *)",
            timeout=60,
            run=_purge_security_events,
        ),
        Task(
            name="operate",
            does="answers the operator's command",
            schedule=None,
            timeout=60,
            run=_operate,
            in_slot=False,
        ),
        Task(
            name="migrate",
            does="applies the migrations that the database does not have yet",
            schedule=None,
            timeout=300,
            run=_migrate,
            in_slot=False,
        ),
    )
}
