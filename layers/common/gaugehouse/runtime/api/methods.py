"""Methods of a path: HEAD wherever there is GET, and 405 for one that the path does not have (RFC 9110)."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from gaugehouse.runtime.api.problems import answer_problem
from gaugehouse.runtime.api.request import BASE
from gaugehouse.runtime.api.routers import DescribedRouter


def answer_unrouted(api: APIGatewayHttpResolver, routers: Sequence[DescribedRouter]) -> None:
    """Answer what has no route: 405 where the path has other methods, else 404."""
    known = [
        (re.compile(BASE + re.sub(r"<\w+>", "[^/]+", rule)), methods)
        for router in routers
        for rule, methods in router.methods.items()
    ]

    @api.not_found
    def no_route(_: NotFoundError) -> Response[str]:
        event = api.current_event
        asked = f"{event.http_method} {event.path[:200]}"
        methods = _methods_of(event.path, known)
        if methods and event.http_method not in methods:  # else an id in the path has an impossible letter
            allowed = ", ".join(methods)
            detail = f"There is no {asked}, only {allowed}."
            return answer_problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed})
        return answer_problem(
            HTTPStatus.NOT_FOUND, f"There is no {asked}; /api/v1/openapi.json lists what there is."
        )


def is_head(event: dict[str, Any]) -> bool:
    """Say whether the request asks for the headers alone."""
    return bool(event["requestContext"]["http"]["method"] == "HEAD")


def as_get(event: dict[str, Any]) -> dict[str, Any]:
    """Return the request as it would be for the whole answer."""
    context = event["requestContext"]
    return {**event, "requestContext": {**context, "http": {**context["http"], "method": "GET"}}}


def without_body(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the headers of the answer alone."""
    return {**answer, "body": "", "isBase64Encoded": False}


def _methods_of(path: str, known: Sequence[tuple[re.Pattern[str], set[str]]]) -> list[str]:
    """Name the methods of a path; none for a path that there is not."""
    found = {method for pattern, methods in known if pattern.fullmatch(path) for method in methods}
    return sorted(found | {"HEAD"} if "GET" in found else found)
