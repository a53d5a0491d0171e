"""The Lambda Runtime API for one worker: it hands out events and takes answers.

One worker has one API, as on AWS one sandbox has: so it is always known which process has which event.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import queue
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"
PREFIX = "/2018-06-01/runtime"
INVOCATION_ANSWER = re.compile(rf"{PREFIX}/invocation/([^/]+)/(response|error)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event for the worker. `deadline_ms` counts from 1970 in UTC."""

    request_id: str
    event: bytes
    deadline_ms: int
    function_arn: str
    trace_id: str


class ReportKind(StrEnum):
    """What a worker can say, and what can be said of it."""

    READY = "ready"  # asks for the next event
    RESPONSE = "response"
    ERROR = "error"  # the handler raised
    INIT_ERROR = "init_error"  # the handler could not be imported
    EXITED = "exited"  # the process ended; no worker says this itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing that a worker said."""

    kind: ReportKind
    request_id: str | None = None
    body: bytes = b""


class RuntimeApi:
    """Serves one worker on a port of its own, and passes on what it says to `report`."""

    def __init__(self, report: Callable[[Report], None]) -> None:
        """Start to listen. `report` is called from the server's threads."""
        self._deliveries: queue.SimpleQueue[Delivery | None] = queue.SimpleQueue()
        deliveries = self._deliveries

        class Handler(_Handler):
            def next_delivery(self) -> Delivery | None:
                report(Report(kind=ReportKind.READY))
                return deliveries.get()

            def report(self, said: Report) -> None:
                report(said)

        self._server = _Server((HOST, 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="runtime-api", daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        """Host and port, for AWS_LAMBDA_RUNTIME_API."""
        return f"{HOST}:{self._server.server_address[1]}"

    def deliver(self, delivery: Delivery) -> None:
        """Hand an event to the worker. Only after it said that it is ready."""
        self._deliveries.put(delivery)

    def close(self) -> None:
        """Stop to listen. A worker that waits for an event loses its connection."""
        self._deliveries.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet where a killed worker broke its connection; who waits for it hears that it ended."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet, sent at once: otherwise each warm invocation waits 40 ms for an ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    def next_delivery(self) -> Delivery | None:
        raise NotImplementedError

    def report(self, said: Report) -> None:
        raise NotImplementedError

    def do_GET(self) -> None:
        if self.path != f"{PREFIX}/invocation/next":
            self._answer(HTTPStatus.NOT_FOUND)
            return
        delivery = self.next_delivery()
        if delivery is None:
            self.close_connection = True
            return
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": delivery.request_id,
            "Lambda-Runtime-Deadline-Ms": str(delivery.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": delivery.function_arn,
            "Lambda-Runtime-Trace-Id": delivery.trace_id,
        }
        self._answer(HTTPStatus.OK, delivery.event, headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = INVOCATION_ANSWER.fullmatch(self.path)
        if answer is not None:
            request_id, kind = answer.groups()
            said = Report(kind=ReportKind(kind), request_id=request_id, body=body)
        elif self.path == f"{PREFIX}/init/error":
            said = Report(kind=ReportKind.INIT_ERROR, body=body)
        else:
            self._answer(HTTPStatus.NOT_FOUND)
            return
        # In this order: once it is answered, a worker may exit, and that must not be heard first.
        self.report(said)
        self._answer(HTTPStatus.ACCEPTED, b'{"status":"OK"}', {"Content-Type": "application/json"})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Log nothing: the functions' own logs tell what happens."""

    def _answer(self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
