"""The event that an HTTP API of AWS makes of a request, and the answer that it makes of the function's.

Payload format 2.0:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from gaugehouse_local.physical_names import ACCOUNT_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request as it came. `query` is what stands behind the question mark, still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What goes back to the caller."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoHttpAnswer(ValueError):
    """The function returned something that is no answer. The HTTP API then says 500 to the caller."""


def http_event(request: HttpRequest, *, route_key: str, now: datetime | None = None) -> dict[str, Any]:
    """Make the event. Parameters that came twice are joined by commas, as AWS does."""
    now = now or datetime.now(UTC)
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    headers = {name.lower(): value for name, value in request.headers.items()}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": unquote(request.path),
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": "local",
            "domainName": headers.get("host", "127.0.0.1"),
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": unquote(request.path),
                "protocol": "HTTP/1.1",
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid4().hex[:16],
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if parameters:
        event["queryStringParameters"] = parameters
    if request.body:
        event |= _body(request.body)
    return event


def http_answer(payload: object) -> HttpAnswer:
    """Read the function's answer. Raises: NoHttpAnswer."""
    if not isinstance(payload, dict) or not isinstance(payload.get("statusCode"), int):
        raise NoHttpAnswer(f"no statusCode in {str(payload)[:100]}")
    body = payload.get("body") or ""
    return HttpAnswer(
        status=payload["statusCode"],
        headers={str(name).lower(): str(value) for name, value in (payload.get("headers") or {}).items()},
        body=b64decode(body) if payload.get("isBase64Encoded") else str(body).encode(),
    )


def _body(content: bytes) -> dict[str, Any]:
    try:
        return {"body": content.decode()}
    except UnicodeDecodeError:
        return {"body": b64encode(content).decode(), "isBase64Encoded": True}
