"""Asking the process that opens PDFs, which is started when first needed and again when it died."""

import atexit
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Lock
from typing import IO

import msgspec

from gaugehouse.domain.errors import DocumentInvalid, GaugehouseError, SourceUnavailable
from gaugehouse.sources.mcfcd.monthly_pdf.pages import Answer, Page

# By the module's name, since to import it is to load pdfium.
_PROCESS = "gaugehouse.sources.mcfcd.monthly_pdf.reading_process"
_HEADER_BYTES = 8
# The real file takes 0.1 s.
_CPU_SECONDS_OF_A_DOCUMENT = 20
# The limit on processor time ends the process earlier, except on a machine that is overloaded.
_PATIENCE_SECONDS = 120.0


def read_pages(content: bytes, file_name: str) -> tuple[Page, ...]:
    """Return the words of every page. One document is read at a time, whoever asks.

    Raises: DocumentInvalid (cannot be opened, out of bounds, or the process died of it), SourceUnavailable
    (the machine was too busy).
    """
    answer = _PDFS.ask(content, file_name)
    if answer.refused is not None:
        raise DocumentInvalid(f"{file_name} {answer.refused}")
    return answer.pages


class _ReadingProcess:
    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_by = 0

    def ask(self, content: bytes, file_name: str) -> Answer:
        with self._lock:
            try:
                for _ in range(2):
                    received = self._answer(content)
                    if received is not None:
                        return msgspec.json.decode(received, type=Answer)
                    exit_code = self.stop()
                    if exit_code == -signal.SIGXCPU:
                        break
                    # Perhaps it died of something else, between two documents. A new one will tell.
            except TimeoutError as error:
                self.stop()
                raise SourceUnavailable(
                    f"{file_name} was not read within {_PATIENCE_SECONDS:.0f} s: the machine may be too busy"
                ) from error
            raise _why(exit_code, file_name)

    def _answer(self, content: bytes) -> bytes | None:
        """Return what the process answers, or None where it died."""
        process = self._running()
        question, answers = _pipes(process)
        try:
            question.write(len(content).to_bytes(_HEADER_BYTES) + content)
            question.flush()
            return _receive(answers)
        except (BrokenPipeError, EOFError):
            return None

    def _running(self) -> "subprocess.Popen[bytes]":
        # After a fork the pipes are still the parent's.
        if self._process is None or self._started_by != os.getpid():
            self._process = _start()
            self._started_by = os.getpid()
        return self._process

    def stop(self) -> int | None:
        """End the process, if it is ours, and return its exit code, which is minus a signal's number."""
        process, self._process = self._process, None
        if process is None or self._started_by != os.getpid():
            return None
        return _end(process)


def _start() -> "subprocess.Popen[bytes]":
    # It reads what nobody has looked at yet, so it gets no password and no key.
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    environment |= {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}
    process = subprocess.Popen(  # noqa: S603 - our own module, by our own Python
        [sys.executable, "-m", _PROCESS, str(_CPU_SECONDS_OF_A_DOCUMENT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    try:
        _receive(_pipes(process)[1])  # it says when it is ready
    except (EOFError, TimeoutError) as error:
        exit_code = _end(process)
        raise SourceUnavailable(
            f"the process that opens PDFs does not start (exit code {exit_code})"
        ) from error
    return process


def _end(process: "subprocess.Popen[bytes]") -> int:
    for pipe in _pipes(process):
        # What was left to send has nobody to read it.
        with suppress(BrokenPipeError):
            pipe.close()
    try:
        return process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None  # noqa: S101 - as it was asked for
    assert process.stdout is not None  # noqa: S101
    return process.stdin, process.stdout


def _why(exit_code: int | None, file_name: str) -> GaugehouseError:
    if exit_code == -signal.SIGXCPU:
        return DocumentInvalid(f"{file_name} takes too long to read; no rainfall table does")
    if exit_code == -signal.SIGKILL:
        return SourceUnavailable(f"{file_name} was not read: something killed the process that opens PDFs")
    return DocumentInvalid(
        f"{file_name} cannot be read: its reader took too much memory or crashed (exit code {exit_code})"
    )


def _receive(pipe: IO[bytes]) -> bytes:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    length = int.from_bytes(_receive_exactly(pipe, _HEADER_BYTES, deadline))
    return _receive_exactly(pipe, length, deadline)


def _receive_exactly(pipe: IO[bytes], length: int, deadline: float) -> bytes:
    received = bytearray()
    while len(received) < length:
        readable, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not readable:
            raise TimeoutError
        chunk = os.read(pipe.fileno(), length - len(received))
        if not chunk:
            raise EOFError
        received += chunk
    return bytes(received)


_PDFS = _ReadingProcess()
atexit.register(_PDFS.stop)
