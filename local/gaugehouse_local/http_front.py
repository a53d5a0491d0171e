"""HTTP on this machine: the template's HTTP API, and beside it the files of the dashboard."""

import re
import sys
import threading
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse_local.errors import LocalStackError
from gaugehouse_local.http_event import HttpAnswer, HttpRequest, NoHttpAnswer, http_answer, http_event
from gaugehouse_local.resources import HttpRoute
from gaugehouse_local.static_files import StaticFiles
from gaugehouse_local.worker import Invocation

HOST = "127.0.0.1"
MOST_BODY_BYTES = 10 * 1024 * 1024  # what an HTTP API takes
MOST_ANSWER_BYTES = 6 * 1024 * 1024  # what Lambda takes from a function, base64 and all

Invoke = Callable[[str, object], Invocation]


class HttpFront:
    """Listens on 127.0.0.1. Requests wait until `serve` says who answers them."""

    def __init__(self, port: int = 0) -> None:
        """Take the port; 0 takes a free one. Raises: LocalStackError when another program has it."""
        try:
            self._server = _Server((HOST, port), _Handler)
        except OSError as error:
            raise LocalStackError(f"cannot listen on port {port} of {HOST}: {error.strerror}") from error
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def serve(self, routes: Sequence[HttpRoute], invoke: Invoke, *, files: StaticFiles | None) -> None:
        """Begin to answer: by the functions of `routes`, and else from `files`."""
        self._server.routes = [(_pattern(route), route) for route in routes]
        self._server.invoke = invoke
        self._server.files = files
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="http-front", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop to listen. Requests that are being answered go on."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


def _pattern(route: HttpRoute) -> re.Pattern[str]:
    """Turn `/api/{proxy+}` into what it stands for."""
    parts = re.split(r"\{[^}]+\+\}", route.path)
    return re.compile(".+".join(re.escape(part) for part in parts))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    routes: list[tuple[re.Pattern[str], HttpRoute]]
    invoke: Invoke
    files: StaticFiles | None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers who went away; of everything else, what http.server says."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet: see lambda_api
    disable_nagle_algorithm = True
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Log nothing: the functions' own logs tell what happens."""

    def answer_request(self) -> None:
        """Answer by a function where a route matches, else by a file."""
        address = urlsplit(self.path)
        told = self.headers.get("Content-Length") or "0"
        if "Transfer-Encoding" in self.headers or not told.isdecimal():
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
            return
        length = int(told)
        if length > MOST_BODY_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        request = HttpRequest(
            method=self.command,
            path=address.path,
            query=address.query,
            headers=dict(self.headers.items()),
            body=self.rfile.read(length),
            source_ip=self.client_address[0],
        )
        for pattern, route in self.server.routes:
            if route.method in ("ANY", request.method) and pattern.fullmatch(request.path):
                self._send(self._by_function(route, request))
                return
        self._send(self._by_file(request))

    # The names that http.server looks for.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer_request  # noqa: N815

    def _refuse(self, status: HTTPStatus) -> None:
        """Refuse what was not read; what is left of it must not be taken for the next request."""
        self.close_connection = True
        self._send(_plain(status))

    def _by_function(self, route: HttpRoute, request: HttpRequest) -> HttpAnswer:
        event = http_event(request, route_key=f"{route.method} {route.path}")
        try:
            invocation = self.server.invoke(route.function_id, event)
            answer = http_answer(invocation.payload)
        except (GaugehouseError, NoHttpAnswer):  # no worker starts, or it raised: as AWS says it
            return _plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        too_large = len(answer.body) > MOST_ANSWER_BYTES
        return _plain(HTTPStatus.INTERNAL_SERVER_ERROR) if too_large else answer

    def _by_file(self, request: HttpRequest) -> HttpAnswer:
        files = self.server.files
        return (files and files.answer(request)) or _plain(HTTPStatus.NOT_FOUND)

    def _send(self, answer: HttpAnswer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.wfile.write(answer.body)
        self.wfile.flush()


def _plain(status: HTTPStatus) -> HttpAnswer:
    """Answer as an HTTP API does when nobody else can."""
    message = f'{{"message":"{status.phrase}"}}'
    return HttpAnswer(status=status, headers={"content-type": "application/json"}, body=message.encode())
