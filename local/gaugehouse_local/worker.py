"""One warm worker of a function: a process that runs the handler under awslambdaric, AWS's own bootstrap."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.runtime_api import Delivery, Report, ReportKind, RuntimeApi
from gaugehouse_local.worker_log import FunctionLog, WorkerLog

# Lambda gives an import 10 s; a laptop that compiles every module for the first time may need longer.
INIT_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """How one invocation went. `payload` is the handler's answer, and None where `error_type` is set.

    `duration_seconds` leaves out the start of the worker, as Lambda's own figure does.
    """

    request_id: str
    payload: object
    error_type: str | None
    error_message: str | None
    duration_seconds: float
    cold_start: bool
    log: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerCommand:
    """How to start a worker: `python -m awslambdaric HANDLER` in the folder of the function's code.

    `interpreter` and `environment` are all that the worker gets: nothing of ours is inherited.
    """

    interpreter: Path
    task_root: Path
    handler: str
    environment: Mapping[str, str]
    function_arn: str
    timeout_seconds: float


class Worker:
    """A process that takes one event at a time. One that timed out or died takes no other."""

    def __init__(self, command: WorkerCommand, log: FunctionLog) -> None:
        """Start the process. Raises: LocalStackError."""
        self._command = command
        self._reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self._stopping = threading.Lock()
        self._is_new = True
        self.is_busy = False
        self._api = RuntimeApi(self._reports.put)
        try:
            self._process = self._start()
        except OSError as error:
            self._api.close()
            raise LocalStackError(f"cannot start a worker of {command.task_root}: {error}") from error
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe, see _start
        self._log = WorkerLog(self._process.stdout, log)
        threading.Thread(target=self._wait_for_exit, name="worker-exit", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process can take another event."""
        return self._process.poll() is None

    def run(self, event: bytes) -> Invocation:
        """Hand the event to the handler and wait for its answer, its end or its time-out, which kills it."""
        request_id = str(uuid4())
        cold_start, self._is_new, self.is_busy = self._is_new, False, True
        self._log.begin()
        started = time.monotonic()
        try:
            report = self._next_report(INIT_TIMEOUT_SECONDS)
            if report is not None and report.kind is ReportKind.READY:
                started = time.monotonic()
                self._api.deliver(self._delivery(request_id, event))
                report = self._next_report(self._command.timeout_seconds)
                limit = self._command.timeout_seconds
            else:
                limit = INIT_TIMEOUT_SECONDS
            duration = time.monotonic() - started
            payload, error_type, error_message = self._result(report, request_id, limit)
        finally:
            self.is_busy = False
        return Invocation(
            request_id=request_id,
            payload=payload,
            error_type=error_type,
            error_message=error_message,
            duration_seconds=duration,
            cold_start=cold_start,
            log=self._log.collect(),
        )

    def stop(self) -> None:
        """Kill the process and what it started. Calling it again does nothing."""
        with self._stopping:
            self._kill()
            self._process.wait(STOP_TIMEOUT_SECONDS)
            self._api.close()
            self._log.close()

    def _start(self) -> subprocess.Popen[bytes]:
        command = self._command
        return subprocess.Popen(  # noqa: S603 - our own interpreter
            [str(command.interpreter), "-m", "awslambdaric", command.handler],
            cwd=command.task_root,
            env={**command.environment, "AWS_LAMBDA_RUNTIME_API": self._api.address},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us, and we kill a worker together with its children
        )

    def _kill(self) -> None:
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _wait_for_exit(self) -> None:
        self._process.wait()
        self._reports.put(Report(kind=ReportKind.EXITED))

    def _next_report(self, timeout_seconds: float) -> Report | None:
        try:
            return self._reports.get(timeout=timeout_seconds)
        except queue.Empty:
            return None

    def _delivery(self, request_id: str, event: bytes) -> Delivery:
        now = time.time()
        return Delivery(
            request_id=request_id,
            event=event,
            deadline_ms=int((now + self._command.timeout_seconds) * 1000),
            function_arn=self._command.function_arn,
            trace_id=f"Root=1-{int(now):08x}-{uuid4().hex[:24]};Parent={uuid4().hex[:16]};Sampled=0",
        )

    def _result(
        self, report: Report | None, request_id: str, limit_seconds: float
    ) -> tuple[object, str | None, str | None]:
        if report is None:
            self._log.collect()
            self._kill()
            why = f"Task timed out after {limit_seconds:.2f} seconds"
            self._log.add(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z {request_id} {why}")
            return None, "Sandbox.Timedout", f"RequestId: {request_id} Error: {why}"
        if report.kind is ReportKind.RESPONSE:
            return _payload(report.body), None, None
        if report.kind is ReportKind.EXITED:
            why = _exit_text(self._process.wait())
            self._log.add(f"RequestId: {request_id} Error: {why}")
            return None, "Runtime.ExitError", f"RequestId: {request_id} Error: {why}"
        error = json.loads(report.body)
        return None, str(error["errorType"]), str(error["errorMessage"])


def _payload(body: bytes) -> object:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:  # a handler may answer with bytes of any kind
        return body.decode(errors="replace")


def _exit_text(code: int) -> str:
    if code == 0:
        return "Runtime exited without providing a reason"
    reason = f"signal: {signal.strsignal(-code) or -code}".lower() if code < 0 else f"exit status {code}"
    return f"Runtime exited with error: {reason}"
