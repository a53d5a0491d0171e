"""How the simulator's server answers one request, and how it closes while requests are still open."""

import socket
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from gaugehouse_local.simulator.agency import Agency, Document, Request
from gaugehouse_local.simulator.faults import Answer, FaultBook, html_page

_MAX_FORM_BYTES = 64 * 1024
_LINGER_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it came in. `status` is None where nothing was answered; `fault` is its name.

    `path` is decoded and without the query, `query` as it was sent; header names are in lower case.
    """

    received_at: datetime  # aware, UTC
    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]
    status: int | None
    fault: str | None

    @property
    def parameters(self) -> dict[str, str]:
        """Return the decoded parameters of the query; the last one of a name wins."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def user_agent(self) -> str | None:
        """Return who asked, or None where it did not say."""
        return self.headers.get("user-agent")


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
        request = self._request(b"")
        self._answer(request)

    do_HEAD = do_GET  # noqa: N815 - http.server's own naming

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > _MAX_FORM_BYTES:
            self._refuse_form()
        else:
            self._answer(self._request(self.rfile.read(int(length))))

    def _refuse_form(self) -> None:
        page = html_page("413 - Error", "A form with its length, please, and of at most 64 KB.")
        self._send(Answer(status=413, body=page, headers=(("Connection", "close"),)))
        # Closing before the body has come in would reset the connection, and the client lose the answer.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_SECONDS)
        with suppress(OSError):
            while self.rfile.read(_MAX_FORM_BYTES):
                pass

    def _request(self, body: bytes) -> Request:
        parts = urlsplit(self.path)
        host, port = self.server.server_address[:2]
        return Request(
            method=self.command,
            path=unquote(parts.path),
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            base_url=f"http://{self.headers.get('Host') or f'{host!s}:{port}'}",
        )

    def _answer(self, request: Request) -> None:
        form = request.body.decode("utf-8", "replace")
        fault = self.server.book.take(request.path, unquote_plus(f"{request.query}&{form}"))
        answer = self._right_answer(self.server.agency.answer(request))
        if fault:
            answer = fault.spoil(answer)
        silent = answer.reset or answer.stall_seconds is not None
        self.server.received.append(
            ReceivedRequest(
                received_at=datetime.now(UTC),
                method=request.method,
                path=request.path,
                query=request.query,
                body=request.body,
                headers=request.headers,
                status=None if silent else answer.status,
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

    def _right_answer(self, found: Document | Answer | None) -> Answer:
        if isinstance(found, Answer):
            return found
        if found is None:
            page = html_page("404 - File or directory not found.", "The resource might have been removed.")
            return Answer(status=404, body=page)
        validators = (
            ("ETag", found.etag),
            ("Last-Modified", format_datetime(found.last_modified.astimezone(UTC), usegmt=True)),
        )
        known = [tag.strip().removeprefix("W/") for tag in self.headers.get("If-None-Match", "").split(",")]
        if found.etag in known or "*" in known:
            return Answer(status=304, headers=validators)
        return Answer(status=200, body=found.content, content_type=found.content_type, headers=validators)

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
