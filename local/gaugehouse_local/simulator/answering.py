"""How the simulator's server answers one request, and how it closes while requests are still open."""

import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from gaugehouse_local.simulator.agency import Agency, Document
from gaugehouse_local.simulator.faults import Answer, FaultBook, html_page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it came in. `status` is None where nothing was answered; `fault` is its name."""

    received_at: datetime  # aware, UTC
    method: str
    path: str
    status: int | None
    user_agent: str | None
    fault: str | None


class AgencyServer(ThreadingHTTPServer):
    """A threading server that knows its open connections, so that it can hang up on all of them."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, agency: Agency, book: FaultBook, received: list[ReceivedRequest]) -> None:
        self.agency = agency
        self.book = book
        self.received = received
        self.stopping = Event()
        self._talks: dict[Any, Thread] = {}
        self._talks_lock = Lock()
        super().__init__(("127.0.0.1", port), _RequestHandler)

    def stop(self) -> None:
        """Stop serving, hang up on everybody and wait until each connection's thread has ended."""
        self.stopping.set()
        self.shutdown()
        with self._talks_lock:
            talks = dict(self._talks)
        for connection, thread in talks.items():
            with suppress(OSError):  # the other side may have hung up first
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own."""
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._talks_lock:
            self._talks[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        super().shutdown_request(request)
        with self._talks_lock:
            self._talks.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent where a client hung up: timed-out clients do. Report everything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-IIS/10.0"
    sys_version = ""
    # Headers and body in one packet each, sent at once: else a client waits 40 ms for the second.
    disable_nagle_algorithm = True
    server: AgencyServer

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        fault = self.server.book.take(path)
        answer = self._right_answer(self.server.agency.document(path))
        if fault:
            answer = fault.spoil(answer)
        silent = answer.reset or answer.stall_seconds is not None
        self.server.received.append(
            ReceivedRequest(
                received_at=datetime.now(UTC),
                method=self.command,
                path=self.path,
                status=None if silent else answer.status,
                user_agent=self.headers.get("User-Agent"),
                fault=fault.name if fault else None,
            )
        )
        if answer.reset:
            self._reset()
        elif answer.stall_seconds is not None:
            self.server.stopping.wait(answer.stall_seconds)
            self.close_connection = True
        else:
            self._send(answer)

    do_HEAD = do_GET  # noqa: N815 - http.server's own naming

    def _right_answer(self, document: Document | None) -> Answer:
        if document is None:
            page = html_page("404 - File or directory not found.", "The resource might have been removed.")
            return Answer(status=404, body=page)
        validators = (
            ("ETag", document.etag),
            ("Last-Modified", format_datetime(document.last_modified.astimezone(UTC), usegmt=True)),
        )
        known = [tag.strip().removeprefix("W/") for tag in self.headers.get("If-None-Match", "").split(",")]
        if document.etag in known or "*" in known:
            return Answer(status=304, headers=validators)
        return Answer(
            status=200, body=document.content, content_type=document.content_type, headers=validators
        )

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: answer.sent_bytes])
        if answer.sent_bytes is not None:
            self.close_connection = True

    def _reset(self) -> None:
        """Close without the usual farewell: lingering for 0 seconds makes TCP send a reset."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()  # it holds the socket open
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Say nothing: `Simulator.requests` is the log."""
