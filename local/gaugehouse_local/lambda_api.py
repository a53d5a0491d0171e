"""Lambda's Invoke API on this machine: an ordinary Lambda client reaches the local functions through it.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. Unlike on AWS, an event that nobody waits for
(InvocationType Event) is not tried again when it fails; the scheduler does that for its own.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from gaugehouse.domain.errors import GaugehouseError
from gaugehouse_local.worker import Invocation

HOST = "127.0.0.1"
INVOCATIONS = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
# A name, or an ARN with a name; either can end in a version or alias, which do not exist here.
FUNCTION_NAME = re.compile(r"(?:arn:[^:]+:lambda:[^:]*:[^:]*:function:)?([^:]+)(?::[^:]+)?")

logger = logging.getLogger(__name__)

Invoke = Callable[[object], Invocation]


class LambdaApi:
    """Serves functions by their names, on a free port of 127.0.0.1."""

    def __init__(self, functions: Mapping[str, Invoke]) -> None:
        """Start to listen. `functions` run an event of plain JSON values and wait for its end."""

        class Handler(_Handler):
            def find(self, name: str) -> Invoke | None:
                return functions.get(name)

        self._server = _Server((HOST, 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="lambda-api", daemon=True
        )
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """The URL for a client's `endpoint_url`."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop to listen. Invocations that run go on."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet, sent at once: otherwise each call waits 40 ms for an ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    def find(self, name: str) -> Invoke | None:
        raise NotImplementedError

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = INVOCATIONS.fullmatch(urlsplit(self.path).path)
        name = FUNCTION_NAME.fullmatch(unquote(path[1])) if path else None
        invoke = self.find(name[1]) if name else None
        if invoke is None:
            self._refuse(
                HTTPStatus.NOT_FOUND, "ResourceNotFoundException", f"Function not found: {self.path}"
            )
            return
        try:
            event = json.loads(body or b"{}")
        except ValueError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, "InvalidRequestContentException", f"not JSON: {error}")
            return
        self._invoke(invoke, event)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Log nothing: the functions' own logs tell what happens."""

    def _invoke(self, invoke: Invoke, event: object) -> None:
        match self.headers.get("X-Amz-Invocation-Type", "RequestResponse"):
            case "Event":
                threading.Thread(target=_run_quietly, args=(invoke, event), daemon=True).start()
                self._answer(HTTPStatus.ACCEPTED)
            case "DryRun":
                self._answer(HTTPStatus.NO_CONTENT)
            case _:
                try:
                    invocation = invoke(event)
                except GaugehouseError as error:  # the stack is about to stop, or no worker starts
                    self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "ServiceException", str(error))
                    return
                self._tell(invocation)

    def _tell(self, invocation: Invocation) -> None:
        headers = {"X-Amz-Executed-Version": "$LATEST", "x-amzn-RequestId": invocation.request_id}
        payload = invocation.payload
        if invocation.error_type is not None:
            headers["X-Amz-Function-Error"] = "Unhandled"
            payload = {
                "errorMessage": invocation.error_message,
                "errorType": invocation.error_type,
                "requestId": invocation.request_id,
            }
        self._answer(HTTPStatus.OK, payload, headers)

    def _refuse(self, status: HTTPStatus, code: str, message: str) -> None:
        kind = "User" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "Service"
        self._answer(status, {"Type": kind, "Message": message}, {"x-amzn-ErrorType": code})

    def _answer(
        self, status: HTTPStatus, document: object = ..., headers: Mapping[str, str] | None = None
    ) -> None:
        body = b"" if document is ... else json.dumps(document).encode()
        self.send_response(status)
        told = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid4()), **(headers or {})}
        for name, value in told.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")  # a client that keeps its connection would outlive the stack
        if status is not HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


def _run_quietly(invoke: Invoke, event: object) -> None:
    try:
        invoke(event)
    except GaugehouseError:
        logger.exception("an event was lost")
