"""What the workers of a function print: kept in a file, offered to a callback, told apart by invocation."""

import logging
import os
import selectors
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

DRAIN_TIMEOUT_SECONDS = 1.0
MAX_FILE_BYTES = 10_000_000

logger = logging.getLogger(__name__)


class FunctionLog:
    """The log of one function, which all its workers share."""

    def __init__(self, file: Path, on_line: Callable[[str], None] | None) -> None:
        """Append to `file`. `on_line` is called from other threads, one call at a time."""
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > MAX_FILE_BYTES:
            file.replace(file.with_suffix(".log.1"))
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._on_line = on_line
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Add one line."""
        with self._lock:
            if not self._file.closed:
                self._file.write(f"{line}\n")
            if self._on_line is not None:
                try:
                    self._on_line(line)
                except (
                    Exception
                ):  # what listens must not stop a worker, which would wait for its pipe for ever
                    logger.exception("a listener of the functions' logs failed")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()


class WorkerLog:
    """Reads one worker's output from its pipe, line by line."""

    def __init__(self, pipe: IO[bytes], log: FunctionLog) -> None:
        """Start to read."""
        self._pipe = pipe
        self._log = log
        self._lines: list[str] = []
        self._rest = b""
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, name="worker-log", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """Forget what was printed before. What follows belongs to the next invocation."""
        with self._lock:
            self._lines = []

    def add(self, line: str) -> None:
        """Add a line that the platform says of the invocation."""
        with self._lock:
            self._add(line)

    def collect(self) -> tuple[str, ...]:
        """Give the lines since `begin`, once all that the worker has printed so far is read."""
        deadline = time.monotonic() + DRAIN_TIMEOUT_SECONDS
        while self._thread.is_alive() and time.monotonic() < deadline:
            if not _is_readable(self._pipe, timeout=0):
                break
            time.sleep(0.001)
        with self._lock:
            return tuple(self._lines)

    def close(self) -> None:
        """Read to the end of the output and close the pipe. Only after the worker's process has ended."""
        self._thread.join(DRAIN_TIMEOUT_SECONDS)
        if not self._thread.is_alive():
            self._pipe.close()

    def _read(self) -> None:
        while True:
            _is_readable(self._pipe, timeout=None)  # waits without the lock, and without taking the data
            with self._lock:
                data = os.read(self._pipe.fileno(), 65_536)
                # awslambdaric separates the lines of one error by carriage returns.
                *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
                if not data and self._rest:
                    lines.append(self._rest)
                for line in lines:
                    self._add(line.decode(errors="replace"))
            if not data:
                return

    def _add(self, line: str) -> None:
        self._lines.append(line)
        self._log.write(line)


def _is_readable(pipe: IO[bytes], *, timeout: float | None) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        return bool(selector.select(timeout))
