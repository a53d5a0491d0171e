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

from gaugehouse.domain.errors import DocumentInvalid, SourceUnavailable
from gaugehouse.sources.mcfcd.monthly_pdf.pages import Answer, Page

# By the module's name, since to import it is to load pdfium.
_PROCESS = "gaugehouse.sources.mcfcd.monthly_pdf.reading_process"
_HEADER_BYTES = 8
# Its own limit on processor time (20 s) ends the process earlier, except on a machine that is overloaded.
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
            process = self._running()
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
            try:
                process.stdin.write(len(content).to_bytes(_HEADER_BYTES) + content)
                process.stdin.flush()
                received = _receive(process.stdout, time.monotonic() + _PATIENCE_SECONDS)
            except TimeoutError as error:
                self.stop()
                raise SourceUnavailable(
                    f"{file_name} was not read within {_PATIENCE_SECONDS:.0f} s: the machine may be too busy"
                ) from error
            except (BrokenPipeError, EOFError) as error:
                raise DocumentInvalid(f"{file_name} {self._why_it_died()}") from error
        return msgspec.json.decode(received, type=Answer)

    def _running(self) -> "subprocess.Popen[bytes]":
        # After a fork the pipes are still the parent's.
        if self._process is None or self._process.poll() is not None or self._started_by != os.getpid():
            # It reads what nobody has looked at yet, so it gets no password and no key.
            environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
            environment |= {k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"}
            self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own Python
                [sys.executable, "-m", _PROCESS],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            self._started_by = os.getpid()
        return self._process

    def _why_it_died(self) -> str:
        process = self._process
        self.stop()
        code = 0 if process is None else process.returncode
        if code == -signal.SIGXCPU:
            return "takes too long to read: whoever made it, it is no rainfall table"
        return f"cannot be read: its reader took too much memory or crashed (it ended with {code})"

    def stop(self) -> None:
        """End the process, if it is ours and still runs, and close its pipes."""
        process, self._process = self._process, None
        if process is None or self._started_by != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _receive(pipe: IO[bytes], deadline: float) -> bytes:
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


def _close(pipe: IO[bytes]) -> None:
    # What was left to send has nobody to read it.
    with suppress(BrokenPipeError):
        pipe.close()


_PDFS = _ReadingProcess()
atexit.register(_PDFS.stop)
