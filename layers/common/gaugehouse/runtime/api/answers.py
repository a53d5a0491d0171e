"""How a route answers, and how its answers are described in the OpenAPI document.

Answers are frozen dataclasses. Pydantic describes them, and msgspec encodes them: Powertools' own way from a
model to JSON takes six times as long for a year of readings (ADR 0011).
"""

from http import HTTPStatus
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import Response

from gaugehouse.runtime.api.negotiation import JSON
from gaugehouse.runtime.api.problems import PROBLEM_JSON, Problem

_ENCODER = msgspec.json.Encoder(decimal_format="number")

_COMMON = {
    HTTPStatus.UNAUTHORIZED: "No key, or not a valid one",
    HTTPStatus.FORBIDDEN: "The key may not do this",
    HTTPStatus.NOT_FOUND: "There is no such thing",
    HTTPStatus.NOT_ACCEPTABLE: "There is no such form of this; the detail names those that there are",
    HTTPStatus.CONFLICT: "Several gauges once had this id; the detail names them",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is no JSON in UTF-8",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A parameter is wrong; the detail names it",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many wrong keys; Retry-After says when to try again",
    HTTPStatus.INTERNAL_SERVER_ERROR: "A defect of ours",
    HTTPStatus.BAD_GATEWAY: "What acts failed",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database or what acts cannot be reached",
}


def json_answer(
    data: object,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    max_age: int = 0,
    content_type: str = JSON,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    """Answer with JSON, which may be kept for `max_age` seconds before it is asked for again."""
    return Response(
        status_code=status.value,
        content_type=content_type,
        body=_ENCODER.encode(data).decode(),
        headers={"Cache-Control": f"max-age={max_age}", **(headers or {})},
    )


def described(
    model: Any, description: str, *, status: HTTPStatus = HTTPStatus.OK, other: tuple[str, ...] = ()
) -> dict[int, Any]:
    """Describe what a route answers: this model as JSON, its `other` content types, and the problems."""
    content: dict[str, Any] = {JSON: {"model": model}}
    content |= {kind: {"schema": {"type": "object" if kind.endswith("json") else "string"}} for kind in other}
    problems = {
        code.value: {"description": text, "content": {PROBLEM_JSON: {"model": Problem}}}
        for code, text in _COMMON.items()
    }
    return {status.value: {"description": description, "content": content}, **problems}
