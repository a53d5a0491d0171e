"""The operator's verbs for pauses: stop work for a while, let it go on, and see what is stopped."""

from psycopg import Connection

from gaugehouse.domain.errors import OperationRefused
from gaugehouse.domain.pauses import IMPORTS, source_pause, task_pause
from gaugehouse.runtime.operation import Answer, Operation, plain
from gaugehouse.runtime.operation_arguments import Arguments, PauseArguments, PauseName
from gaugehouse.store import pauses
from gaugehouse.store.connection import database_time


def _pause(conn: Connection, arguments: PauseArguments) -> Answer:
    if arguments.resumes_at is not None and arguments.resumes_at <= database_time(conn):
        raise OperationRefused(f"operate pause: {arguments.resumes_at} has passed")
    known = _pausable()
    if arguments.name not in known:
        raise OperationRefused(
            f"operate pause: nothing is called {arguments.name!r}; there are {', '.join(known)}"
        )
    pauses.pause(conn, arguments.name, reason=arguments.reason, resumes_at=arguments.resumes_at)
    return Answer(answer=plain(pauses.active(conn)), changed=1)


def _pausable() -> list[str]:
    """Everything that a pause stops. A pause of anything else would look like one and stop nothing."""
    from gaugehouse.runtime.polls import SOURCES
    from gaugehouse.runtime.tasks import TASKS  # one of them is `operate`, which imports this module

    tasks = [task_pause(task.name) for task in TASKS.values() if task.in_slot]
    return [IMPORTS, *map(source_pause, sorted(SOURCES)), *sorted(tasks)]


def _resume(conn: Connection, arguments: PauseName) -> Answer:
    if not pauses.resume(conn, arguments.name):
        raise OperationRefused(f"operate resume: {arguments.name!r} is not paused")
    return Answer(answer=plain(pauses.active(conn)), changed=1)


def _pauses(conn: Connection, _: Arguments) -> Answer:
    return Answer(answer=plain(pauses.active(conn)))


OPERATIONS = {
    "pause": Operation(PauseArguments, _pause),
    "resume": Operation(PauseName, _resume),
    "pauses": Operation(Arguments, _pauses),
}
