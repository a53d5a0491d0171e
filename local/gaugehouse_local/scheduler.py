"""Fires the template's schedules, as EventBridge Scheduler does, and tries failed runs again, as Lambda does.

Scheduler hands an event to Lambda and is done. It is Lambda that runs a failed one again, after one minute
and then two, as often as the function's EventInvokeConfig says. Scheduler's own RetryPolicy is for events
that Lambda did not take, which does not happen here.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from gaugehouse_local.resources import Function, Schedule
from gaugehouse_local.worker import Invocation

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
RETRY_DELAYS = (timedelta(minutes=1), timedelta(minutes=2))
TICK_SECONDS = 0.5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Firing:
    """One scheduled event: `scheduled_time` is its slot, `due` is when it is to be tried (again)."""

    schedule: Schedule
    scheduled_time: datetime
    due: datetime
    attempt: int = 1

    def event(self) -> object:
        """The event that the function gets."""
        stamp = f"{self.scheduled_time:%Y-%m-%dT%H:%M:%SZ}"
        return json.loads(self.schedule.input.replace(SCHEDULED_TIME, stamp))

    def retry(self, function: Function, failed_at: datetime) -> "Firing | None":
        """The next try, or None where there is to be none."""
        if self.attempt > min(function.async_retries, len(RETRY_DELAYS)):
            return None
        due = failed_at + RETRY_DELAYS[self.attempt - 1]
        if due - self.scheduled_time > timedelta(seconds=function.async_max_age_seconds):
            return None
        return replace(self, due=due, attempt=self.attempt + 1)


class Scheduler:
    """Runs schedules by a clock. Without `start`, `tick` does one step of it."""

    def __init__(
        self,
        schedules: Sequence[Schedule],
        functions: Mapping[str, Function],
        *,
        invoke: Callable[[str, object], Invocation],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`functions` are by logical id, which `invoke` takes, too. `clock` gives aware times."""
        self._schedules = schedules
        self._functions = functions
        self._invoke = invoke
        self._clock = clock
        self._created = clock()
        # Just before its creation, so that a rate's first event, which is due then, is after it.
        self._looked_until = self._created - timedelta(microseconds=1)
        self._retries: list[Firing] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin to fire."""
        self._thread.start()

    def stop(self) -> None:
        """Fire no more. Invocations that run go on."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def tick(self) -> list[threading.Thread]:
        """Fire what is due by now, each in a thread of its own. Returns these threads."""
        now = self._clock()
        firings = self._due(now)
        self._looked_until = now
        threads = [
            threading.Thread(target=self._fire, args=(firing,), name="scheduled", daemon=True)
            for firing in firings
        ]
        for thread in threads:
            thread.start()
        return threads

    def _run(self) -> None:
        while not self._stop.is_set():
            self.tick()
            self._stop.wait(TICK_SECONDS)

    def _due(self, now: datetime) -> list[Firing]:
        with self._lock:
            retries = [firing for firing in self._retries if firing.due <= now]
            self._retries = [firing for firing in self._retries if firing.due > now]
        return retries + [
            Firing(schedule, times[-1], due=times[-1])
            for schedule in self._schedules
            # A laptop that slept has missed many times: the last one is enough.
            if (
                times := list(schedule.expression.due_between(self._looked_until, now, created=self._created))
            )
        ]

    def _fire(self, firing: Firing) -> None:
        function = self._functions[firing.schedule.function_id]
        try:
            invocation = self._invoke(function.logical_id, firing.event())
        except Exception:
            if not self._stop.is_set():
                logger.exception("cannot invoke %s", function.logical_id)
            return
        if invocation.error_type is None:
            return
        retry = firing.retry(function, self._clock())
        if retry is not None:
            with self._lock:
                self._retries.append(retry)
