"""The workers of one function: kept warm, one for each event that is handled at the same time."""

import json
import threading
from collections.abc import Callable

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.worker import Invocation, Worker

# Lambda would start a thousand; a laptop is content with these, and further events wait.
MAX_CONCURRENCY = 10


class FunctionPool:
    """Runs events on warm workers, and starts a worker where none is free."""

    def __init__(self, start_worker: Callable[[], Worker]) -> None:
        """Nothing starts before the first event."""
        self._start_worker = start_worker
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(MAX_CONCURRENCY)
        self._is_closed = False

    def invoke(self, event: object) -> Invocation:
        """Run the handler with an event of plain JSON values, and wait for its end.

        Raises: LocalStackError when the pool is closed or no worker starts.
        """
        content = json.dumps(event).encode()
        with self._slots:
            worker = self._take()
            try:
                invocation = worker.run(content)
            except BaseException:
                self._discard(worker)
                raise
            if worker.is_alive and not _ends_worker(invocation):
                with self._lock:
                    self._idle.append(worker)
            else:
                self._discard(worker)
            return invocation

    def pids(self, *, busy_only: bool = False) -> tuple[int, ...]:
        """The process ids of the workers; with `busy_only`, of those that have an event right now."""
        with self._lock:
            alive = [worker for worker in self._workers if worker.is_alive]
            return tuple(worker.pid for worker in alive if worker.is_busy or not busy_only)

    def close(self) -> None:
        """Kill every worker. Events that are being handled end with an error."""
        with self._lock:
            self._is_closed = True
            workers = list(self._workers)
        for worker in workers:
            worker.stop()

    def _take(self) -> Worker:
        while True:
            with self._lock:
                if self._is_closed:
                    raise LocalStackError("the local stack is closed: it runs no more functions")
                if not self._idle:
                    worker = self._start_worker()
                    self._workers.append(worker)
                    return worker
                worker = self._idle.pop()
            if worker.is_alive:
                return worker
            self._discard(worker)  # it died while it had nothing to do

    def _discard(self, worker: Worker) -> None:
        worker.stop()
        with self._lock:
            self._workers.remove(worker)


def _ends_worker(invocation: Invocation) -> bool:
    # A handler that raised goes on to the next event; a worker that found no handler, or is dead, does not.
    return (invocation.error_type or "").startswith(("Runtime.", "Sandbox."))
