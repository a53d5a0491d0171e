"""A stand-in for awslambdaric's C extension of the same name, which exists for Linux only.

The local stack puts this folder first on a worker's PYTHONPATH where the extension does not run. The
functions and what they return are those of the extension (runtime_client.cpp of awslambdaric 4.2).
"""

import http.client
import os
import threading
from typing import Any

INVOCATION = "/2018-06-01/runtime/invocation"
TEXT_HEADERS = (
    "Lambda-Runtime-Aws-Request-Id",
    "Lambda-Runtime-Trace-Id",
    "Lambda-Runtime-Invoked-Function-Arn",
    "Lambda-Runtime-Client-Context",
    "Lambda-Runtime-Cognito-Identity",
    "Lambda-Runtime-Aws-Tenant-Id",
    "Lambda-Runtime-Invocation-Id",
    "Content-Type",
)


class _Client:
    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent
        # awslambdaric may wait for the next event in another thread than it answers in.
        self._lock = threading.Lock()
        self._connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

    def request(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], *, expected: int
    ) -> tuple[bytes, http.client.HTTPMessage]:
        with self._lock:
            try:
                self._connection.request(method, path, body, headers | {"User-Agent": self._user_agent})
                response = self._connection.getresponse()
                content = response.read()
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                raise RuntimeError(f"{method} {path} failed: {error}") from error
        if response.status != expected:
            raise RuntimeError(f"{method} {path} was answered with {response.status}")
        return content, response.headers


_client: _Client | None = None


def initialize_client(user_agent: str) -> None:
    """Remember how to name ourselves, and where the Runtime API is (AWS_LAMBDA_RUNTIME_API)."""
    global _client  # noqa: PLW0603 - the extension keeps one client for the process, too
    _client = _Client(user_agent)


def next() -> tuple[bytes, dict[str, Any]]:  # noqa: A001 - the extension's name
    """Wait for the next event. Returns its body and headers; a missing one is None. Raises: RuntimeError."""
    body, headers = _initialized().request("GET", f"{INVOCATION}/next", None, {}, expected=200)
    known: dict[str, Any] = {name: headers.get(name) or None for name in TEXT_HEADERS}
    known["Lambda-Runtime-Deadline-Ms"] = int(headers["Lambda-Runtime-Deadline-Ms"])
    return body, known


def post_invocation_result(
    request_id: str, content: bytes, content_type: str, invocation_id: str | None = None
) -> None:
    """Answer an event. Raises: RuntimeError."""
    headers = _invocation_header(invocation_id) | {"Content-Type": content_type}
    _initialized().request("POST", f"{INVOCATION}/{request_id}/response", content, headers, expected=202)


def post_error(request_id: str, content: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Say that the handler raised. `content` is JSON with its errorType. Raises: RuntimeError."""
    headers = _invocation_header(invocation_id) | {
        "Content-Type": "application/json",
        "Lambda-Runtime-Function-XRay-Error-Cause": xray_fault,
    }
    _initialized().request(
        "POST", f"{INVOCATION}/{request_id}/error", content.encode(), headers, expected=202
    )


def _initialized() -> _Client:
    if _client is None:
        raise RuntimeError("Client not yet initialized")
    return _client


def _invocation_header(invocation_id: str | None) -> dict[str, str]:
    return {} if invocation_id is None else {"Lambda-Runtime-Invocation-Id": invocation_id}
