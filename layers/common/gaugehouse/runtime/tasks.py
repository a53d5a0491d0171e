"""The registry of maintenance tasks: the one table that says which there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gaugehouse.domain.errors import EventInvalid, QueueUnavailable
from gaugehouse.domain.locks import task_lock
from gaugehouse.runtime.invocation import Run, ScheduledEvent
from gaugehouse.services.requeue_imports import RequeueSummary, requeue_imports
from gaugehouse.store import locks
from gaugehouse.store.migrate import MigrationSummary, migrate


class MaintenanceEvent(ScheduledEvent):
    """What the maintenance function is given: which task, and optionally for which time."""

    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task. `locked` is False only for `migrate`: an empty database has no lock table yet."""

    name: str
    run: Callable[[Run], Any]
    locked: bool = True


def run_task(event: MaintenanceEvent, run: Run) -> Any:
    """Run the task that the event names; return its summary.

    Raises: EventInvalid for an unknown task, SlotBusy when another run holds the slot.
    """
    task = TASKS.get(event.task)
    if task is None:
        raise EventInvalid(
            f"MaintenanceEvent: unknown task {event.task!r}; there are {', '.join(sorted(TASKS))}"
        )
    if not task.locked:
        return task.run(run)
    name = task_lock(task.name, event.slot(run.request_id))
    conn = run.wiring.connection()
    with locks.hold(conn, name, worker_id=run.request_id, ttl_seconds=run.lock_ttl_seconds):
        return task.run(run)


def _migrate(run: Run) -> MigrationSummary:
    return migrate(run.wiring.connection())


def _requeue_imports(run: Run) -> RequeueSummary:
    settings = run.wiring.settings
    summary = requeue_imports(
        conn=run.wiring.connection(),
        queue=run.wiring.queue,
        max_in_flight=settings.import_max_in_flight,
        retry_delays=settings.import_retry_delays_seconds,
        worker_id=run.request_id,
    )
    if summary.refused:
        raise QueueUnavailable(f"the import queue refused {summary.refused} messages; they stay due")
    return summary


TASKS = {
    task.name: task
    for task in (
        Task(name="migrate", run=_migrate, locked=False),
        Task(name="requeue_imports", run=_requeue_imports),
    )
}
